import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FaultInput } from './fault-kinds.ts';
import { createInjector } from './injector.ts';
import { outcomes, pretend, timelineFor } from './pretend.fixture.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const target = { endpoint: 'eu-west-1' };
const SECOND_US = 1_000_000;

describe('a fault that grows', () => {
  const growing: FaultInput = {
    kind: 'slow',
    name: 'brown-out',
    target,
    addedMs: 400,
    at: '5s',
    for: '20s',
    ramp: '2s',
  };

  test('gets the same orders again at growing strength, and is proved when it has all of it', async () => {
    const pretended = pretend();
    const { network } = pretended.options;
    const given: [ms: number, addedMs: number][] = [];
    const options = {
      ...pretended.options,
      network: {
        ...network,
        setFault: async (fault: Parameters<typeof network.setFault>[0]) => {
          expect(fault.id).toBe('brown-out');
          if (fault.effect.kind === 'slow' && fault.effect.delay.kind === 'fixed')
            given.push([Date.now(), fault.effect.delay.addedMs]);
          await network.setFault(fault);
        },
      },
    };
    expect(await outcomes({ options }, [growing])).toEqual([['brown-out', true, true]]);
    expect(given).toEqual([
      ...Array.from({ length: 8 }, (_, step) => [5_000 + step * 250, 25 + step * 50]),
      [7_000, 400],
    ]);
    const planned = pretended.events.find((event) => event.kind === 'fault.planned');
    expect(planned).toMatchObject({ fromUs: 5 * SECOND_US, fullUs: 7 * SECOND_US });
    const bite = pretended.events.find((event) => event.kind === 'fault.probed' && event.phase === 'during');
    expect(bite?.atUs).toBeGreaterThan(7 * SECOND_US);
  });

  test('gets all of its strength also when the time for it comes while a lesser order is under way', async () => {
    const pretended = pretend();
    const { network } = pretended.options;
    const options = {
      ...pretended.options,
      network: {
        ...network,
        setFault: async (fault: Parameters<typeof network.setFault>[0]) => {
          await new Promise((resolve) => setTimeout(resolve, 170));
          await network.setFault(fault);
        },
      },
    };
    expect(await outcomes({ options }, [{ ...growing, ramp: '1900ms' }])).toEqual([
      ['brown-out', true, true],
    ]);
    const bite = pretended.events.find((event) => event.kind === 'fault.probed' && event.phase === 'during');
    // Three round trips of 400 ms.
    expect(bite).toMatchObject({ probes: [{ elapsedMs: 1_210 }, { elapsedMs: 1_210 }] });
  });

  test('is not applied again by an order that was under way when it was lifted', async () => {
    const pretended = pretend();
    const { network } = pretended.options;
    const options = {
      ...pretended.options,
      network: {
        ...network,
        setFault: async (fault: Parameters<typeof network.setFault>[0]) => {
          await new Promise((resolve) => setTimeout(resolve, 200));
          await network.setFault(fault);
        },
      },
    };
    const abort = new AbortController();
    const run = createInjector(options).run(timelineFor([growing]), 0, abort.signal);
    await vi.advanceTimersByTimeAsync(6_050);
    abort.abort();
    await vi.advanceTimersByTimeAsync(10_000);
    await run;
    expect(pretended.network.size).toBe(0);
    expect(pretended.log.filter((line) => line.startsWith('clear'))).toEqual(['clear brown-out']);
  });

  test('ends the walk when a control fails while it grows', async () => {
    const pretended = pretend();
    const { network } = pretended.options;
    let orders = 0;
    const options = {
      ...pretended.options,
      network: {
        ...network,
        setFault: async (fault: Parameters<typeof network.setFault>[0]) => {
          orders += 1;
          if (orders === 4) throw new Error('the fourth did not work');
          await network.setFault(fault);
        },
      },
    };
    await expect(outcomes({ options }, [growing])).rejects.toThrow('the fourth did not work');
    expect(pretended.network.size).toBe(0);
  });
});
