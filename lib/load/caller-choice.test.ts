import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isChosen } from './caller-choice.ts';

const CALLER = { name: 'web-1', group: 'web', location: 'eu-west-1' };
const CALLERS = Array.from({ length: 1_000 }, (_, index) => ({ ...CALLER, name: `web-${index + 1}` }));

describe('a choice of callers', () => {
  it.each([
    ['nothing narrows', { share: 1 }, true],
    ['the location is theirs', { locations: ['us-east-1', 'eu-west-1'], share: 1 }, true],
    ['the location is another', { locations: ['us-east-1'], share: 1 }, false],
    ['the group is theirs', { groups: ['web'], share: 1 }, true],
    ['the group is another', { groups: ['batch'], share: 1 }, false],
    ['only one of both is theirs', { groups: ['web'], locations: ['us-east-1'], share: 1 }, false],
  ])('hits or spares a caller when %s', (_, choice, chosen) => {
    expect(isChosen(choice, 1, CALLER)).toBe(chosen);
  });

  it('draws about its share of them, others with another seed', () => {
    const drawn = (seed: number) => CALLERS.filter((caller) => isChosen({ share: 0.3 }, seed, caller));
    // Four standard deviations on either side; the seed is fixed.
    expect(Math.abs(drawn(7).length - 300)).toBeLessThan(60);
    expect(drawn(8)).not.toEqual(drawn(7));
  });

  it('lets nobody go when its share grows', () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.integer(), fc.nat(999), (one, other, seed, index) => {
        const caller = { ...CALLER, name: `web-${index}` };
        const less = isChosen({ share: Math.min(one, other) }, seed, caller);
        const more = isChosen({ share: Math.max(one, other) }, seed, caller);
        expect(!less || more).toBe(true);
      }),
    );
  });
});
