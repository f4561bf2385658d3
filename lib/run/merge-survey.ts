/**
 * Looks at the parts of an exported load before anything is written: are they of this scenario, of one start, each share
 * of it once, from machines whose clocks were right? What does not fit is refused by name. What is missing is told, and
 * makes the merged run inconclusive.
 */

import { type RegionfallError, UsageError } from '../errors/regionfall-error.ts';
import type { K6Attempt } from '../k6/reader.ts';
import type { StartRow } from '../k6/script/start-row.ts';
import type { Arrival } from '../load/arrival-plan.ts';
import { formatDurationUs } from '../time/duration.ts';
import { type ClockOffset, createClockWatch, surelyOffMs } from './merge-clock.ts';
import { namesOf, type PartEnd, readPart } from './merge-part.ts';
import { type Share, shareOf, tile } from './merge-shares.ts';

export interface SurveyOptions {
  readonly paths: readonly string[];
  readonly hash: string;
  readonly seed: number;
  /** Undefined where a script of the user's own decided when it called. */
  readonly arrivals: readonly Arrival[] | undefined;
  /** Names of groups, by their index in arrivals. */
  readonly groups: readonly string[];
}

export interface Survey {
  readonly parts: readonly SurveyedPart[];
  /** Agreed, epoch milliseconds. */
  readonly startMs: number;
  /** Why the parts are not the whole; empty when they are. */
  readonly lacks: readonly string[];
  /** What whoever reads the report should know of the parts. */
  readonly words: readonly string[];
}

export interface SurveyedPart extends PartEnd {
  readonly name: string;
  readonly path: string;
  readonly start: StartRow;
  readonly share: Share;
  readonly clock: ClockOffset | undefined;
  /** Rows of attempts that asked somebody. */
  readonly sent: number;
}

/** A clock that is surely off by more made its part's calls at another time than planned. */
const CLOCK_MS_MOST = 1_000;
/** Off by more is worth a word. */
const CLOCK_MS_TOLD = 50;
/** k6 holds planned moments in whole microseconds of its clock. */
const PLANNED_US_MOST = 1_000;

/** @throws UsageError RF-PART-UNREADABLE or RF-PARTS-APART. */
export async function surveyParts(options: SurveyOptions): Promise<Survey> {
  const names = namesOf(options.paths);
  const owners = new Uint16Array(options.arrivals?.length ?? 0);
  const parts: SurveyedPart[] = [];
  for (const [index, path] of options.paths.entries())
    parts.push(await surveyPart(path, index, { ...options, names, owners }));
  const startMs = agreedStart(parts);
  const { overlapping, missing } = tile(parts);
  if (overlapping !== undefined) {
    const [one, other] = overlapping;
    throw apart(
      `${one.name} and ${other.name} have the same share of the load, or part of it: ${one.start.segment || 'all'} and ${other.start.segment || 'all'}`,
      'name each part once, and only those of one export',
    );
  }
  return {
    parts,
    startMs,
    lacks: [
      ...missing.map((segment) => `no part has the share ${segment} of the load`),
      ...parts.flatMap(lacksOf),
    ],
    words: parts.flatMap(wordsOn),
  };
}

interface Context extends Omit<SurveyOptions, 'paths'> {
  readonly names: readonly string[];
  /** By arrival, 1 + the index of the part that has it. */
  readonly owners: Uint16Array;
}

