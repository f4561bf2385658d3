import { describe, expect, it } from 'vitest';
import { createTally } from './tally.ts';

const GROUPS = [
  { name: 'web', location: 'eu-west-1' },
  { name: 'batch', location: 'eu-west-1' },
  { name: 'away', location: 'us-east-1' },
];

describe('the second that a tally tells', () => {
  it('counts arrivals by group, and latencies by eighth of a power of two', () => {
    const tally = createTally(GROUPS);
    for (const latencyUs of [0, 1, 1_024, 1_116, 1_117, 2_047]) tally.landed(0, 'ok', latencyUs);
    tally.landed(0, 'indeterminate', 1_024);
    tally.landed(1, 'failed', 2 ** 50);
    tally.dropped(1);
    const { perGroup, counts } = tally.progress();
    expect(perGroup).toEqual({
      // 2^(81/8) is 1116.7: the edge between the eighths 80 and 81.
      web: { ok: 6, notOk: 1, latencies: { 0: 2, 80: 3, 81: 1, 87: 1 } },
      batch: { ok: 0, notOk: 2, latencies: { 319: 1 } },
      away: { ok: 0, notOk: 0, latencies: {} },
    });
    expect(counts).toEqual({ planned: 0, ok: 6, failed: 1, indeterminate: 1, dropped: 1 });
  });

  it('counts attempts by link: what goes from one place to one name is one', () => {
    const tally = createTally(GROUPS);
    tally.attempt(0, 'sts.amazonaws.com', true);
    tally.attempt(1, 'sts.amazonaws.com', true);
    tally.attempt(1, 'sts.amazonaws.com', false);
    tally.attempt(2, 'sts.amazonaws.com', false);
    expect(tally.progress().perLink).toEqual({
      'eu-west-1->sts.amazonaws.com': { ok: 2, failed: 1 },
      'us-east-1->sts.amazonaws.com': { ok: 0, failed: 1 },
    });
  });

  it('is over when it was told, and the totals go on', () => {
    const tally = createTally(GROUPS);
    tally.due(3_000);
    tally.attempt(0, 'sts.amazonaws.com', true);
    tally.landed(0, 'ok', 5);
    tally.progress();
    expect(tally.progress()).toEqual({
      kind: 'load.progress',
      counts: { planned: 1, ok: 1, failed: 0, indeterminate: 0, dropped: 0 },
      lagMsMax: 0,
      perGroup: Object.fromEntries(GROUPS.map(({ name }) => [name, { ok: 0, notOk: 0, latencies: {} }])),
      perLink: {},
    });
    expect(tally.ended(false)).toMatchObject({ attempts: 1, lagMsMax: 3, counts: { ok: 1 } });
  });
});
