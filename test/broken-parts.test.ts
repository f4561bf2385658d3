/**
 * Parts of the harness that hang in mid-fault: never counted against STS, never a pass, nothing left. Those that die
 * are in kill.test.ts.
 */

import { describe, expect, it } from 'vitest';
import { isAlive, processesOf } from './processes.ts';
import { partOrSkip } from './required-part.ts';
import { type Story, shortOutage, tell } from './story.ts';

const toxiproxy = await partOrSkip('toxiproxy');

const scenario = shortOutage({
  load: { ...shortOutage().load, duration: '30s' },
  faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1600ms', for: '28s' }],
});

/** Runs until the fault is seen to bite, then stops one of the run's own processes. */
async function stop(
  name: string,
  network: 'embedded' | 'toxiproxy' = 'embedded',
): Promise<Story & { readonly left: readonly string[] }> {
  let family: ReturnType<typeof processesOf> = [];
  const story = await tell({
    scenario,
    network,
    onEvent: (event, folder) => {
      if (event.kind !== 'fault.probed' || event.phase !== 'during') return;
      family = processesOf(folder).filter((process) => process.name !== 'conductor');
      process.kill(family.find((process) => process.name === name)?.pid ?? 0, 'SIGSTOP');
    },
  });
  return { ...story, left: family.filter(({ pid }) => isAlive(pid)).map((process) => process.name) };
}

describe.each([
  ['service', 'the service process does not answer'],
  ['network', 'the network process does not answer'],
  ['callers', "the callers' process said nothing"],
] as const)('a run whose %s process is stopped', (name, told) => {
  it('ends inconclusive, says so, and leaves nothing', { timeout: 60_000 }, async () => {
    const { json, left } = await stop(name);
    expect(json).toMatchObject({ verdict: 'inconclusive', exitCode: 5 });
    expect(json.reasons[0]).toContain('A part of the harness failed');
    expect(json.reasons[0]).toContain(told);
    expect(left).toEqual([]);
  });
});

toxiproxy.suite('a run behind Toxiproxy', () => {
  it.each([
    ['toxiproxy', 'Toxiproxy had to be replaced'],
    ['network', 'the network process does not answer'],
  ] as const)(
    'whose %s process is stopped is inconclusive and leaves nothing',
    { timeout: 60_000 },
    async (name, told) => {
      const { json, left } = await stop(name, 'toxiproxy');
      expect(json).toMatchObject({ verdict: 'inconclusive', exitCode: 5 });
      expect(json.reasons[0]).toContain(told);
      expect(left).toEqual([]);
    },
  );
});
