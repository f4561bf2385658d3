/**
 * A whole run, small: a scenario of a few seconds through the real processes, in a folder of its own that goes away
 * with the test. A story states only what differs from the usual outage.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { JournalEvent } from '../lib/journal/event.ts';
import { readEvents, readSamples, readServiceRecords } from '../lib/journal/reader.ts';
import { RUN_FILES } from '../lib/journal/run-folder.ts';
import type { ServiceTable } from '../lib/journal/sample-table.ts';
import { type History, historyOf } from '../lib/measure/history.ts';
import { type RunOptions, type RunResult, runScenario } from '../lib/run/run-scenario.ts';
import { loadScenario } from '../lib/scenario/load-scenario.ts';
import type { ScenarioInput } from '../lib/scenario/schema.ts';

export type StoryOptions = Partial<Omit<RunOptions, 'scenario' | 'outDir'>> & {
  readonly scenario: ScenarioInput;
};

export interface Story extends RunResult {
  readonly events: readonly JournalEvent[];
  readonly history: History;
  readonly service: ServiceTable;
}

/** A folder that is removed when the test ends. */
export function temporaryFolder(name = 'story'): string {
  const folder = mkdtempSync(join(tmpdir(), `regionfall-${name}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The scenario as a file, for stories told through the command line. */
export function scenarioFile(scenario: unknown, folder = temporaryFolder('scenario')): string {
  const path = join(folder, 'story.scenario.json');
  writeFileSync(path, JSON.stringify(scenario));
  return path;
}

/**
 * A machine that stalls for a second saturates the generator, and the run rightly says that it proves nothing: then
 * the story is told again, so that it is judged on a run that counts. Every other verdict stands as it came.
 */
export async function tell(options: StoryOptions): Promise<Story> {
  for (let left = TELLINGS; ; left -= 1) {
    const story = await tellOnce(options);
    if (left === 1 || !saturated(story.json.reasons)) return story;
  }
}

const TELLINGS = 3;

export function saturated(reasons: readonly string[]): boolean {
  return reasons.some((reason) => reason.startsWith('The generator was saturated'));
}

async function tellOnce({ scenario, ...options }: StoryOptions): Promise<Story> {
  const outDir = temporaryFolder();
  const result = await runScenario({
    scenario: await loadScenario(scenarioFile(scenario)),
    seed: 7,
    engine: 'embedded',
    network: 'embedded',
    withoutFaults: false,
    signal: new AbortController().signal,
    ...options,
    outDir,
  });
  const events = readEvents(join(result.folder, RUN_FILES.events));
  return {
    ...result,
    events,
    history: historyOf(events, readSamples(join(result.folder, RUN_FILES.samples))),
    service: readServiceRecords(join(result.folder, RUN_FILES.service)),
  };
}

/**
 * Two seconds of outage in five of load: callers in eu-west-1 that know a way out to eu-central-1, and a group in
 * eu-central-1 that should not notice.
 */
export function shortOutage(changes: Partial<ScenarioInput> = {}): ScenarioInput {
  return {
    name: 'short-outage',
    question: 'Are callers in eu-west-1 served elsewhere while their Region is gone?',
    regions: ['eu-west-1', 'eu-central-1'],
    load: {
      duration: '6s',
      drain: '2s',
      groups: [
        {
          name: 'app',
          location: 'eu-west-1',
          callers: 4,
          ratePerSecond: 60,
          operations: { AssumeRole: 3, GetCallerIdentity: 1 },
          policy: {
            kind: 'ordered',
            endpoints: ['eu-west-1', 'eu-central-1'],
            attemptTimeLimitMs: 1_000,
            failBackAfterMs: 400,
          },
        },
        {
          name: 'control',
          location: 'eu-central-1',
          callers: 2,
          ratePerSecond: 20,
          operations: { AssumeRole: 1 },
          policy: { kind: 'pinned', endpoint: 'eu-central-1', attemptTimeLimitMs: 1_000 },
        },
      ],
    },
    faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '2s', for: '2s' }],
    expect: [
      {
        name: 'served elsewhere',
        kind: 'recovery',
        fault: 'outage',
        group: 'app',
        milestone: 'failedOver',
        within: '2s',
      },
      {
        name: 'home again',
        kind: 'recovery',
        fault: 'outage',
        group: 'app',
        milestone: 'failedBack',
        within: '2s',
      },
      { name: 'hardly anything lost', kind: 'success-ratio', group: 'app', phase: 'during', atLeast: 0.9 },
    ],
    ...changes,
  };
}
