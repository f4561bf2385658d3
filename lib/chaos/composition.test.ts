import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FaultInput } from './fault-kinds.ts';
import { outcomes, type Pretended, pretend } from './pretend.fixture.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const target = { endpoint: 'eu-west-1' };
const region = { region: 'eu-west-1' };
const SECOND_US = 1_000_000;

/** A network that confirms every order and does not carry out those of one fault. */
function deafTo(name: string): Pretended {
  const pretended = pretend();
  const { network } = pretended.options;
  return {
    ...pretended,
    options: {
      ...pretended.options,
      network: {
        ...network,
        setFault: async (fault) => {
          await network.setFault(fault.id === name ? { ...fault, links: [] } : fault);
        },
      },
    },
  };
}

describe('faults on one path at once', () => {
  test('are each seen: a fault that another hides shows itself when that is lifted', async () => {
    const pretended = pretend();
    const seen = await outcomes(pretended, [
      { kind: 'refused', name: 'gone', target, at: '5s', for: '10s' },
      { kind: 'silence', name: 'hush', target, at: '6s', for: '20s' },
    ]);
    expect(seen).toEqual([
      ['gone', true, true],
      ['hush', true, true],
    ]);
    const looks = pretended.events.filter((event) => event.kind === 'fault.probed' && event.fault === 'hush');
    expect(looks.map((event) => 'phase' in event && [event.phase, event.proved])).toEqual([
      ['before', true],
      ['during', false],
      ['during', true],
      ['after', true],
    ]);
    expect(looks[2]?.atUs).toBeGreaterThan(15 * SECOND_US);
  });

  test('are not seen where one hides the other all the while', async () => {
    const seen = await outcomes(pretend(), [
      { kind: 'refused', name: 'gone', target, at: '5s', for: '20s' },
      { kind: 'silence', name: 'hush', target, at: '6s', for: '10s' },
    ]);
    expect(seen).toEqual([
      ['gone', true, true],
      ['hush', false, true],
    ]);
  });

  test('do not make a later one unprovable by spoiling its look at the healthy path', async () => {
    // It begins in the middle of a refusal, and "slower" needs to know what healthy is.
    const seen = await outcomes(pretend(), [
      { kind: 'refused', name: 'gone', target, at: '5s', for: '7s' },
      { kind: 'slow', name: 'late', target, addedMs: 100, at: '8s', for: '20s' },
    ]);
    expect(seen).toEqual([
      ['gone', true, true],
      ['late', true, true],
    ]);
  });

  test('leave a later one to be looked at when they have healed, and not only when they are lifted', async () => {
    const pretended = pretend();
    const { service } = pretended.options;
    const options = {
      ...pretended.options,
      service: {
        ...service,
        // As a change of an account: undone at once, and known in the Region two seconds later.
        clearFault: async (fault: { readonly id: string }) => {
          setTimeout(() => void service.clearFault(fault), 2_000);
        },
      },
    };
    await outcomes({ options }, [
      { kind: 'region-deactivated', name: 'off', target: region, at: '5s', for: '5s' },
      { kind: 'refused', name: 'gone', target, at: '13s', for: '5s' },
    ]);
    const looks = pretended.events.flatMap((event) =>
      event.kind === 'fault.probed' && event.fault === 'gone' && event.phase === 'before' ? [event] : [],
    );
    expect(looks).toMatchObject([{ proved: true }]);
    expect(looks[0]?.atUs).toBeGreaterThan(12 * SECOND_US);
  });

  test('give a later one the time that their undoing may take before they call it toothless', async () => {
    const pretended = pretend();
    const { network } = pretended.options;
    const options = {
      ...pretended.options,
      network: {
        ...network,
        clearFault: async (fault: { readonly id: string }) => {
          setTimeout(() => void network.clearFault(fault), 4_000);
        },
      },
    };
    const seen = await outcomes({ options }, [
      { kind: 'silence', name: 'hush', target, connections: { share: 0.5 }, at: '5s', for: '5s' },
      { kind: 'reset', name: 'reset', target, at: '10100ms', for: '10s' },
    ]);
    expect(seen).toContainEqual(['reset', true, true]);
  });

  test('of the network and of the service are seen side by side: an error may come late', async () => {
    const seen = await outcomes(pretend(), [
      {
        kind: 'service-error',
        name: 'errors',
        target: region,
        code: 'InternalFailure',
        at: '5s',
        for: '20s',
      },
      { kind: 'slow', name: 'late', target, addedMs: 100, at: '9s', for: '10s' },
    ]);
    expect(seen).toEqual([
      ['errors', true, true],
      ['late', true, true],
    ]);
  });

  test('that answer with different errors are each seen, of which the later one wins', async () => {
    const seen = await outcomes(pretend(), [
      { kind: 'service-error', name: 'one', target: region, code: 'InternalFailure', at: '5s', for: '20s' },
      { kind: 'service-error', name: 'two', target: region, code: 'Throttling', at: '9s', for: '5s' },
    ]);
    expect(seen).toEqual([
      ['one', true, true],
      ['two', true, true],
    ]);
  });

  const slows: readonly FaultInput[] = [
    { kind: 'slow', name: 'first', target, addedMs: 200, at: '5s', for: '30s' },
    { kind: 'slow', name: 'second', target, addedMs: 100, at: '10s', for: '10s' },
  ];

  test('that both slow the path down add up, and each is seen by what it adds', async () => {
    expect(await outcomes(pretend(), slows)).toEqual([
      ['first', true, true],
      ['second', true, true],
    ]);
  });

  test.for([
    ['first', false, true],
    ['second', true, false],
  ] as const)('do not lend each other their teeth: without %s', async ([name, first, second]) => {
    expect(await outcomes(deafTo(name), slows)).toEqual([
      ['first', first, true],
      ['second', second, true],
    ]);
  });

  test('heal each when the last of them is gone, and a delay that stays is not taken for health', async () => {
    const pretended = pretend();
    const { network } = pretended.options;
    const options = {
      ...pretended.options,
      network: {
        ...network,
        clearFault: async (fault: { readonly id: string }) => {
          // The second is confirmed to be gone and stays, under a lease that nobody lets end.
          if (fault.id === 'second') Object.assign(pretended.network.get('second') ?? {}, { untilMs: 1e9 });
          else await network.clearFault(fault);
        },
      },
    };
    expect(await outcomes({ options }, slows)).toEqual([
      ['first', true, false],
      ['second', true, false],
    ]);
  });
});

