/** A world of its own, outside any run: what `up` and `exec` stand on, with no guardian beside it. */

import { expect, it } from 'vitest';
import { openWorld } from '../lib/world/local-world.ts';
import { isAlive } from './processes.ts';
import { partOrSkip } from './required-part.ts';

const toxiproxy = await partOrSkip('toxiproxy');

toxiproxy.suite('a world behind Toxiproxy', () => {
  it('leaves none behind when its network process is killed', { timeout: 60_000 }, async () => {
    const pids = new Map<string, number>();
    const world = await openWorld({
      regions: ['eu-west-1'],
      global: false,
      locations: ['eu-west-1'],
      network: 'toxiproxy',
      seed: 7,
      edges: [],
      onProcess: ({ name, pid }) => pids.set(name, pid),
    });
    const pid = pids.get('toxiproxy') ?? 0;
    expect(isAlive(pid)).toBe(true);
    world.network.kill();
    await world[Symbol.asyncDispose]();
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });
});
