/**
 * Opens a damaged run folder with the code that `report` uses and holds it to the promise: no crash, no damaged run
 * shown as complete or passed, and the damaged file named.
 */

import { RegionfallError } from '../../lib/errors/regionfall-error.ts';
import type { FolderFiles } from '../../lib/journal/folder-files.ts';
import { decodeServiceRecords } from '../../lib/journal/reader.ts';
import { openRunFiles, RUN_FILES, type RunFolder } from '../../lib/journal/run-folder.ts';
import { type Evidence, isDerived, readEvidence } from '../../lib/run/evidence.ts';
import type { Random } from '../../lib/time/random.ts';
import { renderJunit } from '../../reports/page/junit.ts';
import { renderMarkdown } from '../../reports/page/markdown.ts';
import { renderReport } from '../../reports/page/render.ts';
import { reportJson } from '../../reports/page/report-json.ts';
import type { Damage, MemoryFolder } from './damage.ts';

export interface Finding {
  readonly damage: Damage;
  readonly problem: string;
}

export interface TortureResult {
  readonly opened: number;
  /** Refused by a typed error: the scenario itself was not readable. */
  readonly refused: number;
  /** Different states of what was left, each of which was made into every form of the report. */
  readonly rendered: number;
  readonly findings: readonly Finding[];
}

export async function torture(folder: MemoryFolder, damages: Iterable<Damage>): Promise<TortureResult> {
  const findings: Finding[] = [];
  const rendered = new Set<string>();
  let opened = 0;
  let refused = 0;
  for (const damage of damages) {
    opened += 1;
    const files = folder.view(damage);
    try {
      // A verdict does not depend on every file; where it does not, the same one need not be reached each time.
      if (!DECIDING.includes(damage.file) && opened % LOOK_EACH !== 0) {
        if (damage.file === RUN_FILES.service)
          decodeServiceRecords(files.read(damage.file) ?? new Uint8Array(0));
        note(problemWith(await openRunFiles(files), damage), damage);
        continue;
      }
      const evidence = await look(files);
      if (evidence === undefined) refused += 1;
      else renderOnce(evidence, rendered);
      note(problemWith(evidence?.folder ?? (await openRunFiles(files)), damage, evidence), damage);
    } catch (error) {
      note(`crash: ${(error as Error).stack}`, damage);
    }
  }
  return { opened, refused, rendered: rendered.size, findings };

  function note(problem: string | undefined, damage: Damage): void {
    if (problem !== undefined) findings.push({ damage, problem });
  }
}

const DECIDING: readonly string[] = [RUN_FILES.scenario, RUN_FILES.events, RUN_FILES.samples];
const LOOK_EACH = 16;

/** So many cuts: every offset of every file, from the beginning again and thinned out evenly when there are more. */
export function cutsOf(folder: MemoryFolder, count: number): readonly Damage[] {
  const offsets = folder.names.flatMap((file) =>
    Array.from({ length: folder.lengthOf(file) }, (_, at): Damage => ({ kind: 'cut', file, at })),
  );
  const stride = Math.max(1, offsets.length / count);
  return Array.from(
    { length: Math.min(count, offsets.length) },
    (_, index) => offsets[Math.floor(index * stride)],
  ).filter((damage) => damage !== undefined);
}

/** Of the files that a verdict is made from. */
export function decidingDamages(damages: readonly Damage[]): readonly Damage[] {
  return damages.filter(({ file }) => DECIDING.includes(file));
}

/** Every file gets its share, the short ones too: half by file, half by byte. */
export function flipsOf(folder: MemoryFolder, count: number, random: Random): readonly Damage[] {
  const files = folder.names.filter((name) => folder.lengthOf(name) > 0);
  const total = files.reduce((sum, name) => sum + folder.lengthOf(name), 0);
  return Array.from({ length: count }, (_, index): Damage => {
    const file =
      index % 2 === 0
        ? (files[Math.floor(random.next() * files.length)] ?? '')
        : fileAt(folder, files, random.next() * total);
    return { kind: 'flip', file, at: Math.floor(random.next() * folder.lengthOf(file) * 8) };
  });
}

function fileAt(folder: MemoryFolder, files: readonly string[], offset: number): string {
  let left = offset;
  for (const name of files) {
    left -= folder.lengthOf(name);
    if (left < 0) return name;
  }
  return files.at(-1) ?? '';
}

/** Undefined when the folder was refused in words. */
async function look(files: FolderFiles): Promise<Evidence | undefined> {
  try {
    return await readEvidence(files);
  } catch (error) {
    if (error instanceof RegionfallError) return undefined;
    throw error;
  }
}

function problemWith(
  { complete, reason, damaged }: RunFolder,
  { file }: Damage,
  evidence?: Evidence,
): string | undefined {
  if (complete) return 'shown as complete';
  // Without a seal nobody can tell one file from another; all that is left is in doubt.
  if (damaged.includes(RUN_FILES.manifest) && file !== RUN_FILES.manifest) {
    return evidence?.judged.verdict === 'pass' ? 'passed without a seal' : undefined;
  }
  if (!damaged.includes(file) || !reason.includes(file)) return `not named: ${reason}`;
  if (evidence?.judged.verdict === 'pass' && !isDerived(file)) return 'passed';
  return undefined;
}

/** What is read of a damaged file falls into few states; each is shown once, as every form of the report. */
function renderOnce({ record, history, judged, folder }: Evidence, rendered: Set<string>): void {
  const { samples, events } = history;
  const state = JSON.stringify([
    samples.length,
    samples.complete,
    events.map(({ monoUs, kind }) => [monoUs, kind]),
  ]);
  if (rendered.has(state)) return;
  rendered.add(state);
  const input = {
    history,
    judged,
    scenario: record.scenario,
    provenance: { hash: record.hash, complete: folder.complete, reason: folder.reason },
  };
  if (!renderReport(input).includes('folder is not complete')) throw new Error('the page does not say it');
  renderMarkdown(input);
  renderJunit(input);
  if (reportJson(input).complete) throw new Error('report.json says complete');
}