describe('a relapse', () => {
  test('is a fault of its own, and does not count as harm that the first wave left behind', async () => {
    const pretended = pretend();
    // The shape of October 2025: new connections fail in two waves while old ones live on.
    const seen = await outcomes(pretended, [
      {
        kind: 'unreachable',
        name: 'outage',
        target: region,
        connections: { which: 'new' },
        at: '5s',
        for: '4s',
        // So soon that the first wave cannot be seen to have healed in between.
        repeat: { times: 3, every: '4001ms' },
      },
    ]);
    expect(seen).toEqual([
      ['outage', true, true],
      ['outage/2', true, true],
      ['outage/3', true, true],
    ]);
    const sets = pretended.log.filter((line) => /^(set|clear) /.test(line));
    expect(sets).toEqual(
      ['outage', 'outage/2', 'outage/3'].flatMap((name) => [`set ${name}`, `clear ${name}`]),
    );
    for (const event of pretended.events)
      if (event.kind === 'fault.probed' && event.phase === 'after') expect(event.proved).toBe(true);
  });
});

describe('a group', () => {
  test('is applied part by part, lifted in reverse order, and tells of each part which group it is of', async () => {
    const pretended = pretend();
    const seen = await outcomes(pretended, [
      {
        kind: 'group',
        name: 'outage',
        at: '5s',
        for: '20s',
        parts: [
          { kind: 'control-plane-down' },
          { kind: 'service-error', target: region, code: 'InternalFailure' },
          { kind: 'slow', target: region, addedMs: 50, after: '4s' },
        ],
      },
    ]);
    expect(seen.map(([name]) => name)).toEqual([
      'outage/control-plane-down',
      'outage/service-error',
      'outage/slow',
    ]);
    expect(pretended.log.filter((line) => line.startsWith('clear'))).toEqual([
      'clear outage/slow',
      'clear outage/service-error',
      'clear outage/control-plane-down',
    ]);
    const planned = pretended.events.filter((event) => event.kind === 'fault.planned');
    expect(planned.map(({ group }) => group)).toEqual(['outage', 'outage', 'outage']);
  });
});
