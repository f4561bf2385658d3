/**
 * Parts of the harness that hang in mid-fault: never counted against STS, never a pass, nothing left. Those that die
 * are in kill.test.ts.
 */

import { describe, expect, it } from 'vitest';
import { isAlive, processesOf } from './processes.ts';
import { partOrSkip } from './required-part.ts';
import { inParallel } from './soak/in-parallel.ts';
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

type Stopped = readonly [name: string, network: 'embedded' | 'toxiproxy', told: string];

const STOPPED: readonly Stopped[] = [
  ['service', 'embedded', 'the service process does not answer'],
  ['network', 'embedded', 'the network process does not answer'],
  ['callers', 'embedded', "the callers' process said nothing"],
];

const STOPPED_BEHIND_TOXIPROXY: readonly Stopped[] = [
  ['toxiproxy', 'toxiproxy', 'Toxiproxy had to be replaced'],
  ['network', 'toxiproxy', 'the network process does not answer'],
];

/** Such runs mostly wait, so they wait together. */
async function expectHonestEnds(stopped: readonly Stopped[]): Promise<void> {
  await inParallel(3, stopped, async ([name, network, told]) => {
    const { json, left } = await stop(name, network);
    expect(json, name).toMatchObject({ verdict: 'inconclusive', exitCode: 5 });
    expect(json.reasons[0], name).toContain('A part of the harness failed');
    expect(json.reasons[0], name).toContain(told);
    expect(left, name).toEqual([]);
  });
}

describe('a run with a process that is stopped', () => {
  it('ends inconclusive, says which, and leaves nothing', { timeout: 120_000 }, () =>
    expectHonestEnds(STOPPED),
  );
});

toxiproxy.suite('a run behind Toxiproxy with a process that is stopped', () => {
  it('ends inconclusive, says which, and leaves nothing', { timeout: 120_000 }, () =>
    expectHonestEnds(STOPPED_BEHIND_TOXIPROXY),
  );
});
