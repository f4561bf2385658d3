/**
 * From a run's folder to its verdict and reports: reads history, computes, writes. Needs nothing but the folder, so a
 * report can be made again years later.
 */

import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderJunit } from '../../reports/page/junit.ts';
import { renderMarkdown } from '../../reports/page/markdown.ts';
import { renderReport } from '../../reports/page/render.ts';
import { reportJson } from '../../reports/page/report-json.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import { writeManifest } from '../journal/manifest.ts';
import {
  decodeSamples,
  decodeServiceRecords,
  readEvents,
  readSamples,
  readServiceRecords,
} from '../journal/reader.ts';
import { openRunFolder, RUN_FILES } from '../journal/run-folder.ts';
import { needsFault } from '../measure/expectation.ts';
import { type History, historyOf } from '../measure/history.ts';
import { milestonesOf } from '../measure/milestones.ts';
import { type Judgement, judge } from '../measure/verdict.ts';
import { explainDiskTrouble } from './disk-trouble.ts';
import type { RunJson } from './run-json.ts';
import { parseScenarioRecord, type ScenarioRecord } from './scenario-record.ts';

export const REPORT_FORMATS = ['html', 'json', 'md', 'junit'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const FILE_OF_FORMAT = {
  html: RUN_FILES.reportHtml,
  json: RUN_FILES.reportJson,
  md: 'report.md',
  junit: 'report.junit.xml',
} as const;

export interface MadeReport {
  /** Paths of what was written, by format. */
  readonly paths: Readonly<Partial<Record<ReportFormat, string>>>;
  readonly json: RunJson;
}

interface Evidence {
  readonly record: ScenarioRecord;
  readonly history: History;
  readonly judged: Judgement;
  readonly serviceRows: number;
}

/**
 * Writes the reports of a run into its folder. A complete folder is sealed again with what was added; a partial one
 * stays partial.
 * @param sealing The run itself has just ended in order and its folder is to be sealed for the first time.
 * @throws UsageError when the folder holds no run, EnvironmentError when it cannot be written.
 */
export async function makeReport(
  folder: string,
  formats: readonly ReportFormat[],
  sealing = false,
): Promise<MadeReport> {
  const opened = await openRunFolder(folder);
  const evidence = await readEvidence(folder);
  const { record, history, judged } = evidence;
  const input = {
    history,
    judged,
    scenario: record.scenario,
    ...(record.service === undefined ? {} : { service: record.service }),
    provenance: {
      hash: record.hash,
      complete: sealing || opened.complete,
      reason: sealing ? '' : opened.reason,
    },
  };
  const content = {
    html: () => renderReport(input),
    json: () => `${JSON.stringify(reportJson(input), null, 2)}\n`,
    md: () => renderMarkdown(input),
    junit: () => renderJunit(input),
  } satisfies Record<ReportFormat, () => string>;
  const paths: Partial<Record<ReportFormat, string>> = {};
  try {
    for (const format of formats) {
      const path = join(folder, FILE_OF_FORMAT[format]);
      await replaceFile(path, content[format]());
      paths[format] = path;
    }
    if (sealing || opened.complete) {
      await writeManifest(folder, {
        ...history.counts,
        sampleRows: history.samples.length,
        serviceRows: evidence.serviceRows,
      });
    }
  } catch (error) {
    throw explainDiskTrouble(error, folder);
  }
  return { paths, json: runJson(folder, evidence) };
}

/** Whole or not at all: a full disk must not cost the report that was there. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.part`;
  try {
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function readEvidence(folder: string): Promise<Evidence> {
  const record = parseScenarioRecord(
    await readFile(join(folder, RUN_FILES.scenario), 'utf8').catch(() => {
      throw new UsageError(`'${folder}' holds no ${RUN_FILES.scenario}: it is not the folder of a run`, {
        code: 'RF-NO-RUN',
        hint: 'name a folder that `regionfall run` has written',
      });
    }),
  );
  // A run that died while its world opened has neither file yet; it is empty and incomplete, and says so.
  const [samplesPath, servicePath] = [join(folder, RUN_FILES.samples), join(folder, RUN_FILES.service)];
  const samples = existsSync(samplesPath) ? readSamples(samplesPath) : decodeSamples(NOTHING);
  const service = existsSync(servicePath) ? readServiceRecords(servicePath) : decodeServiceRecords(NOTHING);
  const history = historyOf(readEvents(join(folder, RUN_FILES.events)), samples);
  return { record, history, judged: judge(history, expectationsOf(record)), serviceRows: service.length };
}

const NOTHING = new Uint8Array(0);

/** A baseline is held to what can hold without a fault; the rest would only be undecided. */
function expectationsOf({ scenario, withoutFaults }: ScenarioRecord): ScenarioRecord['scenario']['expect'] {
  return withoutFaults ? scenario.expect.filter((expectation) => !needsFault(expectation)) : scenario.expect;
}

function runJson(folder: string, { record, history, judged }: Evidence): RunJson {
  return {
    schema: 1,
    run: folder,
    scenario: record.scenario.name,
    seed: history.seed,
    verdict: judged.verdict,
    exitCode: judged.exitCode,
    reasons: judged.reasons,
    counts: history.counts,
    expectations: judged.expectations,
    milestones: milestonesOf(history),
    engine: history.engine,
    network: history.network,
    reports: { html: join(folder, RUN_FILES.reportHtml), json: join(folder, RUN_FILES.reportJson) },
  };
}
