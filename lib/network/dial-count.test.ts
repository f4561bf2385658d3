import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDialCount, type Dial } from './dial-count.ts';

function dialled(...targets: readonly string[]): readonly Dial[] {
  const dials = createDialCount();
  for (const target of targets) dials.count(target);
  return dials.all();
}

describe('what an edge was asked for', () => {
  it('is counted by host and port, as the program wrote them', () => {
    expect(dialled('sts.amazonaws.com:443', 'STS.amazonaws.com:443', 'sts.amazonaws.com:443')).toEqual([
      { host: 'sts.amazonaws.com', port: 443, times: 2 },
      { host: 'STS.amazonaws.com', port: 443, times: 1 },
    ]);
  });

  it.each([
    ['http://example.com/a?b:c', { host: 'example.com', port: 80 }],
    ['http://user:word@example.com:8080/', { host: 'example.com', port: 8080 }],
    ['HTTP://example.com', { host: 'example.com', port: 80 }],
    ['[::1]:443', { host: '::1', port: 443 }],
    ['example.com', { host: 'example.com', port: 0 }],
  ])('understands %s', (target, place) => {
    expect(dialled(target)).toEqual([{ ...place, times: 1 }]);
  });

  it('leaves out what was asked of the edge itself', () => {
    expect(dialled('/', '/connects', '')).toEqual([]);
  });

  it('keeps a thousand apart, and one count of all others', () => {
    const targets = Array.from({ length: 1_200 }, (_, index) => `h${index}:443`);
    const dials = dialled(...targets, 'h0:443');
    expect(dials).toHaveLength(1_001);
    expect(dials.at(0)).toEqual({ host: 'h0', port: 443, times: 2 });
    expect(dials.at(-1)).toEqual({ host: '', port: 0, times: 200 });
  });

  it('never fails, and forgets nothing, whatever it is asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom(...'a:/[]@.1?# ') })), (targets) => {
        const asked = targets.filter((target) => target !== '' && !target.startsWith('/'));
        const total = dialled(...targets).reduce((sum, { times }) => sum + times, 0);
        expect(total).toBe(asked.length);
      }),
    );
  });
});
