/** Second layer, the times of faults: within the load, and within each other. Pure. */

import { formatDurationUs, parseDurationUs } from '../time/duration.ts';
import type { DraftFault, DraftSingle } from './draft-faults.ts';
import type { Problem } from './problem.ts';

/** @param duration Of the load. */
export function faultTimeProblems(fault: DraftFault, duration: string | undefined): readonly Problem[] {
  const own = lengthProblems(fault, duration);
  if (own.length > 0) return own;
  return [
    ...repeatProblems(fault, duration),
    ...fault.singles.flatMap((single) => [
      ...partProblems(single, fault.for),
      ...rampProblems(single, fault.for),
    ]),
  ];
}

function lengthProblems(
  { place, at, for: length }: DraftFault,
  duration: string | undefined,
): readonly Problem[] {
  const [fromUs, lengthUs, loadUs] = [microseconds(at), microseconds(length), microseconds(duration)];
  if (lengthUs === 0) return problem(`${place}.for`, length, 'lasts no time at all', 'write more');
  if (loadUs === undefined || fromUs === undefined) return [];
  const hint = `the load lasts ${duration}: let the fault end before that, or make load.duration longer`;
  if (fromUs >= loadUs) return problem(`${place}.at`, at, 'begins when the load has ended', hint);
  if (fromUs + (lengthUs ?? 0) > loadUs)
    return problem(`${place}.for`, length, 'lasts longer than the load', hint);
  return [];
}

function repeatProblems(
  { place, at, for: length, repeat }: DraftFault,
  duration: string | undefined,
): readonly Problem[] {
  const everyUs = microseconds(repeat?.every);
  const lengthUs = microseconds(length);
  if (repeat === undefined || everyUs === undefined || lengthUs === undefined) return [];
  if (everyUs <= lengthUs) {
    const message = 'it would begin again before it has ended';
    return problem(`${place}.repeat.every`, repeat.every, message, `write more than ${length}`);
  }
  const [fromUs, loadUs] = [microseconds(at), microseconds(duration)];
  if (fromUs === undefined || loadUs === undefined || repeat.times === undefined) return [];
  const endUs = fromUs + (repeat.times - 1) * everyUs + lengthUs;
  if (endUs <= loadUs) return [];
  return problem(
    `${place}.repeat.times`,
    repeat.times,
    `the last of them ends after ${formatDurationUs(endUs)}, and the load after ${duration}`,
    'write fewer, or make load.duration longer',
  );
}

function partProblems({ place, part }: DraftSingle, whole: string | undefined): readonly Problem[] {
  const wholeUs = microseconds(whole);
  if (part === undefined || wholeUs === undefined) return [];
  const [afterUs = 0, lengthUs] = [microseconds(part.after), microseconds(part.for)];
  if (lengthUs === 0) return problem(`${place}.for`, part.for, 'lasts no time at all', 'write more');
  const hint = `the group lasts ${whole}`;
  if (afterUs >= wholeUs)
    return problem(`${place}.after`, part.after, 'begins when the group has ended', hint);
  if (afterUs + (lengthUs ?? 0) <= wholeUs) return [];
  return problem(`${place}.for`, part.for, 'lasts longer than the group', hint);
}

function rampProblems(single: DraftSingle, whole: string | undefined): readonly Problem[] {
  const rampUs = microseconds(single.ramp);
  const lengthUs = lengthOf(single, whole);
  if (rampUs === undefined || lengthUs === undefined) return [];
  const place = `${single.place}.ramp`;
  if (rampUs === 0) return problem(place, single.ramp, 'takes no time at all', 'leave it out');
  if (rampUs < lengthUs) return [];
  const hint = `write less than ${formatDurationUs(lengthUs)}`;
  return problem(place, single.ramp, 'it would be over before it has its full strength', hint);
}

/** Microseconds that a fault or a part lasts; undefined where that cannot be read. */
export function lengthOf({ part }: DraftSingle, whole: string | undefined): number | undefined {
  if (part?.for !== undefined) return microseconds(part.for);
  const wholeUs = microseconds(whole);
  return wholeUs === undefined ? undefined : wholeUs - (microseconds(part?.after) ?? 0);
}

export function microseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDurationUs(text);
}

function problem(place: string, value: unknown, message: string, hint: string): readonly Problem[] {
  return [{ place, value, message, hint }];
}
