/**
 * What a run's folder says, read and judged: the one way from files to a verdict. A folder that is not whole is read as
 * far as it goes, and never passes.
 */

import { UsageError } from '../errors/regionfall-error.ts';
import { parseEventLog } from '../journal/event-line.ts';
import type { FolderFiles } from '../journal/folder-files.ts';
import { decodeSamples, decodeServiceRecords } from '../journal/reader.ts';
import { openRunFiles, RUN_FILES, type RunFolder } from '../journal/run-folder.ts';
import type { ServiceTable } from '../journal/sample-table.ts';
import { needsFault } from '../measure/expectation.ts';
import { type History, historyOf } from '../measure/history.ts';
import { type Judgement, judge, VERDICT_EXIT_CODES } from '../measure/verdict.ts';
import { parseScenarioRecord, type ScenarioRecord } from './scenario-record.ts';

export interface Evidence {
  readonly record: ScenarioRecord;
  readonly history: History;
  readonly judged: Judgement;
  readonly service: ServiceTable;
  readonly folder: RunFolder;
}

/**
 * @param sealing The run itself has just ended in order and its folder is yet to be sealed.
 * @throws UsageError when the folder holds no run, or a file of it cannot be read at all.
 */
export async function readEvidence(files: FolderFiles, sealing = false): Promise<Evidence> {
  const folder = await openRunFiles(files);
  const scenario = contentOf(files, RUN_FILES.scenario);
  if (scenario === undefined) {
    throw new UsageError(`'${files.path}' holds no ${RUN_FILES.scenario}: it is not the folder of a run`, {
      code: 'RF-NO-RUN',
      hint: 'name a folder that `regionfall run` has written',
    });
  }
  const record = parseScenarioRecord(textOf(scenario));
  // A run that died while its world opened lacks the later files; it is empty and incomplete, and says so.
  const samples = decodeSamples(contentOf(files, RUN_FILES.samples) ?? NOTHING);
  const service = decodeServiceRecords(contentOf(files, RUN_FILES.service) ?? NOTHING);
  const { events } = parseEventLog(textOf(contentOf(files, RUN_FILES.events) ?? NOTHING));
  const history = historyOf(events, samples);
  const judged = judge(history, expectationsOf(record));
  const trusted = sealing || folder.complete || folder.damaged.every(isDerived);
  return {
    record,
    history,
    judged: trusted ? judged : doubted(judged, folder.reason),
    service,
    folder,
  };
}

/** Made from the other files, and hence of no weight as evidence. */
export function isDerived(name: string): boolean {
  return name.startsWith('report.');
}

/** What was found in a damaged folder may be worth a look; it is no evidence. An abort has said so already. */
function doubted(judged: Judgement, reason: string): Judgement {
  if (judged.verdict === 'aborted') return judged;
  const headline = `The run's folder is not complete. ${reason}`;
  return {
    ...judged,
    verdict: 'inconclusive',
    exitCode: VERDICT_EXIT_CODES.inconclusive,
    headline,
    reasons: [headline, ...judged.reasons],
  };
}

const NOTHING = new Uint8Array(0);

function contentOf(files: FolderFiles, name: string): Uint8Array | undefined {
  try {
    return files.read(name);
  } catch (cause) {
    throw new UsageError(`the ${name} of '${files.path}' cannot be read: ${(cause as Error).message}`, {
      code: 'RF-RUN-DAMAGED',
      hint: `ls -ld '${files.path}/${name}'`,
      cause,
    });
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** A baseline is held to what can hold without a fault; the rest would only be undecided. */
function expectationsOf({ scenario, withoutFaults }: ScenarioRecord): ScenarioRecord['scenario']['expect'] {
  return withoutFaults ? scenario.expect.filter((expectation) => !needsFault(expectation)) : scenario.expect;
}
