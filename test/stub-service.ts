/** A remote end for tests of callers: speaks TLS under one name and answers as the test says, without verifying. */

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { EXTENDED_REQUEST_ID_HEADER, encodeExtendedRequestId } from '../lib/aws/extended-request-id.ts';
import { type Authority, createAuthority } from '../lib/world/certificates.ts';

export type Behaviour = (request: IncomingMessage, response: ServerResponse, form: URLSearchParams) => void;

export interface StubService extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly authority: Authority;
  /** What was asked, in order. */
  readonly forms: URLSearchParams[];
  readonly userAgents: string[];
  /** TCP connections so far. */
  connections(): number;
  /** TCP connections open now. */
  open(): number;
  behave(behaviour: Behaviour): void;
  /** Stops listening and resets every connection, as a refused link does. */
  goAway(): Promise<void>;
  /** Listens again on the same port. */
  comeBack(): Promise<void>;
}

/** Success in the shape of STS. */
export const answerOk: Behaviour = (_, response, form) => {
  const action = form.get('Action') ?? '';
  answer(
    response,
    200,
    `<${action}Response><ResponseMetadata><RequestId>ok-1</RequestId></ResponseMetadata></${action}Response>`,
  );
};

export function answerError(status: number, code: string): Behaviour {
  return (_, response) =>
    answer(
      response,
      status,
      `<ErrorResponse><Error><Code>${code}</Code></Error><RequestId>no-1</RequestId></ErrorResponse>`,
    );
}

/** Reads the request and never answers. */
export const keepSilent: Behaviour = () => {};

export interface StubOptions {
  readonly host?: string;
  /** The serving Region that its answers name. */
  readonly region?: string;
  /** Shared with another stub, when one caller should trust both. */
  readonly authority?: Authority;
}

export async function openStubService(options: StubOptions = {}): Promise<StubService> {
  const { host = 'sts.stub.test', region = 'eu-west-1' } = options;
  const authority = options.authority ?? (await createAuthority(Date.now()));
  const { certificatePem, keyPem } = await authority.issue(host);
  const sockets = new Set<Socket>();
  const forms: URLSearchParams[] = [];
  const userAgents: string[] = [];
  let connections = 0;
  let behaviour = answerOk;
  const server = createServer({ cert: certificatePem, key: keyPem }, (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const form = new URLSearchParams(body);
      forms.push(form);
      userAgents.push(request.headers['user-agent'] ?? '');
      response.setHeader(
        EXTENDED_REQUEST_ID_HEADER,
        encodeExtendedRequestId({ region, atMs: Date.now(), nonce: 'STUBSTUB' }),
      );
      behaviour(request, response, form);
    });
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const goAway = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  return {
    host,
    port,
    authority,
    forms,
    userAgents,
    connections: () => connections,
    open: () => sockets.size,
    behave: (next) => {
      behaviour = next;
    },
    goAway,
    comeBack: async () => {
      await listen(port);
    },
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await goAway();
    },
  };
}

function answer(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) })
    .end(body);
}
