import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { dial, exchange, openService } from '../../test/tcp-peers.ts';
import { createRandom } from '../time/random.ts';
import { holdPort } from './full-backlog.ts';
import { createPortChooser, freePort, LOOPBACK, listenAgain } from './link-ports.ts';

const ports = createPortChooser(createRandom(`backlog/${process.pid}`));

describe.runIf(process.platform === 'linux')('a held port', () => {
  it('neither lets a connect through nor refuses it', async () => {
    const port = await freePort(ports);
    const held = await holdPort(port);
    try {
      const witness = await openService();
      const told: string[] = [];
      const callers = Array.from({ length: 5 }, () => {
        const socket = connect({ host: LOOPBACK, port });
        socket.once('connect', () => told.push('connected')).on('error', (error) => told.push(error.message));
        return socket;
      });
      // Whole exchanges elsewhere that began later are over: an answer would have been here by now.
      for (let round = 0; round < 20; round += 1) {
        const peer = dial(witness.port);
        await exchange(peer);
        peer.socket.destroy();
      }
      expect(told).toEqual([]);
      for (const socket of callers) socket.destroy();
      await witness[Symbol.asyncDispose]();
    } finally {
      await held.release();
    }
  });

  it('is free the moment it is released, as often as one likes', async () => {
    const port = await freePort(ports);
    for (let round = 0; round < 3; round += 1) {
      const held = await holdPort(port);
      await held.release();
      const server = createServer((socket) => socket.end());
      await listenAgain(server, port);
      await new Promise<void>((resolve) => {
        connect({ host: LOOPBACK, port }).once('connect', resolve).resume();
      });
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  });

  it('that somebody else has is not held, and says so', async () => {
    const server = createServer();
    const port = await freePort(ports);
    await listenAgain(server, port);
    await expect(holdPort(port)).rejects.toThrow(`port ${port}`);
    server.close();
  });
});
