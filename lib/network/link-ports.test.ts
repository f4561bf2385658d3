import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../time/random.ts';
import { createPortChooser, freePort, linkPortRange, listenAgain, listenOnChosen } from './link-ports.ts';

const closed = (server: ReturnType<typeof createServer>) =>
  new Promise<void>((resolve) => server.close(() => resolve()));

describe('the ports of links', () => {
  it('lie below the ephemeral range of the machine', () => {
    expect(linkPortRange('32768\t60999\n')).toEqual({ from: 14_000, to: 32_768 });
    expect(linkPortRange('').to).toBe(49_152);
  });

  it('are given out once each, until there are no more', () => {
    const chooser = createPortChooser(createRandom(1), { from: 100, to: 103 });
    expect(new Set([chooser.next(), chooser.next(), chooser.next()])).toEqual(new Set([100, 101, 102]));
    expect(() => chooser.next()).toThrow('no free port between 100 and 102');
  });

  it('a taken one is skipped', async () => {
    const holder = createServer();
    const taken = await listenOnChosen(holder, createPortChooser(createRandom('skip')));
    const range = { from: taken, to: taken + 50 };
    const first = { ...createRandom(0), below: () => 0 };
    const server = createServer();
    expect(await listenOnChosen(server, createPortChooser(first, range))).toBeGreaterThan(taken);
    expect(await freePort(createPortChooser(first, range))).toBeGreaterThan(taken);
    await Promise.all([closed(holder), closed(server)]);
  });

  it('reopening a port that someone else holds meanwhile is an error that names it', async () => {
    const holder = createServer();
    const port = await listenOnChosen(holder, createPortChooser(createRandom('hold')));
    await expect(listenAgain(createServer(), port)).rejects.toMatchObject({
      code: 'RF-PORT-TAKEN',
      exitCode: 3,
      message: expect.stringContaining(String(port)),
    });
    await closed(holder);
  });
});
