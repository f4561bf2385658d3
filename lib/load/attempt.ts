/** One attempt over a caller's connection: sends a signed request, reads the answer, says what became of it. */

import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { readAnswer } from '../aws/sts-answer.ts';
import { starvation } from '../process/starvation.ts';
import type { Clock } from '../time/monotonic.ts';
import type { Connection, SocketNotes } from './connection.ts';
import type { AttemptResult, LiveAttempt } from './transport.ts';

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An STS answer is a few kilobytes; whoever sends more is no STS. */
const ANSWER_LIMIT_BYTES = 1_000_000;

export function sendAttempt(
  connection: Connection,
  signed: SignedRequest,
  now: Clock,
  settle: (result: AttemptResult) => void,
): LiveAttempt {
  let settled = false;
  let reused = false;
  let notes: SocketNotes | undefined;
  let givenUs = -1;
  let waitUs = -1;

  const { method, path, headers } = signed;
  const request = httpsRequest({ agent: connection.agent, method, path, headers });

  /** When the first byte of the request could leave; −1 while it could not. */
  const sentUs = (): number =>
    notes === undefined || notes.securedUs < 0 ? -1 : Math.max(notes.securedUs, givenUs);

  const finish = (result: Pick<AttemptResult, 'outcome' | 'errorCode'> & Partial<AttemptResult>): void => {
    if (settled) return;
    settled = true;
    settle({
      status: 0,
      servingRegion: '',
      requestId: '',
      reused,
      connectUs: reused ? -1 : (notes?.connectUs ?? -1),
      tlsUs: reused ? -1 : (notes?.tlsUs ?? -1),
      waitUs,
      ...result,
    });
  };

  const lose = (error: NodeJS.ErrnoException): void => {
    const starved = starvation("the callers' process", error.code);
    if (starved !== undefined && !settled) connection.onStarved(starved);
    finish(lostOutcome(error.code ?? '', sentUs() >= 0));
  };

  request.on('socket', (socket) => {
    givenUs = now();
    notes = connection.notesOf(socket);
    reused = notes.requests > 0;
    notes.requests += 1;
  });
  request.on('error', lose);
  request.on('response', (response) => {
    waitUs = now() - sentUs();
    readBody(response, lose, (body) => finish(answerOutcome(response, body)));
  });
  request.end(signed.body);

  return {
    abandon: (errorCode) => {
      finish({ outcome: 'indeterminate', errorCode });
      request.destroy();
    },
  };
}

/**
 * What a network error means for the request. Before the handshake was over none of it can have reached the
 * service; after that nobody knows how far it came.
 */
export function lostOutcome(errnoCode: string, sent: boolean): Pick<AttemptResult, 'outcome' | 'errorCode'> {
  // EPIPE is the same loss, noticed while writing instead of reading.
  const errorCode = errnoCode === 'EPIPE' || errnoCode === '' ? 'ECONNRESET' : errnoCode;
  return { outcome: sent && errorCode !== 'ECONNREFUSED' ? 'indeterminate' : 'failed', errorCode };
}

function answerOutcome(
  response: IncomingMessage,
  body: string,
): Pick<AttemptResult, 'outcome' | 'status' | 'errorCode' | 'servingRegion' | 'requestId'> {
  const status = response.statusCode ?? 0;
  const answer = readAnswer(status, response.headers, body);
  const ok = answer.ok && status < 400;
  return {
    outcome: ok ? 'ok' : 'failed',
    status,
    errorCode: ok ? '' : answer.errorCode || `HTTP${status}`,
    servingRegion: answer.servingRegion,
    requestId: answer.requestId,
  };
}

function readBody(
  response: IncomingMessage,
  lose: (error: NodeJS.ErrnoException) => void,
  done: (body: string) => void,
): void {
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    body += text;
    if (body.length > ANSWER_LIMIT_BYTES) response.destroy(new Error('the answer is too long'));
  });
  response.on('error', lose);
  response.on('end', () => done(body));
}
