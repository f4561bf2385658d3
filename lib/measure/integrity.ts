/**
 * May this history be judged at all? Counts against rows, the generator's own state, the faults' proofs. Each
 * objection is a whole sentence; none means yes.
 */
import type { ArrivalCounts } from '../journal/event.ts';
import { type Arrival, arrivalsOf, countsOfArrivals } from './arrivals.ts';
import type { History } from './history.ts';
import { count, limitShare, listOf, percent, plural } from './wording.ts';

/** Above this share of dropped arrivals the generator, not the service, was measured. */
export const DROPPED_SHARE_LIMIT = 0.01;
/** A start this much behind its plan, in milliseconds, is the generator's own lateness and not worth measuring by. */
export const LATE_START_MS = 50;
/**
 * Above this share of late starts the load was not offered as planned. Lateness is part of every latency, so it never
 * flatters; below this it is a stall or two of the machine, which the report mentions.
 */
export const LATE_SHARE_LIMIT = 0.05;

export function objectionsTo(history: History): readonly string[] {
  const broken = history.failure === undefined ? [] : [`A part of the harness failed: ${history.failure}.`];
  if (history.samples.length === 0) return [...broken, 'There are no samples.'];
  return [
    ...broken,
    ...endObjections(history),
    ...countObjections(history),
    ...generatorObjections(history),
    ...faultObjections(history),
  ];
}

function endObjections(history: History): readonly string[] {
  if (history.complete) return [];
  const ignored = history.samples.ignoredBytes;
  const torn = ignored === 0 ? '' : ` ${plural(ignored, 'byte')} behind the last whole batch were ignored.`;
  return [`The run did not end in order: up to the last second of samples may be missing.${torn}`];
}

function countObjections(history: History): readonly string[] {
  // Without an orderly end there is no count to compare with, only the objection above.
  if (!history.complete) return [];
  const { counts } = history;
  const objections: string[] = [];
  const sum = counts.ok + counts.failed + counts.indeterminate + counts.dropped;
  if (counts.planned !== sum) {
    objections.push(
      `${plural(counts.planned, 'arrival')} were planned, but the outcomes add up to ${count(sum)}.`,
    );
  }
  const found = countsOfArrivals(arrivalsOf(history));
  for (const name of [
    'planned',
    'ok',
    'failed',
    'indeterminate',
    'dropped',
  ] satisfies (keyof ArrivalCounts)[]) {
    if (counts[name] === found[name]) continue;
    objections.push(
      `The generator counted ${count(counts[name])} ${name} arrivals, the samples hold ${count(found[name])}.`,
    );
  }
  const sent = sentAttempts(history.samples);
  const { attempts } = history.generator;
  if (attempts !== null && attempts !== sent) {
    objections.push(`The generator sent ${plural(attempts, 'attempt')}, the samples hold ${count(sent)}.`);
  }
  objections.push(...missingArrivals(history), ...brokenChains(history));
  return objections;
}

/** Rows that name an endpoint: the others stand for arrivals that asked nobody. */
function sentAttempts({ endpoint, outcome, length }: History['samples']): number {
  let sent = 0;
  for (let row = 0; row < length; row += 1)
    if (endpoint.at(row) !== '' && outcome.at(row) !== 'dropped') sent += 1;
  return sent;
}

function missingArrivals(history: History): readonly string[] {
  const present = new Set(arrivalsOf(history).map((arrival) => arrival.arrival));
  const missing: number[] = [];
  for (let arrival = 0; arrival < history.counts.planned; arrival += 1) {
    if (!present.has(arrival)) missing.push(arrival);
  }
  return missing.length === 0 ? [] : [`Samples are missing for ${numbered('arrival', missing)}.`];
}

/**
 * Attempts of an arrival are numbered from 1 without gaps; a number seen twice is a duplicated row. Only the last may
 * have succeeded, and an arrival that was dropped has no attempt beside it.
 */
function brokenChains(history: History): readonly string[] {
  const { attempt, outcome } = history.samples;
  const duplicated: number[] = [];
  const gapped: number[] = [];
  const contradictory: number[] = [];
  for (const arrival of arrivalsOf(history)) {
    const numbers = arrival.rows.map((row) => attempt[row] ?? 0);
    if (new Set(numbers).size < numbers.length) duplicated.push(arrival.arrival);
    else if (numbers.some((number, index) => number !== index + 1)) gapped.push(arrival.arrival);
    else if (arrival.rows.slice(0, -1).some((row) => ['ok', 'dropped'].includes(outcome.at(row)))) {
      contradictory.push(arrival.arrival);
    }
  }
  return [
    ...(duplicated.length > 0 ? [`Samples are duplicated for ${numbered('arrival', duplicated)}.`] : []),
    ...(gapped.length > 0 ? [`Attempts are missing for ${numbered('arrival', gapped)}.`] : []),
    ...(contradictory.length > 0
      ? [`Attempts contradict each other for ${numbered('arrival', contradictory)}.`]
      : []),
  ];
}

function generatorObjections(history: History): readonly string[] {
  const { counts } = history;
  const objections: string[] = [];
  const share = counts.planned === 0 ? 0 : counts.dropped / counts.planned;
  if (share > DROPPED_SHARE_LIMIT) {
    objections.push(
      `The generator was saturated: it dropped ${plural(counts.dropped, 'arrival')} of ${count(counts.planned)} (${percent(share)}, at most ${limitShare(DROPPED_SHARE_LIMIT)} allowed).`,
    );
  }
  const late = arrivalsOf(history).filter(isLate).length;
  const lateShare = counts.planned === 0 ? 0 : late / counts.planned;
  if (lateShare > LATE_SHARE_LIMIT) {
    objections.push(
      `The generator was saturated: it started ${plural(late, 'arrival')} of ${count(counts.planned)} over ${LATE_START_MS} ms late (${percent(lateShare)}, at most ${limitShare(LATE_SHARE_LIMIT)} allowed; the worst by ${count(history.generator.lagMsMax)} ms).`,
    );
  }
  return objections;
}

function isLate({ outcome, plannedUs, startedUs }: Arrival): boolean {
  return outcome !== 'dropped' && startedUs - plannedUs > LATE_START_MS * 1_000;
}

function faultObjections({ faults }: History): readonly string[] {
  return faults.flatMap((fault) => {
    if (fault.appliedUs === null) return [`The ${fault.name} was planned but never applied.`];
    const objections: string[] = [];
    if (!fault.proved) {
      objections.push(
        `No probe saw the ${fault.name} bite, so nothing shows that the run had a fault at all.`,
      );
    }
    if (fault.liftedUs === null) objections.push(`The ${fault.name} was never lifted.`);
    else if (!fault.healed) {
      objections.push(`No probe saw traffic go through again after the ${fault.name} was lifted.`);
    }
    return objections;
  });
}

/** `arrivals 3, 17 and 5 more`. */
function numbered(noun: string, numbers: readonly number[]): string {
  const shown = numbers.slice(0, 5).map(String);
  const more = numbers.length - shown.length;
  const items = more > 0 ? [...shown, `${count(more)} more`] : shown;
  return `${noun}${numbers.length === 1 ? '' : 's'} ${listOf(items)}`;
}
