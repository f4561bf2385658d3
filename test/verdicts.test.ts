import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../lib/scenario/schema.ts';
import { shortOutage, tell } from './story.ts';

const quick: ScenarioInput['load'] = { ...shortOutage().load, duration: '4s' };
const outage: ScenarioInput['faults'] = [
  { name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1600ms', for: '1200ms' },
];

describe('a verdict', () => {
  it('is fail, exit 1, and says by how much, when an expectation breaks', { timeout: 60_000 }, async () => {
    const { json } = await tell({
      scenario: shortOutage({
        load: quick,
        faults: outage,
        expect: [
          {
            name: 'no time at all',
            kind: 'recovery',
            fault: 'outage',
            group: 'app',
            milestone: 'failedOver',
            within: '1ms',
          },
        ],
      }),
    });
    expect(json).toMatchObject({ verdict: 'fail', exitCode: 1 });
    const [result] = json.expectations;
    expect(result?.verdict).toBe('fail');
    expect(result?.value).toBeGreaterThan(0.001);
    expect(result?.sentence).toMatch(/over the limit of 1(\.00)? ms/);
  });

  it('is inconclusive, exit 5, when there are no samples', { timeout: 60_000 }, async () => {
    const [group] = quick.groups;
    if (group === undefined) throw new Error('the story has lost its group');
    const { json } = await tell({
      scenario: shortOutage({
        load: { duration: '1s', groups: [{ ...group, ratePerSecond: 0.01, arrivals: 'even' }] },
        faults: [],
        expect: [{ name: 'all is well', kind: 'success-ratio', group: 'app', phase: 'all', atLeast: 0 }],
      }),
    });
    expect(json).toMatchObject({ verdict: 'inconclusive', exitCode: 5, counts: { planned: 0 } });
  });

  it('is aborted, exit 4, with faults lifted and a report, when a person stops the run', {
    timeout: 60_000,
  }, async () => {
    const person = new AbortController();
    const { json, events, history } = await tell({
      scenario: shortOutage({
        load: { ...quick, duration: '60s' },
        faults: [
          { name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1600ms', for: '50s' },
        ],
      }),
      signal: person.signal,
      onEvent: (event) => {
        if (event.kind === 'fault.probed' && event.phase === 'during') person.abort('Ctrl-C');
      },
    });
    expect(json).toMatchObject({ verdict: 'aborted', exitCode: 4 });
    const kinds = events.map((event) => event.kind);
    expect(kinds.indexOf('fault.healed')).toBeGreaterThan(kinds.indexOf('run.aborted'));
    expect(history.faults[0]).toMatchObject({ healed: true });
    const { planned, ok, failed, indeterminate, dropped } = json.counts;
    expect(planned).toBe(ok + failed + indeterminate + dropped);
    const at = (kind: string): number => events.find((event) => event.kind === kind)?.monoUs ?? Number.NaN;
    expect(at('load.ended') - at('run.aborted')).toBeLessThan(1_000_000);
    expect(at('fault.healed') - at('run.aborted')).toBeLessThan(2_000_000);
  });
});
