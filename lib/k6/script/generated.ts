/**
 * The script that k6 runs for a scenario without one of its own. One VU is one caller: in its single iteration it walks
 * its part of the plan that the embedded engine walks, the same arrivals at the same moments. k6's execution segments
 * share out VUs, therefore callers, and the parts add up to the whole.
 */

import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import { type Arrival, planArrivals } from '../../load/arrival-plan.ts';
import { createRandom } from '../../time/random.ts';
import { createCaller } from './caller.ts';
import { config, type K6Config } from './config.ts';
import { options as worldOptions } from './options.ts';
import { startOf } from './start.ts';

const load = required();

const callers = load.groups.flatMap((group, index) =>
  Array.from({ length: group.callers }, (_, number) => ({ group: index, number })),
);

/** Of each caller, made once for all VUs: a plan of a hundred thousand arrivals is large. */
const plans = new SharedArray<readonly Arrival[]>('plan', () => {
  const { groups, durationUs, seed } = load;
  const arrivals = planArrivals(groups, durationUs, createRandom(seed).fork('arrivals'));
  const byCaller = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const own = byCaller.get(callerOf(arrival));
    if (own === undefined) byCaller.set(callerOf(arrival), [arrival]);
    else own.push(arrival);
  }
  return callers.map(({ group, number }) => byCaller.get(`${group}/${number}`) ?? []);
});

/** An arrival this late says more about k6 than about the service. The engine's rule. */
const LATEST_START_MS = 1_000;
const LEAD_AND_SLACK_MS = 60_000;

export const options = {
  ...worldOptions(),
  scenarios: {
    callers: {
      executor: 'per-vu-iterations',
      vus: callers.length,
      iterations: 1,
      maxDuration: `${Math.ceil((load.durationUs + load.drainUs) / 1_000) + LEAD_AND_SLACK_MS}ms`,
      gracefulStop: '0s',
    },
  },
  systemTags: [],
  summaryTrendStats: [],
};

export function setup(): { readonly originMs: number } {
  return { originMs: startOf(load) };
}

export default async function callAsPlanned({ originMs }: { readonly originMs: number }): Promise<void> {
  const place = callers[exec.vu.idInTest - 1];
  const group = place === undefined ? undefined : load.groups[place.group];
  if (place === undefined || group === undefined) return;
  const untilMs = originMs + (load.durationUs + load.drainUs) / 1_000;
  const caller = createCaller(group, load.seed, place.group, place.number, { untilMs });
  const plan = plans[exec.vu.idInTest - 1] ?? [];
  await new Promise<void>((resolve) => {
    let left = plan.length;
    let over = false;
    // k6 waits for every timer before it takes an iteration for done.
    let last: ReturnType<typeof setTimeout> | undefined;
    const end = (): void => {
      if (over) return;
      over = true;
      if (last !== undefined) clearTimeout(last);
      caller.end();
      resolve();
    };
    const landed = (): void => {
      left -= 1;
      if (left === 0) end();
    };
    const take = (next: number): void => {
      const arrival = plan[next];
      if (arrival === undefined || over) return;
      const dueMs = originMs + arrival.plannedUs / 1_000;
      setTimeout(
        () => {
          take(next + 1);
          if (over) return;
          const { arrival: number, operation } = arrival;
          const order = { arrival: number, plannedUs: Math.round(dueMs * 1_000), operation };
          if (Date.now() - dueMs > LATEST_START_MS) {
            caller.drop(order, 'GENERATOR_LATE');
            landed();
          } else void caller.call(order).then(landed);
        },
        Math.max(0, dueMs - Date.now()),
      );
    };
    if (left === 0) end();
    else {
      take(0);
      last = setTimeout(end, Math.max(0, untilMs - Date.now()));
    }
  });
}

function callerOf({ group, caller }: Arrival): string {
  return `${group}/${caller}`;
}

function required(): K6Config {
  if (config === undefined)
    throw new Error(
      'this script belongs to a run: REGIONFALL_CONFIG must name the file that says what to call',
    );
  return config;
}
