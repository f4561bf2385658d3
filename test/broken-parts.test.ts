/** Parts of the harness that die or hang in mid-fault: never counted against STS, never a pass, nothing left. */

import { describe, expect, it } from 'vitest';
import { isAlive, processesOf } from './processes.ts';
import { partOrSkip } from './required-part.ts';
import { type Story, shortOutage, tell } from './story.ts';

const toxiproxy = await partOrSkip('toxiproxy');

const scenario = shortOutage({
  load: { ...shortOutage().load, duration: '30s' },
  faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1600ms', for: '28s' }],
});

/** Runs until the fault is seen to bite, then does something to one of the run's own processes. */
async function hurt(
  name: string,
  signal: NodeJS.Signals,
  network: 'embedded' | 'toxiproxy' = 'embedded',
): Promise<Story & { readonly left: readonly string[] }> {
  let family: ReturnType<typeof processesOf> = [];
  const story = await tell({
    scenario,
    network,
    onEvent: (event, folder) => {
      if (event.kind !== 'fault.probed' || event.phase !== 'during') return;
      family = processesOf(folder).filter((process) => process.name !== 'conductor');
      process.kill(family.find((process) => process.name === name)?.pid ?? 0, signal);
    },
  });
  return { ...story, left: family.filter(({ pid }) => isAlive(pid)).map((process) => process.name) };
}

describe.each([
  ['service', 'SIGKILL', 'the service process ended (SIGKILL)'],
  ['network', 'SIGKILL', 'the network process ended (SIGKILL)'],
  ['callers', 'SIGKILL', 'the callers process ended (SIGKILL)'],
  ['guardian', 'SIGKILL', 'the guardian process ended'],
  ['service', 'SIGSTOP', 'the service process does not answer'],
  ['network', 'SIGSTOP', 'the network process does not answer'],
  ['callers', 'SIGSTOP', "the callers' process said nothing"],
] as const)('a run whose %s process gets %s', (name, signal, told) => {
  it('ends inconclusive, says so, and leaves nothing', { timeout: 60_000 }, async () => {
    const { json, left } = await hurt(name, signal);
    expect(json).toMatchObject({ verdict: 'inconclusive', exitCode: 5 });
    expect(json.reasons[0]).toContain('A part of the harness failed');
    expect(json.reasons[0]).toContain(told);
    expect(left).toEqual([]);
  });
});

toxiproxy.suite('a run behind Toxiproxy', () => {
  it.each([
    ['toxiproxy', 'SIGKILL', 'Toxiproxy had to be replaced'],
    ['toxiproxy', 'SIGSTOP', 'Toxiproxy had to be replaced'],
    ['network', 'SIGKILL', 'the network process ended (SIGKILL)'],
    ['network', 'SIGSTOP', 'the network process does not answer'],
  ] as const)(
    'whose %s process gets %s is inconclusive and leaves nothing',
    { timeout: 60_000 },
    async (name, signal, told) => {
      const { json, left } = await hurt(name, signal, 'toxiproxy');
      expect(json).toMatchObject({ verdict: 'inconclusive', exitCode: 5 });
      expect(json.reasons[0]).toContain(told);
      expect(left).toEqual([]);
    },
  );
});
