/** Signs requests as a client does, in the Authorization header or in the query string. */

import type { Credentials } from '../credentials.ts';
import { uriEncode } from '../query-protocol.ts';
import { canonicalRequest, payloadHashOf } from './canonical-request.ts';
import { type HttpRequest, headerOf } from './http-request.ts';
import { ALGORITHM, amzDateOf, scopeText, signatureOf } from './signature.ts';

export interface SigningContext {
  readonly region: string;
  readonly service: 'sts';
  /** Wall clock, epoch milliseconds. */
  readonly atMs: number;
}

export interface PresigningContext extends SigningContext {
  readonly expiresSeconds: number;
}

/**
 * All headers to send: the request's own, `x-amz-date`, `x-amz-security-token` with session credentials, and
 * `authorization`. Every header is signed but those that travel freely; `host` must be among them.
 */
export function signHeaders(
  request: HttpRequest,
  credentials: Credentials,
  context: SigningContext,
): readonly (readonly [string, string])[] {
  const amzDate = amzDateOf(context.atMs);
  const headers = request.headers.filter(([name]) => !ADDED.has(name));
  headers.push(['x-amz-date', amzDate]);
  if (credentials.sessionToken !== undefined)
    headers.push(['x-amz-security-token', credentials.sessionToken]);
  const signedHeaders = signable(headers);
  const { scope, signature } = sign({ ...request, headers }, signedHeaders, credentials, context);
  const credential = `${credentials.accessKeyId}/${scope}`;
  headers.push([
    'authorization',
    `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`,
  ]);
  return headers;
}

/** The query string, without the question mark, that carries the signature. The request's headers must be sent as they are. */
export function presign(request: HttpRequest, credentials: Credentials, context: PresigningContext): string {
  const signedHeaders = signable(request.headers);
  const amzDate = amzDateOf(context.atMs);
  const added: [string, string][] = [
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scopeText(scopeOf(context))}`],
    ['X-Amz-Date', amzDate],
    ['X-Amz-Expires', String(context.expiresSeconds)],
    ['X-Amz-SignedHeaders', signedHeaders.join(';')],
  ];
  if (credentials.sessionToken !== undefined) added.push(['X-Amz-Security-Token', credentials.sessionToken]);
  const parameters = added.map(([name, value]) => `${name}=${uriEncode(value)}`).join('&');
  const query = request.query === '' ? parameters : `${request.query}&${parameters}`;
  const { signature } = sign({ ...request, query }, signedHeaders, credentials, context);
  return `${query}&X-Amz-Signature=${signature}`;
}

/** What the signer writes itself; a stale value would be sent beside the new one. */
const ADDED: ReadonlySet<string> = new Set(['authorization', 'x-amz-date', 'x-amz-security-token']);

/** Proxies and HTTP libraries may change these on the way. The same list as that of the JavaScript SDK. */
const UNSIGNED: ReadonlySet<string> = new Set([
  'authorization',
  'cache-control',
  'connection',
  'expect',
  'from',
  'keep-alive',
  'max-forwards',
  'pragma',
  'referer',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-amzn-trace-id',
]);

function signable(headers: HttpRequest['headers']): readonly string[] {
  const names = new Set<string>();
  for (const [name] of headers) if (!UNSIGNED.has(name) && !/^(?:proxy|sec)-/.test(name)) names.add(name);
  return [...names].sort();
}

function scopeOf(context: SigningContext): { date: string; region: string; service: string } {
  return { date: amzDateOf(context.atMs).slice(0, 8), region: context.region, service: context.service };
}

function sign(
  request: HttpRequest,
  signedHeaders: readonly string[],
  credentials: Credentials,
  context: SigningContext,
): { scope: string; signature: string } {
  if (headerOf(request, 'host') === undefined)
    throw new Error('a request without a host header cannot be signed');
  const canonical = canonicalRequest(request, { signedHeaders, payloadHash: payloadHashOf(request.body) });
  if (canonical === undefined) throw new Error('a header to be signed is missing');
  const scope = scopeOf(context);
  const identity = {
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey.reveal(),
  };
  return {
    scope: scopeText(scope),
    signature: signatureOf(canonical, amzDateOf(context.atMs), scope, identity),
  };
}
