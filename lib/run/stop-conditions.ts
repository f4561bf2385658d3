/**
 * Says when a run has to end before its time. It reads what the generator tells each second, and stands outside the
 * generator: one that is overwhelmed cannot be the one to notice. Pure; events and time are handed in.
 */

import { type EventBody, type LinkRecord, type LoadProgress, stsLinks } from '../journal/event.ts';
import { count, duration, limitShare, limitTime, percent } from '../measure/wording.ts';
import type { StopCondition } from '../scenario/stop-spec.ts';
import { durationUs } from '../time/duration.ts';

export interface StopWatch {
  /**
   * @param atUs Of the run, when the event was known.
   * @returns A sentence once a condition is broken: the value, its limit and the window. Undefined until then.
   */
  hear(event: EventBody, atUs: number): string | undefined;
}

export interface StopWatchOptions {
  readonly conditions: readonly StopCondition[];
  readonly links: readonly LinkRecord[];
  /** Length of the load. Nothing is stopped later: what ends after it says how it ended, not how it goes. */
  readonly loadUs: number;
}

/** Fewer say nothing: one failure in three is no success ratio. */
const LEAST_COUNT = 20;
const SECOND_US = 1_000_000;
/** What a fault has broken may still come to an end after it was lifted. */
const AFTERMATH_US = 2_000_000;

export function watchStopConditions({ conditions, links, loadUs }: StopWatchOptions): StopWatch {
  const radius = createRadius(stsLinks(links));
  const lengths = conditions.map(({ over }) => Math.max(1, Math.ceil(durationUs(over) / SECOND_US)));
  const longest = Math.max(0, ...lengths);
  let seconds: readonly Second[] = [];
  return {
    hear: (event, atUs) => {
      radius.learn(event, atUs);
      if (event.kind !== 'load.progress' || atUs >= loadUs) return undefined;
      seconds = [...seconds, { progress: event, outside: radius.outside(atUs - SECOND_US, atUs) }].slice(
        -longest,
      );
      for (const [index, condition] of conditions.entries()) {
        const length = lengths[index] ?? 1;
        if (seconds.length < length) continue;
        const found = breachOf(condition, seconds.slice(-length));
        if (found !== undefined) return `${found}, over the last ${limitTime(length * SECOND_US)}`;
      }
      return undefined;
    },
  };
}

/** What the generator told, and which links no fault was meant to reach meanwhile. */
interface Second {
  readonly progress: LoadProgress;
  readonly outside: ReadonlySet<string>;
}

function breachOf(condition: StopCondition, seconds: readonly Second[]): string | undefined {
  switch (condition.measure) {
    case 'success-ratio': {
      const groups = groupSeconds(seconds, condition.group);
      const ok = sum(groups.map((second) => second.ok));
      const all = ok + sum(groups.map((second) => second.notOk));
      if (all < LEAST_COUNT || ok / all >= condition.below) return undefined;
      return `the success ratio${whose(condition.group)} was ${percent(ok / all)} (${count(ok)} of ${count(all)} arrivals), below the limit of ${limitShare(condition.below)}`;
    }
    case 'latency': {
      const found = upperEdgeUs(groupSeconds(seconds, condition.group), condition.percentile);
      const limitUs = durationUs(condition.above);
      if (found === undefined || found <= limitUs) return undefined;
      return `latency p${condition.percentile}${whose(condition.group)} was up to ${duration(found)}, above the limit of ${limitTime(limitUs)}`;
    }
    case 'leak': {
      const links = seconds.flatMap(({ progress, outside }) =>
        Object.entries(progress.perLink).flatMap(([link, attempts]) => (outside.has(link) ? [attempts] : [])),
      );
      const failed = sum(links.map((attempts) => attempts.failed));
      const all = failed + sum(links.map((attempts) => attempts.ok));
      if (all < LEAST_COUNT || failed / all <= condition.above) return undefined;
      return `${percent(failed / all)} of attempts failed where no fault was meant to reach (${count(failed)} of ${count(all)}), above the limit of ${limitShare(condition.above)}`;
    }
    case 'generator-lag': {
      // The least of the worst: one stall is not a machine that cannot keep up.
      const leastMs = Math.min(...seconds.map(({ progress }) => progress.lagMsMax));
      const limitUs = durationUs(condition.above);
      if (leastMs * 1_000 <= limitUs) return undefined;
      return `the generator was late by ${duration(leastMs * 1_000)} or more in each second, above the limit of ${limitTime(limitUs)}`;
    }
    default:
      return condition satisfies never;
  }
}

type GroupSeconds = readonly LoadProgress['perGroup'][string][];

function groupSeconds(seconds: readonly Second[], group: string | undefined): GroupSeconds {
  return seconds.flatMap(({ progress }) =>
    Object.entries(progress.perGroup).flatMap(([name, second]) =>
      group === undefined || name === group ? [second] : [],
    ),
  );
}

/** Upper edge of the count that holds the percentile, microseconds; undefined where too few have ended. */
function upperEdgeUs(groups: GroupSeconds, percentile: number): number | undefined {
  const counts = new Map<number, number>();
  for (const { latencies } of groups) {
    for (const [key, amount] of Object.entries(latencies)) {
      counts.set(Number(key), (counts.get(Number(key)) ?? 0) + amount);
    }
  }
  const all = sum([...counts.values()]);
  if (all < LEAST_COUNT) return undefined;
  let left = Math.ceil((percentile / 100) * all);
  for (const [key, amount] of [...counts].toSorted(([one], [other]) => one - other)) {
    left -= amount;
    if (left <= 0) return 2 ** ((key + 1) / 8);
  }
  return undefined;
}

/** Which links faults are meant to reach, from the order to break them until what they broke has come to its end. */
function createRadius(links: readonly LinkRecord[]) {
  const faults = new Map<string, { readonly links: ReadonlySet<string>; fromUs: number; toUs: number }>();
  return {
    learn: (event: EventBody, atUs: number): void => {
      if (event.kind === 'fault.planned') {
        const named = event.links.length > 0 ? event.links : linksInto(event.regions);
        faults.set(event.fault, {
          links: new Set(named),
          fromUs: event.fromUs,
          toUs: Number.POSITIVE_INFINITY,
        });
      } else if (event.kind === 'fault.lifted') {
        const fault = faults.get(event.fault);
        if (fault !== undefined) fault.toUs = atUs + AFTERMATH_US;
      }
    },
    outside: (fromUs: number, toUs: number): ReadonlySet<string> => {
      const reached = [...faults.values()].filter((fault) => fault.fromUs < toUs && fault.toUs > fromUs);
      return new Set(links.map(({ id }) => id).filter((id) => !reached.some((fault) => fault.links.has(id))));
    },
  };

  /** A fault of settings names no link; it is meant for all that its Regions serve. */
  function linksInto(regions: readonly string[]): readonly string[] {
    return links.filter(({ servingRegion }) => regions.includes(servingRegion)).map(({ id }) => id);
  }
}

function whose(group: string | undefined): string {
  return group === undefined ? '' : ` of '${group}'`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
