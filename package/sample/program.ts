/** A user's program: all that the main entry offers, by its types. */

import {
  type ExpectationResult,
  type LoadedScenario,
  loadScenario,
  makeReport,
  openWorld,
  RegionfallError,
  type RunResult,
  runScenario,
  type Verdict,
  type World,
} from 'regionfall';
import { startWorld, type TestFault, type TestWorld } from 'regionfall/testing';

export type All = [ExpectationResult, LoadedScenario, RunResult, Verdict, World];
export const all: readonly unknown[] = [loadScenario, makeReport, openWorld, RegionfallError, runScenario];

/** A test's use of a world, by its types. */
export async function useTestWorld(): Promise<string> {
  const world: TestWorld = await startWorld({ regions: ['eu-west-1', 'eu-central-1'] });
  const silence: TestFault = { kind: 'silence', region: 'eu-west-1' };
  const fault = await world.fault(silence);
  await fault.lift();
  await world[Symbol.asyncDispose]();
  return world.clientConfig('eu-west-1').region;
}
