import { describe, expect, test } from 'vitest';
import type { EventBody, GroupSecond, LoadProgress } from '../journal/event.ts';
import type { StopCondition } from '../scenario/stop-spec.ts';
import { watchStopConditions } from './stop-conditions.ts';

const HOME = 'eu-west-1->sts.eu-west-1.amazonaws.com';
const AWAY = 'eu-west-1->sts.eu-central-1.amazonaws.com';
const LINKS = [HOME, AWAY].map((id) => ({
  id,
  location: 'eu-west-1',
  host: id.split('->')[1] ?? '',
  servingRegion: id.split('.')[1] ?? '',
  partition: 'aws',
  roundTripMs: 1,
  modelled: true,
}));

/** So many arrivals of a group, all of one latency. */
const ended = (ok: number, notOk = 0, us = 1_000): GroupSecond => ({
  ok,
  notOk,
  latencies: { [Math.floor(Math.log2(us) * 8)]: ok + notOk },
});

const second = (parts: Partial<LoadProgress> = {}): LoadProgress => ({
  kind: 'load.progress',
  counts: { planned: 0, ok: 0, failed: 0, indeterminate: 0, dropped: 0 },
  perGroup: { app: ended(10) },
  perLink: { [HOME]: { ok: 10, failed: 0 } },
  lagMsMax: 1,
  ...parts,
});

/** What is said second by second, the first at 1 s; other events come half a second before the progress beside them. */
function heard(condition: StopCondition, events: readonly EventBody[], loadUs = 60_000_000) {
  const watch = watchStopConditions({ conditions: [condition], links: LINKS, loadUs });
  let nowUs = 0;
  return events.flatMap((event) => {
    if (event.kind === 'load.progress') nowUs += 1_000_000;
    const said = watch.hear(event, event.kind === 'load.progress' ? nowUs : nowUs + 500_000);
    return event.kind === 'load.progress' ? [said] : [];
  });
}

const times = (count: number, event: LoadProgress): LoadProgress[] => Array<LoadProgress>(count).fill(event);
const last = (...told: Parameters<typeof heard>) => heard(...told).at(-1);

describe('a stop condition', () => {
  const half: StopCondition = { measure: 'success-ratio', below: 0.5, over: '3s' };
  const slow: StopCondition = { measure: 'latency', percentile: 99, above: '3s', over: '1s' };
  const lag: StopCondition = { measure: 'generator-lag', above: '500ms', over: '2s' };

  test.each<[string, StopCondition, readonly EventBody[], string | undefined]>([
    ['a ratio that is well', half, times(5, second({ perGroup: { app: ended(10, 9) } })), undefined],
    [
      'a ratio below its limit',
      half,
      times(3, second({ perGroup: { app: ended(3, 6) } })),
      'the success ratio was 33.3 % (9 of 27 arrivals), below the limit of 50 %, over the last 3 s',
    ],
    ['a window that is not full', half, times(2, second({ perGroup: { app: ended(0, 100) } })), undefined],
    ['fewer than twenty arrivals', half, times(3, second({ perGroup: { app: ended(0, 6) } })), undefined],
    [
      'a group that is well among others that are not',
      { ...half, group: 'app' },
      times(3, second({ perGroup: { app: ended(10), legacy: ended(0, 90) } })),
      undefined,
    ],
    [
      'a group that is not among others that are',
      { ...half, group: 'legacy' },
      times(3, second({ perGroup: { app: ended(900), legacy: ended(0, 90) } })),
      "the success ratio of 'legacy' was 0 % (0 of 270 arrivals), below the limit of 50 %, over the last 3 s",
    ],
    ['a percentile that is well', slow, [second({ perGroup: { app: ended(100, 0, 2_000_000) } })], undefined],
    [
      'one in a hundred that took long',
      slow,
      [second({ perGroup: { app: ended(99), legacy: ended(1, 0, 9_000_000) } })],
      undefined,
    ],
    [
      'two in a hundred that took long',
      slow,
      [second({ perGroup: { app: ended(98), legacy: ended(0, 2, 4_000_000) } })],
      'latency p99 was up to 4.19 s, above the limit of 3 s, over the last 1 s',
    ],
    ['one late second', lag, [second(), second({ lagMsMax: 900 }), second()], undefined],
    [
      'late seconds without a pause',
      lag,
      [second(), second({ lagMsMax: 900 }), second({ lagMsMax: 700 })],
      'the generator was late by 700 ms or more in each second, above the limit of 500 ms, over the last 2 s',
    ],
  ])('judges %s', (_name, condition, events, said) => {
    expect(last(condition, events)).toBe(said);
  });

  test('says nothing once the load has come', () => {
    const broken = times(3, second({ perGroup: { app: ended(0, 100) } }));
    expect(last(half, broken, 3_000_001)).toBeDefined();
    expect(last(half, broken, 3_000_000)).toBeUndefined();
  });
});

describe('a leak', () => {
  const leak: StopCondition = { measure: 'leak', above: 0.05, over: '1s' };
  const planned: EventBody = {
    kind: 'fault.planned',
    fault: 'outage',
    faultKind: 'refused',
    title: 'outage',
    fromUs: 1_500_000,
    toUs: 3_500_000,
    links: [HOME],
    regions: ['eu-west-1'],
  };
  const lifted: EventBody = { kind: 'fault.lifted', fault: 'outage', requestedUs: 0 };
  const homeFails = second({ perLink: { [HOME]: { ok: 0, failed: 30 }, [AWAY]: { ok: 30, failed: 0 } } });
  const awayFails = second({ perLink: { [HOME]: { ok: 0, failed: 30 }, [AWAY]: { ok: 27, failed: 3 } } });
  const said =
    '10.0 % of attempts failed where no fault was meant to reach (3 of 30), above the limit of 5 %, over the last 1 s';

  test('is not what a fault does to its own links, until two seconds after it was lifted', () => {
    // Second by second: before, the onset in mid-second, on, on, lifted at 3.5 s, aftermath until 5.5 s, over.
    const seconds = [
      planned,
      second(),
      ...times(3, homeFails),
      lifted,
      ...times(2, homeFails),
      homeFails,
      homeFails,
    ];
    expect(heard(leak, seconds).map((text) => text !== undefined)).toEqual([
      ...[false, false, false, false, false, false, false],
      true,
    ]);
  });

  test('is what happens over every other link meanwhile', () => {
    expect(last(leak, [planned, second(), awayFails])).toBe(said);
  });

  test('of a fault that names no link is looked for outside its Regions', () => {
    const settings = { ...planned, links: [] };
    expect(last(leak, [settings, second(), homeFails])).toBeUndefined();
    expect(last(leak, [settings, second(), awayFails])).toBe(said);
  });

  test('without any fault is any failure', () => {
    expect(last(leak, [homeFails])).toMatch(/^50\.0 % of attempts failed/);
  });
});
