/** What a program may import from Regionfall, name by name. Everything else may move. */

// Declarations below name what only Node has, and who imports them need not know that.
/// <reference types="node" preserve="true" />
/// <reference lib="esnext.disposable" preserve="true" />

export { RegionfallError } from './errors/regionfall-error.ts';
export type { JournalEvent } from './journal/event.ts';
export type { Outcome, Sample, ServiceRecord } from './journal/sample.ts';
export type { Milestone } from './measure/milestones.ts';
export type { ExpectationResult, Verdict } from './measure/verdict.ts';
export { makeReport } from './run/make-report.ts';
export type { RunJson } from './run/run-json.ts';
export { type RunOptions, type RunResult, runScenario } from './run/run-scenario.ts';
export { type LoadedScenario, loadScenario, loadScenarios } from './scenario/load-scenario.ts';
export { defineScenario, type Scenario, type ScenarioInput } from './scenario/schema.ts';
export { openWorld, type World, type WorldOptions } from './world/local-world.ts';
