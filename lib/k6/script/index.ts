/**
 * `regionfall/k6`: what a k6 script imports to call STS as Regionfall's own callers do, by a failover policy, signed,
 * and seen attempt by attempt in the run's report. The same script runs under `regionfall run` and, bundled by
 * `regionfall k6 bundle`, under plain `k6 run`.
 */

import exec from 'k6/execution';
import { type CallResult, createCaller } from './caller.ts';
import { config, type GroupOptions, groupOf, type K6Operation } from './config.ts';
import { phase } from './phase.ts';
import { plannedUsOf } from './planned.ts';

export type { CallResult } from './caller.ts';
export type { GroupOptions, K6Operation } from './config.ts';
export { options, type WorldOptions } from './options.ts';
export { phase } from './phase.ts';
export { type Signable, type SigningScope, signed } from './sign.ts';

export interface ScriptCaller {
  assumeRole(parameters?: Readonly<Record<string, string>>): Promise<CallResult>;
  /** @param parameters Of the operation, by their names in the API. */
  call(operation: K6Operation, parameters?: Readonly<Record<string, string>>): Promise<CallResult>;
}

/** More than a VU makes, and few enough for their numbers to be exact. */
const CALLS_OF_A_VU = 100_000_000;

/**
 * A caller of this VU. `wanted` is the name of a group of the scenario, or says what the group is like where there is
 * no scenario. @throws without a world, and for a group that the scenario does not have.
 */
export function caller(wanted: string | GroupOptions): ScriptCaller {
  const group = groupOf(wanted);
  const index = Math.max(0, config?.groups.indexOf(group) ?? 0);
  // In the init context there is no number yet: made at the first call.
  let calls = 0;
  let made: ReturnType<typeof createCaller> | undefined;
  const call: ScriptCaller['call'] = (operation, parameters) => {
    // `setup` and `teardown` are VU 0.
    const number = Math.max(0, exec.vu.idInTest - 1) % group.callers;
    made ??= createCaller(group, config?.seed ?? 0, index, number, { phase });
    calls += 1;
    const plan = {
      arrival: -(exec.vu.idInTest * CALLS_OF_A_VU + calls),
      plannedUs: plannedUsOf(),
      operation,
    };
    return made.call(parameters === undefined ? plan : { ...plan, parameters });
  };
  return { call, assumeRole: (parameters) => call('AssumeRole', parameters) };
}