async function surveyPart(path: string, index: number, context: Context): Promise<SurveyedPart> {
  const { names, owners, arrivals, groups } = context;
  const name = names[index] ?? path;
  const clock = createClockWatch();
  let start: StartRow | undefined;
  let sent = 0;

  const begin = (row: StartRow): void => {
    if (start !== undefined)
      throw unreadable(`${name} holds what k6 wrote in two runs`, 'one file for each run of k6');
    refuseOtherLoad(name, row, context);
    start = row;
  };
  const attempt = (told: K6Attempt): void => {
    if (start === undefined) throw noPart(name);
    clock.look(told);
    if (told.host !== '' && told.outcome !== 'dropped') sent += 1;
    if (arrivals === undefined) return;
    const planned = arrivals[told.arrival];
    const lateUs = told.plannedUs - start.startMs * 1_000 - (planned?.plannedUs ?? 0);
    const known = planned?.caller === told.caller && groups[planned.group] === told.group;
    if (!known || Math.abs(lateUs) > PLANNED_US_MOST) {
      throw apart(
        `${name} holds an arrival ${told.arrival} that the scenario does not plan so`,
        'export the scenario anew with this version of Regionfall, and run all parts of that',
      );
    }
    const owner = owners[told.arrival] ?? 0;
    if (owner !== 0 && owner !== index + 1)
      throw apart(`${names[owner - 1]} and ${name} both hold arrival ${told.arrival}`, 'name each part once');
    owners[told.arrival] = index + 1;
  };

  const end = await readPart(path, { attempt, start: begin });
  if (start === undefined) throw noPart(name);
  const share = shareOf(start.segment);
  if (share === undefined)
    throw unreadable(`${name} tells of no share that k6 knows: ${start.segment}`, PART_HINT);
  refuseClock(name, clock.offset());
  return { ...end, name, path, start, share, clock: clock.offset(), sent };
}

function refuseOtherLoad(name: string, row: StartRow, { hash, seed }: Context): void {
  if (row.hash !== hash) {
    throw apart(
      `${name} was made from another scenario, or from this one as it was before a change (${row.hash.slice(0, 12)}, not ${hash.slice(0, 12)})`,
      'name the scenario that was exported, as it was',
    );
  }
  if (row.seed !== seed)
    throw apart(`${name} was made with seed ${row.seed}, not ${seed}`, `--seed ${row.seed}`);
}

function agreedStart(parts: readonly SurveyedPart[]): number {
  const [first] = parts;
  if (first === undefined) throw unreadable('there is no part', PART_HINT);
  const { startMs } = first.start;
  const other = parts.find(({ start }) => start.startMs !== startMs);
  if (other === undefined) return startMs;
  const byMs = other.start.startMs - startMs;
  throw apart(
    `${other.name} began ${formatDurationUs(Math.abs(byMs) * 1_000)} ${byMs > 0 ? 'after' : 'before'} ${first.name}: they had no common start`,
    'run every part with the same REGIONFALL_START',
  );
}

function refuseClock(name: string, clock: ClockOffset | undefined): void {
  if (clock === undefined || surelyOffMs(clock) <= CLOCK_MS_MOST) return;
  const { aheadMs } = clock;
  throw apart(
    `the clock of ${name} was ${formatDurationUs(Math.round(Math.abs(aheadMs)) * 1_000)} ${aheadMs > 0 ? 'ahead of' : 'behind'} the service’s: its calls came at another time than planned`,
    'set the clocks of all machines by the same source, and run that part again',
  );
}

function lacksOf({ name, cut, counts, sent }: SurveyedPart): readonly string[] {
  return [
    ...(cut ? [`${name} was cut off`] : []),
    ...(counts.unreadable > 0 ? [`${name} holds ${counts.unreadable} lines that cannot be read`] : []),
    ...(counts.requests > sent
      ? [`${name} counts ${counts.requests} requests, and tells of ${sent} of them`]
      : []),
  ];
}

function wordsOn({ name, counts, clock }: SurveyedPart): readonly string[] {
  return [
    ...(counts.strangers > 0
      ? [`${name} made ${counts.strangers} requests past regionfall/k6, of which no sample knows.`]
      : []),
    ...(clock === undefined
      ? [`No answer in ${name} says when it was made: whether its clock was right nobody knows.`]
      : surelyOffMs(clock) > CLOCK_MS_TOLD
        ? [
            `The clock of ${name} was ${Math.round(Math.abs(clock.aheadMs))} ms ${clock.aheadMs > 0 ? 'ahead of' : 'behind'} the service’s, and its times are by its own clock.`,
          ]
        : []),
  ];
}

const PART_HINT = 'it must come from the script of `regionfall k6 export`, run with --out json=FILE';

function noPart(name: string): RegionfallError {
  return unreadable(`${name} is no part of an exported load`, PART_HINT);
}

function unreadable(message: string, hint: string): RegionfallError {
  return new UsageError(message, { code: 'RF-PART-UNREADABLE', hint });
}

function apart(message: string, hint: string): RegionfallError {
  return new UsageError(message, { code: 'RF-PARTS-APART', hint });
}
