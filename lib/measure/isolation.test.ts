import { describe, expect, it } from 'vitest';
import type { Expectation } from './expectation.ts';
import { altered, fixtureHistory } from './fixture-history.ts';
import { isolationOf } from './isolation.ts';
import { judge } from './verdict.ts';

const EXPECTED: Expectation = {
  name: 'the others do not feel it',
  kind: 'isolation',
  errorIncreaseAtMost: 0.01,
  p99IncreaseAtMost: '20ms',
};

describe('isolation', () => {
  it('compares callers at home in other Regions and leaves out those the fault drove there', () => {
    const rows = isolationOf(fixtureHistory());
    expect(rows.map((row) => row.region)).toEqual(['eu-central-1', 'us-east-1']);
    expect(rows.map((row) => row.groups)).toEqual([['control-central'], ['control-east', 'control-global']]);
    for (const row of rows) {
      expect(row.errorChange?.value).toBe(0);
      expect(row.p99ChangeUs).not.toBeNull();
    }
  });

  it('never blames one fault for what another does to the same Region', () => {
    const [fromUs, toUs] = [30_000_000, 45_000_000];
    const failing = altered((samples) =>
      samples.map((sample) =>
        sample.caller.startsWith('control-central') && sample.plannedUs > fromUs && sample.plannedUs < toUs
          ? { ...sample, outcome: 'failed' }
          : sample,
      ),
    );
    const [outage] = failing.faults;
    if (outage === undefined) throw new Error('the fixture has no fault');
    const crawl = { ...outage, name: 'crawl', regions: ['eu-central-1'], links: [] };
    const times = { appliedRequestedUs: fromUs, appliedUs: fromUs, liftedRequestedUs: toUs, liftedUs: toUs };
    const both = { ...failing, faults: [outage, { ...crawl, ...times }] };
    const row = isolationOf(both).find(
      ({ fault, region }) => fault === 'outage' && region === 'eu-central-1',
    );
    expect(row?.during.n).toBeGreaterThan(0);
    expect(row?.during.errors).toBe(0);
  });

  it('says so when nobody watched a Region', () => {
    const history = altered((samples) => samples);
    const onlyApp = new Map([...history.callers].filter(([, caller]) => caller.group === 'app'));
    const rows = isolationOf({ ...history, callers: onlyApp });
    expect(rows[0]).toMatchObject({ groups: [], before: { n: 0 }, errorChange: null, p99ChangeUs: null });
    expect(judge({ ...history, callers: onlyApp }, [EXPECTED]).reasons[0]).toContain('nobody watched');
  });
});
