import { describe, expect, it } from 'vitest';
import type { EventBody } from '../journal/event.ts';
import { actSchema } from '../scenario/act-spec.ts';
import type { CallOutcome } from '../world/prober.ts';
import { type ActOrder, performActs } from './acts.ts';

const at = (name: string, when: string) =>
  actSchema.parse({ name, kind: 'region-switch', at: when, region: 'eu-west-1', active: true });

/** Time passes only where something waits for it. */
function stage(outcome: CallOutcome) {
  let nowUs = 0;
  const journal: EventBody[] = [];
  const orders: ActOrder[] = [];
  return {
    journal,
    orders,
    stage: {
      call: async (_act: unknown, order: ActOrder) => {
        orders.push(order);
        nowUs += 2_000;
        return outcome;
      },
      wait: async (ms: number, signal: AbortSignal) => {
        if (!signal.aborted) nowUs += ms * 1_000;
      },
      clock: () => nowUs,
      originUs: 1_000_000,
      journal: (body: EventBody) => void journal.push(body),
    },
  };
}

describe('the acts of a run', () => {
  it.each([
    [{ observed: 'ok', status: 200, errorCode: '', elapsedMs: 2 }, 'done', ''],
    [{ observed: 'error', status: 403, errorCode: 'AccessDenied', elapsedMs: 2 }, 'refused', 'AccessDenied'],
    [
      { observed: 'refused', status: 0, errorCode: 'ECONNREFUSED', elapsedMs: 2 },
      'unreachable',
      'ECONNREFUSED',
    ],
    [{ observed: 'error', status: 0, errorCode: 'EPROTO', elapsedMs: 2 }, 'unknown', 'EPROTO'],
    [{ observed: 'silent', status: 0, errorCode: 'ETIMEDOUT', elapsedMs: 3_000 }, 'unknown', 'ETIMEDOUT'],
    [{ observed: 'reset', status: 0, errorCode: 'ECONNRESET', elapsedMs: 2 }, 'unknown', 'ECONNRESET'],
  ] as const)('are called at their moment, and told: %j', async (answer, outcome, code) => {
    const world = stage(answer);
    await performActs([at('activate', '5s')], world.stage, new AbortController().signal);
    expect(world.orders).toMatchObject([
      { action: 'RegionfallSetStsRegionStatus', parameters: { Region: 'eu-west-1', Status: 'Active' } },
    ]);
    expect(world.journal).toMatchObject([
      { kind: 'act.performed', act: 'activate', plannedUs: 5_000_000, requestedUs: 6_000_000, outcome, code },
    ]);
  });

  it('are left undone when the run is called off', async () => {
    const world = stage({ observed: 'ok', status: 200, errorCode: '', elapsedMs: 2 });
    await performActs([at('activate', '5s')], world.stage, AbortSignal.abort());
    expect([world.orders, world.journal]).toEqual([[], []]);
  });
});
