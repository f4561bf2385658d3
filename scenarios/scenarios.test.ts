import { describe, expect, test } from 'vitest';
import { loadScenarios, SCENARIOS_FOLDER, scenarioFiles } from '../lib/scenario/load-scenario.ts';
import { durationUs } from '../lib/time/duration.ts';

const scenarios = await loadScenarios(SCENARIOS_FOLDER);

describe('the scenarios that come with Regionfall', () => {
  test('stand each in a file of its name', () => {
    expect(scenarios.map(({ scenario }) => scenario.name)).toEqual([
      'clients-in-an-outage',
      'global-endpoint-outage',
      'late-activation',
      'october-2025',
      'own-k6-script',
      'partition-wall',
      'region-deactivated',
      'region-outage',
      'region-silence',
      'sdk-and-faults',
    ]);
    expect(scenarioFiles(SCENARIOS_FOLDER)).toHaveLength(10);
    for (const { path, scenario } of scenarios) expect(path).toContain(`${scenario.name}.scenario.ts`);
  });

  test.for(scenarios)('$scenario.name asks a question and states what it expects', ({ scenario }) => {
    expect(scenario.question).toMatch(/\?$/);
    expect(scenario.expect.length).toBeGreaterThan(0);
  });

  test.for(scenarios)('$scenario.name takes a minute at most', ({ scenario }) => {
    expect(durationUs(scenario.load.duration)).toBeLessThanOrEqual(60_000_000);
  });

  test.for(scenarios)('$scenario.name watches isolation with enough traffic for a p99', ({ scenario }) => {
    if (!scenario.expect.some((expected) => expected.kind === 'isolation')) return;
    const [fault] = scenario.faults;
    if (fault === undefined) throw new Error('no fault');
    // Before loses a second to the guard band; a p99 with its interval takes 368 answers.
    const seconds = Math.min(durationUs(fault.at) / 1e6 - 1, durationUs(fault.for) / 1e6);
    const watchers = scenario.load.groups.filter((group) => /^(control|regional)-/.test(group.name));
    expect(watchers.length).toBeGreaterThan(0);
    // Three standard deviations of a Poisson count to spare.
    for (const group of watchers) {
      const arrivals = group.ratePerSecond * seconds;
      expect(arrivals - 3 * Math.sqrt(arrivals)).toBeGreaterThan(368);
    }
  });

  test.for(scenarios)('$scenario.name survives JSON unchanged', ({ scenario }) => {
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
  });
});
