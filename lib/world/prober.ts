/**
 * Single calls over one link, each on a fresh connection and with a deadline: how faults are proved to bite and to
 * have healed, and how session credentials are fetched before a load begins.
 */

import { Agent, request } from 'node:https';
import type { Credentials } from '../aws/credentials.ts';
import { readAnswer } from '../aws/sts-answer.ts';
import { type QueryService, queryRequest } from '../aws/sts-request.ts';
import { monotonicUs } from '../time/monotonic.ts';

export interface QueryCall {
  readonly service: QueryService;
  readonly host: string;
  /** Port of the link on 127.0.0.1. */
  readonly port: number;
  readonly signingRegion: string;
  readonly operation: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly caPem: string;
  readonly userAgent: string;
  readonly timeLimitMs: number;
}

export type StsAnswer = ReturnType<typeof readAnswer>;

export interface CallOutcome {
  /**
   * `unreachable`: not even a connection within the limit. `silent`: a connection, and nothing came back within the
   * limit. `reset`: the connection was lost, in the middle of its handshake or later.
   */
  readonly observed: 'ok' | 'refused' | 'unreachable' | 'reset' | 'silent' | 'error';
  /** 0 without an answer. */
  readonly status: number;
  readonly errorCode: string;
  readonly elapsedMs: number;
  readonly answer?: StsAnswer;
  /** As it came, for what {@link StsAnswer} does not read. */
  readonly body?: string;
}

/** Never rejects: what goes wrong on the way is what a probe is there to see. */
export function callQuery(call: QueryCall): Promise<CallOutcome> {
  const startedUs = monotonicUs();
  const agent = new Agent({ keepAlive: false });
  const message = queryRequest({ ...call, atMs: Date.now() }, call.service);
  const elapsedMs = (): number => (monotonicUs() - startedUs) / 1_000;
  return new Promise((resolve) => {
    const outgoing = request({
      agent,
      host: '127.0.0.1',
      port: call.port,
      servername: call.host,
      ca: call.caPem,
      method: message.method,
      path: message.path,
      headers: message.headers,
    });
    const settle = (outcome: Omit<CallOutcome, 'elapsedMs'>): void => {
      clearTimeout(limit);
      resolve({ ...outcome, elapsedMs: elapsedMs() });
      outgoing.destroy();
      agent.destroy();
    };
    let connected = false;
    outgoing.on('socket', (socket) => {
      socket.once('connect', () => {
        connected = true;
      });
    });
    const limit = setTimeout(
      () => settle({ observed: connected ? 'silent' : 'unreachable', status: 0, errorCode: 'ETIMEDOUT' }),
      call.timeLimitMs,
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.name;
      settle({ observed: OBSERVED[code] ?? 'error', status: 0, errorCode: code });
    });
    outgoing.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('error', (error: NodeJS.ErrnoException) => {
        settle({ observed: 'reset', status: 0, errorCode: error.code ?? error.name });
      });
      response.on('end', () => {
        const answer = readAnswer(response.statusCode ?? 0, response.headers, body);
        settle({
          observed: answer.ok ? 'ok' : 'error',
          status: response.statusCode ?? 0,
          errorCode: answer.errorCode,
          answer,
          body,
        });
      });
    });
    outgoing.end(message.body);
  });
}

/** What the machine's own codes say of the way; every other code is an answer that was no good. */
const OBSERVED: Readonly<Record<string, CallOutcome['observed']>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  // An answer that ends in the middle of its headers.
  HPE_INVALID_EOF_STATE: 'reset',
  ETIMEDOUT: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
};
