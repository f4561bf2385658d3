import { describe, expect, it } from 'vitest';
import { arrivalsOf } from '../../lib/measure/arrivals.ts';
import { fixtureHistory } from '../../lib/measure/fixture-history.ts';
import { timeAxisOf } from '../page/time-axis.ts';
import { latencyFindings } from './findings.ts';
import { familyOf, latencyModel } from './model.ts';

const history = fixtureHistory();
const axis = timeAxisOf(history);
const model = latencyModel(history, axis);
const HOME = 'sts.eu-west-1.amazonaws.com';
const ELSEWHERE = 'sts.eu-central-1.amazonaws.com';

function route(location: string, endpoint: string) {
  return model.routes.find((entry) => entry.location === location && entry.endpoint === endpoint);
}

describe('the latency model', () => {
  it('counts every success once, over time as in all', () => {
    const inBuckets = model.overTime.reduce((sum, { n }) => sum + n, 0);
    expect(inBuckets).toBe(history.counts.ok);
    expect(model.overTime.every(({ buckets }) => buckets.length === axis.buckets)).toBe(true);
  });

  it('counts every failed attempt at the endpoint where it failed', () => {
    const failed = model.overTime.flatMap(({ endpoint, failures }) =>
      failures.map((entry) => ({ endpoint, ...entry })),
    );
    const attempts = arrivalsOf(history).reduce((sum, { rows }) => sum + rows.length, 0);
    expect(failed.reduce((sum, entry) => sum + entry.count, 0)).toBe(attempts - history.counts.ok);
    expect(new Set(failed.map(({ endpoint, family }) => `${endpoint} ${family}`))).toEqual(
      new Set([`${HOME} network`]),
    );
  });

  it('shows callers that failed over at the endpoint that served them, with the longer way', () => {
    const [before, during] = route('eu-west-1', ELSEWHERE)?.phases ?? [];
    expect(before?.n).toBe(0);
    expect(during?.label).toBe('during outage');
    expect(during?.okShare?.value).toBe(1);
    expect(during?.quantilesUs[0]?.value).toBeGreaterThan(24_800);
    expect(route('eu-west-1', HOME)?.phases[1]).toMatchObject({ n: 0, okShare: null });
    expect(route('eu-west-1', HOME)?.phases[1]?.failedAttempts).toBeGreaterThan(0);
  });

  it('has a panel for each link of the table, in its order, and never mixes two locations', () => {
    const links = ({ location, endpoint }: { location: string; endpoint: string }) =>
      `${location} ${endpoint}`;
    expect(model.overTime.map(links)).toEqual(model.routes.map(links));
    const near = model.overTime.find(({ location }) => location === 'eu-central-1');
    const far = model.overTime.find((link) => link.location === 'eu-west-1' && link.endpoint === ELSEWHERE);
    const medians = (link: typeof near) => link?.buckets.flatMap(({ p50Us }) => p50Us ?? []) ?? [];
    expect(near?.endpoint).toBe(ELSEWHERE);
    expect(Math.max(...medians(near))).toBeLessThan(Math.min(...medians(far)));
  });

  it('gives no percentile without an interval, and ends the curve there', () => {
    for (const phase of model.routes.flatMap(({ phases }) => phases)) {
      if (phase.n < 3_688) expect(phase.quantilesUs[3]).toBeNull();
    }
    for (const { points } of model.curves) {
      for (const { low, value, high } of points) expect(low <= value && value <= high).toBe(true);
      expect(points.at(-1)?.percentile).toBeLessThan(0.999);
    }
  });

  it('leaves dropped arrivals out of every latency', () => {
    const dropping = fixtureHistory({ droppedShare: 0.5 });
    const { overTime } = latencyModel(dropping, timeAxisOf(dropping));
    expect(overTime.reduce((sum, { n }) => sum + n, 0)).toBe(dropping.counts.ok);
  });

  it('tells a broken connection from a time limit and from an answer', () => {
    expect(familyOf(0, 'ECONNREFUSED')).toBe('network');
    expect(familyOf(0, 'ETIMEDOUT')).toBe('time-limit');
    expect(familyOf(403, 'RegionDisabledException')).toBe('answer');
  });
});

describe('the findings on latency', () => {
  it('name the link over which attempts failed and the slowest way', () => {
    const findings = latencyFindings(model);
    expect(findings.overTime).toBe(`Attempts failed over eu-west-1 → ${HOME}; none over the other 4 links`);
    expect(findings.table).toContain(`eu-west-1 → ${ELSEWHERE}, during outage`);
    expect(findings.curve).toMatch(/^The slowest of the requests that succeeded got slower/);
  });

  it('claim no change where the intervals overlap', () => {
    const calm = fixtureHistory({ outage: false });
    const findings = latencyFindings(latencyModel(calm, timeAxisOf(calm)));
    expect(findings.curve).toBe('How slow the slowest requests were');
    expect(findings.overTime).toBe('No attempt failed over any link');
  });
});
