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

export type All = [ExpectationResult, LoadedScenario, RunResult, Verdict, World];
export const all: readonly unknown[] = [loadScenario, makeReport, openWorld, RegionfallError, runScenario];
