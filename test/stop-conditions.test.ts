/** Runs that end before their time by their own conditions, and one whose measuring stalls. */

import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../lib/journal/event.ts';
import type { ScenarioInput } from '../lib/scenario/schema.ts';
import { shortOutage, tell } from './story.ts';

const [app, control] = shortOutage().load.groups;
if (app === undefined || control === undefined) throw new Error('the story has lost its groups');

/** Callers of one Region, which goes for longer than anybody waits. */
const lasting: ScenarioInput = shortOutage({
  load: {
    duration: '60s',
    groups: [{ ...app, policy: { kind: 'pinned', endpoint: 'eu-west-1', attemptTimeLimitMs: 500 } }, control],
  },
  faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1600ms', for: '58s' }],
  expect: [],
});

const at = (events: readonly JournalEvent[], kind: JournalEvent['kind']): number =>
  events.find((event) => event.kind === kind)?.monoUs ?? Number.NaN;

describe('a stop condition', () => {
  it('that is broken ends the run within two seconds, with its faults healed', {
    timeout: 60_000,
  }, async () => {
    const { json, events, history } = await tell({
      scenario: { ...lasting, stop: [{ measure: 'success-ratio', below: 0.5, over: '2s', group: 'app' }] },
    });
    expect(json).toMatchObject({ verdict: 'aborted', exitCode: 4 });
    const aborted = events.find((event) => event.kind === 'run.aborted');
    expect(aborted).toMatchObject({
      by: 'stop-condition',
      reason: expect.stringMatching(
        /^the success ratio of 'app' was [\d.]+ % \(\d+ of \d+ arrivals\), below the limit of 50 %, over the last 2 s$/,
      ),
    });
    expect(json.reasons.join()).toContain('below the limit of 50 %');
    // The second that showed it was told at once.
    const shown = events.findLast(
      ({ kind, monoUs }) => kind === 'load.progress' && monoUs <= at(events, 'run.aborted'),
    );
    expect(at(events, 'load.ended') - (shown?.monoUs ?? Number.NaN)).toBeLessThan(2_000_000);
    expect(history.faults[0]).toMatchObject({ proved: true, healed: true });
  });

  it('that holds changes nothing', { timeout: 60_000 }, async () => {
    const { json } = await tell({
      scenario: shortOutage({
        load: { ...shortOutage().load, duration: '3s' },
        faults: [],
        expect: [{ name: 'served', kind: 'success-ratio', group: 'app', phase: 'all', atLeast: 0.9 }],
        stop: [
          { measure: 'success-ratio', below: 0.01, over: '1s' },
          { measure: 'latency', above: '30s', over: '1s' },
          { measure: 'leak', above: 0.5, over: '1s' },
          { measure: 'generator-lag', above: '20s', over: '1s' },
        ],
      }),
    });
    expect(json).toMatchObject({ verdict: 'pass', exitCode: 0 });
  });
});

describe('a run whose measuring stalls', () => {
  it('ends by itself, heals and proves nothing', { timeout: 60_000 }, async () => {
    let callers = 0;
    const { json, events, history } = await tell({
      scenario: lasting,
      onEvent: (event) => {
        if (event.kind === 'process.started' && event.name === 'callers') callers = event.pid;
        if (event.kind === 'fault.probed' && event.phase === 'during') process.kill(callers, 'SIGSTOP');
      },
    });
    expect(json).toMatchObject({ verdict: 'inconclusive', exitCode: 5 });
    expect(events.find((event) => event.kind === 'run.aborted')).toMatchObject({
      by: 'failure',
      reason: expect.stringContaining('said nothing for 3 s'),
    });
    expect(history.faults[0]).toMatchObject({ healed: true });
  });
});
