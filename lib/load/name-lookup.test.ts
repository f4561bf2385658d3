import type { LookupAddress, LookupOptions } from 'node:dns';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NameTrouble } from './callers-faults.ts';
import { createNameLookup } from './name-lookup.ts';

const HOST = 'sts.eu-west-1.amazonaws.com';

let trouble: NameTrouble | undefined;

beforeEach(() => {
  trouble = undefined;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What the resolver has told so far; empty while it is silent. */
function ask(options: LookupOptions = {}) {
  const told: (NodeJS.ErrnoException | string | LookupAddress[])[] = [];
  const { lookup, cancel } = createNameLookup(() => trouble);
  lookup(HOST, options, (error, address) => told.push(error ?? address));
  return { told, cancel };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the name of an endpoint', () => {
  it('leads to the link, and not within the call', async () => {
    const one = ask();
    const all = ask({ all: true });
    expect(one.told).toEqual([]);
    await turn();
    expect(one.told).toEqual(['127.0.0.1']);
    expect(all.told).toEqual([[{ address: '127.0.0.1', family: 4 }]]);
  });

  it.each([
    ['gone', -3008],
    ['empty', -3007],
  ] as const)('that is %s is not found, in the words of Node', async (kind, errno) => {
    trouble = kind;
    const { told } = ask();
    await turn();
    expect(told).toEqual([
      expect.objectContaining({
        message: `getaddrinfo ENOTFOUND ${HOST}`,
        code: 'ENOTFOUND',
        errno,
        syscall: 'getaddrinfo',
        hostname: HOST,
      }),
    ]);
  });

  it('that nobody answers for is given up after two tries of five seconds', async () => {
    trouble = 'no-answer';
    const { told } = ask();
    await turn();
    vi.advanceTimersByTime(9_999);
    // What is mended after the second question was sent comes too late for it.
    trouble = undefined;
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual([
      expect.objectContaining({ message: `getaddrinfo EAI_AGAIN ${HOST}`, code: 'EAI_AGAIN', errno: -3001 }),
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    [undefined, '127.0.0.1'],
    ['gone', expect.objectContaining({ code: 'ENOTFOUND' })],
  ] as const)('is found by the second try as it is by then: %s', async (later, expected) => {
    trouble = 'no-answer';
    const { told } = ask();
    await turn();
    trouble = later;
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual([expected]);
  });

  it('leaves no timer when nobody waits for it any more', async () => {
    trouble = 'no-answer';
    const { told, cancel } = ask();
    await turn();
    expect(vi.getTimerCount()).toBe(1);
    cancel();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(20_000);
    expect(told).toEqual([]);
  });
});
