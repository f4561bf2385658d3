/** One signed request of a caller inside k6, and what became of it in the words of our own engine. */

import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { decodeExtendedRequestId, EXTENDED_REQUEST_ID_HEADER } from '../../aws/extended-request-id.ts';
import { readAnswer, type StsAnswer } from '../../aws/sts-answer.ts';
import { ATTEMPT_METRIC, type AttemptRow, encodeRow } from './attempt-row.ts';

export interface Exchange {
  readonly outcome: 'ok' | 'failed' | 'indeterminate';
  readonly status: number;
  readonly errorCode: string;
  readonly servingRegion: string;
  readonly requestId: string;
  readonly tookUs: number;
  readonly reused: boolean;
  readonly connectUs: number;
  readonly tlsUs: number;
  readonly waitUs: number;
  readonly servedAtMs: number;
  readonly credentials: StsAnswer['credentials'];
}

export interface ExchangeOrder {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Infinite: as long as k6 can wait. */
  readonly timeLimitMs: number;
  /** See phase.ts. */
  readonly phase: string | undefined;
}

/** k6 has no "for ever". */
const FOR_EVER_MS = 86_400_000;
const TAGS = { name: 'sts' };

/** Never rejects. */
export async function exchange({ url, headers, body, timeLimitMs, phase }: ExchangeOrder): Promise<Exchange> {
  const sentMs = Date.now();
  const response = await http.asyncRequest('POST', url, body, {
    headers,
    timeout: Math.max(1, Math.round(Math.min(timeLimitMs, FOR_EVER_MS))),
    redirects: 0,
    responseType: 'text',
    tags: phase === undefined ? TAGS : { ...TAGS, phase },
    ...DOES_NOT_THROW,
  });
  const { status, timings } = response;
  const { blocked, connecting, tls_handshaking: tls, waiting, duration } = timings;
  const reused = connecting === 0 && tls === 0 && status !== 0;
  const shared = {
    reused,
    connectUs: connecting > 0 ? Math.round(connecting * 1_000) : -1,
    tlsUs: tls > 0 ? Math.round(tls * 1_000) : -1,
  };
  if (status === 0) {
    const errorCode = errorCodeOf(response.error_code, response.error);
    // Before the handshake was over nothing can have reached the service; after that nobody knows.
    const sent = timings.sending > 0 || timings.waiting > 0;
    // Our own time limit leaves it open, as in the embedded engine; k6's own for dialling is a network error.
    const indeterminate = response.error_code === TIME_LIMIT || (sent && errorCode !== 'ECONNREFUSED');
    return {
      ...shared,
      outcome: indeterminate ? 'indeterminate' : 'failed',
      status,
      errorCode,
      servingRegion: '',
      requestId: '',
      tookUs: (Date.now() - sentMs) * 1_000,
      waitUs: -1,
      servedAtMs: 0,
      credentials: undefined,
    };
  }
  const answered = lowerCased(response.headers);
  const answer = readAnswer(status, answered, String(response.body ?? ''));
  return {
    ...shared,
    outcome: answer.ok ? 'ok' : 'failed',
    status,
    errorCode: answer.ok ? '' : answer.errorCode || `HTTP${status}`,
    servingRegion: answer.servingRegion,
    requestId: answer.requestId,
    tookUs: Math.round((blocked + duration) * 1_000),
    waitUs: Math.round(waiting * 1_000),
    servedAtMs: decodeExtendedRequestId(answered[EXTENDED_REQUEST_ID_HEADER] ?? '')?.atMs ?? 0,
    credentials: answer.credentials,
  };
}

/** Whatever a script's own options say: its `throw` would lose the attempt's row. k6's types do not know the word. */
const DOES_NOT_THROW = { throw: false };

const attempts = new Counter(ATTEMPT_METRIC);

/** The time of the point, in nanoseconds, is the end of the attempt. */
export function tellAttempt(row: AttemptRow): void {
  const { metadata } = exec.vu.metrics;
  metadata['row'] = encodeRow(row);
  attempts.add(1);
  delete metadata['row'];
}

const TIME_LIMIT = 1050;

/** Numbers of k6, lib/netext/httpext/error_codes.go, in the words of Node. */
const ERRORS: Readonly<Record<number, string>> = {
  [TIME_LIMIT]: 'ETIMEDOUT',
  1100: 'ENOTFOUND',
  1101: 'ENOTFOUND',
  1110: 'BLOCKED',
  1111: 'BLOCKED',
  1201: 'ECONNRESET',
  1202: 'ECONNRESET',
  1211: 'ETIMEDOUT',
  1212: 'ECONNREFUSED',
  1220: 'ECONNRESET',
  1310: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  1311: 'ERR_TLS_CERT_ALTNAME_INVALID',
};

function errorCodeOf(number: number, text: string): string {
  const known = ERRORS[number];
  if (known !== undefined) return known;
  // A connection that the other side closed has no number of its own.
  if (/\bEOF\b|closed|reset|broken pipe/.test(text)) return 'ECONNRESET';
  if (/expired/.test(text)) return 'CERT_HAS_EXPIRED';
  return `K6_${number}`;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const name in headers) lower[name.toLowerCase()] = headers[name] ?? '';
  return lower;
}
