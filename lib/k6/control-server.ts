/** Where k6's `setup` asks for the start: that it asks says that it is ready, and the answer is the moment of zero. */

import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ControlServer {
  readonly url: string;
  /** Resolves when somebody waits for the start. */
  readonly asked: Promise<void>;
  /** @param originMs Epoch milliseconds. */
  start(originMs: number): void;
  close(): void;
}

export async function openControlServer(): Promise<ControlServer> {
  const path = `/${randomBytes(16).toString('hex')}`;
  const asked = Promise.withResolvers<void>();
  const waiting = new Set<ServerResponse>();
  let origin: number | undefined;
  const answer = (response: ServerResponse, originMs: number): void => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ originMs }));
  };
  const server = createServer((request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    asked.resolve();
    if (origin !== undefined) answer(response, origin);
    else waiting.add(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    asked: asked.promise,
    start: (originMs) => {
      origin = originMs;
      for (const response of waiting) answer(response, originMs);
      waiting.clear();
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
