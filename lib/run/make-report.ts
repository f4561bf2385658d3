/**
 * From a run's folder to its verdict and reports: reads history, computes, writes. Needs nothing but the folder, so a
 * report can be made again years later.
 */

import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderJunit } from '../../reports/page/junit.ts';
import { renderMarkdown } from '../../reports/page/markdown.ts';
import { renderReport } from '../../reports/page/render.ts';
import { reportJson } from '../../reports/page/report-json.ts';
import { leaveLastWord } from '../journal/last-word.ts';
import { writeManifest } from '../journal/manifest.ts';
import { freeReserve } from '../journal/reserve.ts';
import { RUN_FILES, runFilesAt } from '../journal/run-folder.ts';
import { milestonesOf } from '../measure/milestones.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { explainDiskTrouble } from './disk-trouble.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import type { RunJson } from './run-json.ts';

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
  /** Why the folder is not complete, in whole sentences; empty when it is. */
  readonly partial: string;
}

/**
 * Writes the reports of a run into its folder. A complete folder is sealed again with what was added, and so is one in
 * which nothing but these reports was damaged; a partial one stays partial.
 * @param sealing The run itself has just ended in order and its folder is to be sealed for the first time.
 * @throws UsageError when the folder holds no run, EnvironmentError when it cannot be written.
 */
export async function makeReport(
  folder: string,
  formats: readonly ReportFormat[],
  sealing = false,
): Promise<MadeReport> {
  const evidence = await readEvidence(await runFilesAt(folder), sealing);
  const rewritten = new Set<string>(formats.map((format) => FILE_OF_FORMAT[format]));
  const complete = sealing || evidence.folder.damaged.every((name) => rewritten.has(name));
  const partial = complete ? '' : evidence.folder.reason;
  const content = contentOf(evidence, complete, partial);
  const paths: Partial<Record<ReportFormat, string>> = {};
  try {
    for (const format of formats) {
      const path = join(folder, FILE_OF_FORMAT[format]);
      await replaceFile(path, content[format]());
      paths[format] = path;
    }
    if (complete) {
      await writeManifest(folder, {
        ...evidence.history.counts,
        sampleRows: evidence.history.samples.length,
        serviceRows: evidence.service.length,
      });
    }
  } catch (error) {
    if (sealing) {
      const reason = `the folder could not be sealed: ${(error as Error).message}`;
      leaveLastWord(folder, reason, monotonicUs, Date.now);
    }
    throw explainDiskTrouble(error, folder);
  }
  freeReserve(folder);
  return { paths, json: runJson(folder, evidence), partial };
}

function contentOf(
  { record, history, judged, service }: Evidence,
  complete: boolean,
  reason: string,
): Record<ReportFormat, () => string> {
  const input = {
    history,
    judged,
    scenario: record.scenario,
    ...(record.service === undefined ? {} : { service: record.service }),
    requests: service,
    provenance: { hash: record.hash, complete, reason },
  };
  return {
    html: () => renderReport(input),
    json: () => `${JSON.stringify(reportJson(input), null, 2)}\n`,
    md: () => renderMarkdown(input),
    junit: () => renderJunit(input),
  };
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
