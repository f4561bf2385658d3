import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ProbeResult } from './control.ts';
import type { FaultInput } from './fault-kinds.ts';
import { createInjector } from './injector.ts';
import { LEASE_MS } from './orders.ts';
import { pretend, timelineFor } from './pretend.fixture.ts';

const SECOND_US = 1_000_000;
const EU = 'eu-west-1->sts.eu-west-1.amazonaws.com';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const outage: FaultInput = {
  kind: 'refused',
  name: 'outage',
  target: { region: 'eu-west-1' },
  at: '5s',
  for: '30s',
};

/** Runs the walk to its end in virtual time. */
async function walked<Value>(run: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const settled = Promise.allSettled([run]);
  await vi.advanceTimersByTimeAsync(90_000);
  return (await settled)[0] as PromiseSettledResult<Value>;
}

const never = new AbortController().signal;

describe('the injector', () => {
  test('journals a fault before touching anything, applies it on time, proves it, lifts it and proves it healed', async () => {
    const { options, log, events } = pretend();
    const result = await walked(createInjector(options).run(timelineFor([outage]), 0, never));
    expect(result).toEqual({ status: 'fulfilled', value: [{ name: 'outage', proved: true, healed: true }] });
    expect(log).toEqual([
      'fault.planned outage',
      'fault.probed outage',
      'watch outage',
      'set outage',
      'fault.applied outage',
      'fault.probed outage',
      'clear outage',
      'fault.lifted outage',
      'unwatch outage',
      'fault.probed outage',
      'fault.healed outage',
    ]);
    const probed = events.filter((event) => event.kind === 'fault.probed');
    expect(probed.map(({ phase, proved }) => [phase, proved])).toEqual([
      ['before', true],
      ['during', true],
      ['after', true],
    ]);
    expect(probed[1]?.probes[0]).toMatchObject({ link: EU, expected: 'refused', observed: 'refused' });
    const time = (kind: string) => events.find((event) => event.kind === kind)?.atUs;
    expect(time('fault.applied')).toBe(5 * SECOND_US);
    expect(time('fault.lifted')).toBe(35 * SECOND_US);
  });

  test('keeps the lease of a fault that lasts longer than one', async () => {
    const { options, network: effects } = pretend();
    const run = createInjector(options).run(timelineFor([outage]), 0, never);
    await vi.advanceTimersByTimeAsync(34_000);
    expect(effects.get('outage')?.untilMs).toBeGreaterThan(34_000 + LEASE_MS - 2_001);
    expect((await walked(run)).status).toBe('fulfilled');
  });

  test.each<FaultInput>([
    { kind: 'silence', name: 'f', target: { endpoint: 'global' }, at: '3s', for: '8s' },
    { kind: 'slow', name: 'f', target: { location: 'us-east-1' }, addedMs: 200, at: '3s', for: '8s' },
    { kind: 'region-deactivated', name: 'f', target: { region: 'eu-west-1' }, at: '0s', for: '25s' },
  ])('proves and heals $kind', async (fault) => {
    const { options, service: off } = pretend();
    const result = await walked(createInjector(options).run(timelineFor([fault]), 0, never));
    expect(result).toEqual({ status: 'fulfilled', value: [{ name: 'f', proved: true, healed: true }] });
    expect(off.size).toBe(0);
  });

  test('says that a fault did not bite when one link of many stayed deaf to it', async () => {
    const { options, events } = pretend({ deafLinks: [EU] });
    const result = await walked(createInjector(options).run(timelineFor([outage]), 0, never));
    expect(result).toMatchObject({ value: [{ proved: false, healed: true }] });
    const during = events.find((event) => event.kind === 'fault.probed' && event.phase === 'during');
    expect(during).toMatchObject({ proved: false });
    expect(during?.atUs).toBeLessThan(9 * SECOND_US);
  });

  test('says that a path did not heal when it stays broken', async () => {
    const { options } = pretend();
    const stuck = {
      ...options,
      network: { ...options.network, clearFault: async () => {}, renewFault: async () => {} },
    };
    const fault: FaultInput = { ...outage, at: '5s', for: '2s' };
    const result = await walked(createInjector(stuck).run(timelineFor([fault]), 0, never));
    // The lease ends it in the end, though later than the deadline for healing.
    expect(result).toMatchObject({ value: [{ proved: true, healed: false }] });
  });

  test('lifts everything in reverse order and rethrows the first error when a control fails', async () => {
    const { options, log, network: effects } = pretend();
    const network = {
      ...options.network,
      setFault: async (fault: Parameters<typeof options.network.setFault>[0]) => {
        await options.network.setFault(fault);
        if (fault.id === 'third') throw new Error('the third did not work');
      },
      clearFault: async (fault: { readonly id: string }) => {
        await options.network.clearFault(fault);
        if (fault.id === 'first') throw new Error('lifting the first did not work either');
      },
    };
    const faults = ['first', 'second', 'third'].map(
      (name, index): FaultInput => ({
        ...outage,
        name,
        at: `${5 + index}s`,
        target: { location: 'us-east-1' },
      }),
    );
    const injector = createInjector({ ...options, network });
    const result = await walked(injector.run(timelineFor(faults), 0, never));
    expect(result).toMatchObject({ status: 'rejected', reason: { message: 'the third did not work' } });
    expect(log.filter((line) => line.startsWith('clear'))).toEqual([
      'clear third',
      'clear second',
      'clear first',
    ]);
    expect(effects.size).toBe(0);
    expect((await injector.liftAll()).map((error) => error.message)).toEqual([
      'lifting the first did not work either',
    ]);
  });

  test('lifts when a lease can no longer be renewed', async () => {
    const { options, log } = pretend();
    const network = {
      ...options.network,
      renewFault: async () => {
        throw new Error('the network has ended');
      },
    };
    const result = await walked(createInjector({ ...options, network }).run(timelineFor([outage]), 0, never));
    expect(result).toMatchObject({ status: 'rejected', reason: { message: 'the network has ended' } });
    expect(log).toContain('clear outage');
  });

  test('says so when a fault had ended before it was lifted, as by an administrator', async () => {
    const { options, service: off } = pretend();
    const fault: FaultInput = {
      kind: 'region-deactivated',
      name: 'off',
      target: { region: 'eu-west-1' },
      at: '1s',
      for: '25s',
    };
    const run = createInjector(options).run(timelineFor([fault]), 0, never);
    await vi.advanceTimersByTimeAsync(5_000);
    off.clear();
    const result = await walked(run);
    expect(result).toMatchObject({ status: 'rejected', reason: { message: /had ended before/ } });
  });

  test('touches nothing when the journal cannot be written', async () => {
    const { options, log } = pretend();
    const journal = (): void => {
      throw new Error('disk full');
    };
    const result = await walked(createInjector({ ...options, journal }).run(timelineFor([outage]), 0, never));
    expect(result).toMatchObject({ status: 'rejected', reason: { message: 'disk full' } });
    expect(log).toEqual([]);
  });

  test('lifts at once and in reverse order when the signal fires, and looks whether it healed', async () => {
    const { options, log, events } = pretend();
    const abort = new AbortController();
    const other: FaultInput = {
      kind: 'silence',
      name: 'hush',
      target: { endpoint: 'us-east-1' },
      at: '6s',
      for: '20s',
    };
    const run = createInjector(options).run(timelineFor([outage, other]), 0, abort.signal);
    await vi.advanceTimersByTimeAsync(6_100);
    abort.abort();
    const result = await walked(run);
    expect(log.filter((line) => line.startsWith('clear'))).toEqual(['clear hush', 'clear outage']);
    const healed = events.filter((event) => event.kind === 'fault.healed');
    expect(healed.map((event) => event.healed)).toEqual([true, true]);
    expect(Math.max(...healed.map((event) => event.atUs))).toBeLessThan(8.1 * SECOND_US);
    // The second was called off before it could show itself.
    expect(result).toMatchObject({ value: [{ proved: true }, { proved: false }] });
  });

  test('lifts all on demand, and a second time does nothing', async () => {
    const { options, log, network: effects } = pretend();
    const injector = createInjector(options);
    const run = walked(injector.run(timelineFor([outage]), 0, never));
    await vi.advanceTimersByTimeAsync(7_000);
    const lifted = injector.liftAll();
    await run;
    expect(await lifted).toEqual([]);
    expect(await injector.liftAll()).toEqual([]);
    expect(effects.size).toBe(0);
    expect(log.filter((line) => line === 'clear outage')).toHaveLength(1);
  });

  test('waits with the proof of healing until a second fault on the same link is gone', async () => {
    const { options, events } = pretend();
    const longer: FaultInput = { ...outage, kind: 'refused', name: 'longer', at: '6s', for: '40s' };
    const result = await walked(createInjector(options).run(timelineFor([outage, longer]), 0, never));
    expect(result).toMatchObject({ value: [{ healed: true }, { healed: true }] });
    const healed = events.find((event) => event.kind === 'fault.healed' && event.fault === 'outage');
    expect(healed?.atUs).toBeGreaterThanOrEqual(46 * SECOND_US);
  });

  test('does not hang on a prober that does', async () => {
    const { options } = pretend();
    const prober = { probe: () => new Promise<ProbeResult>(() => {}) };
    const result = await walked(createInjector({ ...options, prober }).run(timelineFor([outage]), 0, never));
    expect(result).toMatchObject({ value: [{ proved: false, healed: false }] });
  });
});
