/** What the benchmarks of links call, in a process of its own: an echo, a sink for streams, and HTTPS. */

import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { reportServer } from './bench-kit.ts';

export const HOST = 'sts.eu-west-1.amazonaws.com';
/** The sink says a byte whenever so many more have come; a multiple of every chunk that is sent. */
export const ANSWER_EVERY_BYTES = 4 * 1024 * 1024;

const { CERTIFICATE, KEY } = process.env;
if (CERTIFICATE !== undefined && KEY !== undefined) await serve(CERTIFICATE, KEY);

async function serve(cert: string, key: string): Promise<void> {
  const echo = createServer({ noDelay: true }, (socket) => {
    socket.on('data', (bytes) => socket.write(bytes)).on('error', () => socket.destroy());
  });
  const sink = createServer({ noDelay: true }, (socket) => {
    let sinceAnswer = 0;
    socket
      .on('data', (bytes) => {
        sinceAnswer += bytes.length;
        for (; sinceAnswer >= ANSWER_EVERY_BYTES; sinceAnswer -= ANSWER_EVERY_BYTES) socket.write('.');
      })
      .on('error', () => socket.destroy());
  });
  const https = createHttpsServer({ cert, key, minVersion: 'TLSv1.3' }, (_, response) => response.end('yes'));
  const ports = await Promise.all([echo, sink, https].map(listen));
  const directory = createHttpServer((_, response) => response.end(JSON.stringify(ports)));
  reportServer(await listen(directory));
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
