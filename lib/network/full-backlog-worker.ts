/**
 * The thread behind full-backlog.ts: listens with the shortest queue there is and then stands still, so that nothing is
 * ever accepted. It goes on only to end.
 */

import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { port, host, gate } = workerData as { port: number; host: string; gate: Int32Array };

const server = createServer();
server.once('error', (error: NodeJS.ErrnoException) =>
  parentPort?.postMessage({ failed: error.code ?? error.message }),
);
server.listen({ host, port, backlog: 1, exclusive: true }, () => {
  parentPort?.postMessage({ failed: undefined });
  Atomics.wait(gate, 0, 0);
  server.close();
  parentPort?.close();
});
