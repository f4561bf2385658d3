import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pretend } from '../chaos/pretend.fixture.ts';
import { VIEW } from '../chaos/view.fixture.ts';
import { createHeldFaults } from './held-faults.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LINK = 'eu-west-1->sts.eu-west-1.amazonaws.com';

/** Lets virtual time pass until the promise has settled. */
async function settled<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const outcome = Promise.allSettled([promise]);
  await vi.advanceTimersByTimeAsync(60_000);
  const [result] = await outcome;
  return result;
}

async function value<Value>(promise: Promise<Value>): Promise<Value> {
  const result = await settled(promise);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

describe('a held fault', () => {
  it('that does not bite is an error, and is lifted again', async () => {
    const parts = pretend({ deafLinks: [LINK] });
    const faults = createHeldFaults({ ...parts.options, view: VIEW });
    const result = await settled(faults.hold({ kind: 'silence', region: 'eu-west-1' }));
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'RF-FAULT-TOOTHLESS', message: expect.stringContaining('does not bite') },
    });
    expect(parts.network.size).toBe(0);
  });

  it('outlives its lease for as long as the test holds it, and is lifted once', async () => {
    const parts = pretend();
    const faults = createHeldFaults({ ...parts.options, view: VIEW });
    const fault = await value(faults.hold({ kind: 'refused', region: 'us-east-1' }));
    await vi.advanceTimersByTimeAsync(600_000);
    expect([...parts.network.keys()]).toEqual(['refused-1']);
    await value(fault.lift());
    await value(fault.lift());
    expect(parts.log.filter((line) => line === 'clear refused-1')).toHaveLength(1);
    expect(parts.network.size).toBe(0);
  });

  it('that is lifted and still seen is an error', async () => {
    const parts = pretend();
    const faults = createHeldFaults({ ...parts.options, view: VIEW });
    const fault = await value(faults.hold({ kind: 'refused', region: 'us-east-1' }));
    const held = parts.network.get('refused-1');
    const { clearFault } = parts.options.network;
    vi.spyOn(parts.options.network, 'clearFault').mockImplementation(async (order) => {
      await clearFault(order);
      if (held !== undefined) parts.network.set('stuck', { ...held, untilMs: Number.MAX_SAFE_INTEGER });
    });
    expect(await settled(fault.lift())).toMatchObject({
      status: 'rejected',
      reason: { code: 'RF-FAULT-NOT-HEALED' },
    });
  });

  it('may be lifted before one that came later', async () => {
    const parts = pretend();
    const faults = createHeldFaults({ ...parts.options, view: VIEW });
    const first = await value(faults.hold({ kind: 'slow', region: 'us-east-1', addedMs: 300 }));
    const second = await value(faults.hold({ kind: 'refused', region: 'us-east-1' }));
    await value(first.lift());
    expect([...parts.network.keys()]).toEqual(['refused-1']);
    await value(second.lift());
    expect(parts.events.filter(({ kind }) => kind === 'fault.healed')).toHaveLength(2);
  });

  it('says that it is hidden, where another keeps every request away from it', async () => {
    const parts = pretend();
    const faults = createHeldFaults({ ...parts.options, view: VIEW });
    const outage = await value(faults.hold({ kind: 'refused', region: 'eu-west-1' }));
    const hidden = await value(
      faults.hold({ kind: 'service-error', region: 'eu-west-1', code: 'InternalFailure' }),
    );
    expect([outage.proved, hidden.proved]).toEqual([true, false]);
    await value(faults.end());
  });

  it('ends with the world, in the reverse order, whoever forgot it', async () => {
    const parts = pretend();
    const faults = createHeldFaults({ ...parts.options, view: VIEW });
    await value(faults.hold({ kind: 'refused', region: 'us-east-1' }));
    await value(faults.hold({ kind: 'refused', region: 'eu-west-1' }));
    await value(faults.end());
    expect(parts.log.filter((line) => line.startsWith('clear'))).toEqual([
      'clear refused-2',
      'clear refused-1',
    ]);
    expect(await settled(faults.hold({ kind: 'refused', region: 'us-east-1' }))).toMatchObject({
      status: 'rejected',
      reason: { code: 'RF-WORLD-ENDED' },
    });
  });

  it('cannot be had of a control that fails, and the world says why from then on', async () => {
    const parts = pretend();
    vi.spyOn(parts.options.network, 'setFault').mockRejectedValue(new Error('the network process ended'));
    const faults = createHeldFaults({ ...parts.options, view: VIEW });
    for (const _ of [1, 2]) {
      expect(await settled(faults.hold({ kind: 'refused', region: 'us-east-1' }))).toMatchObject({
        status: 'rejected',
        reason: { code: 'RF-WORLD-ENDED', message: expect.stringContaining('the network process ended') },
      });
    }
    expect(parts.log).toContain('clear refused-1');
  });
});
