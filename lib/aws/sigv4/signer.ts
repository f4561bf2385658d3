/** Signs requests as a client does, in the Authorization header or in the query string, by Version 4 or 4A. */

import type { Credentials } from '../credentials.ts';
import { uriEncode } from '../query-protocol.ts';
import { canonicalRequest, payloadHashOf } from './canonical-request.ts';
import { type HttpRequest, headerOf } from './http-request.ts';
import { signatureOf } from './signature.ts';
import { ALGORITHM_V4A, scopeTextV4a, signatureV4aOf } from './signature-v4a.ts';
import { ALGORITHM, amzDateOf, scopeText } from './string-to-sign.ts';

export interface SigningContext {
  readonly region: string;
  readonly service: string;
  /** Given: signs by Version 4A, for these Regions instead of `region`; `us-east-1,eu-*`, or `*` for all. */
  readonly regionSet?: string;
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
  if (context.regionSet !== undefined) headers.push(['x-amz-region-set', context.regionSet]);
  const signedHeaders = signable(headers);
  const signature = sign({ ...request, headers }, signedHeaders, credentials, context);
  const credential = `${credentials.accessKeyId}/${scopeOf(context)}`;
  headers.push([
    'authorization',
    `${algorithmOf(context)} Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`,
  ]);
  return headers;
}

/** The query string, without the question mark, that carries the signature. The request's headers must be sent as they are. */
export function presign(request: HttpRequest, credentials: Credentials, context: PresigningContext): string {
  const signedHeaders = signable(request.headers);
  const amzDate = amzDateOf(context.atMs);
  const added: [string, string][] = [
    ['X-Amz-Algorithm', algorithmOf(context)],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scopeOf(context)}`],
    ['X-Amz-Date', amzDate],
    ['X-Amz-Expires', String(context.expiresSeconds)],
    ['X-Amz-SignedHeaders', signedHeaders.join(';')],
  ];
  if (credentials.sessionToken !== undefined) added.push(['X-Amz-Security-Token', credentials.sessionToken]);
  if (context.regionSet !== undefined) added.push(['X-Amz-Region-Set', context.regionSet]);
  const parameters = added.map(([name, value]) => `${name}=${uriEncode(value)}`).join('&');
  const query = request.query === '' ? parameters : `${request.query}&${parameters}`;
  const signature = sign({ ...request, query }, signedHeaders, credentials, context);
  return `${query}&X-Amz-Signature=${signature}`;
}

/** What the signer writes itself; a stale value would be sent beside the new one. */
const ADDED: ReadonlySet<string> = new Set([
  'authorization',
  'x-amz-date',
  'x-amz-region-set',
  'x-amz-security-token',
]);

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

function algorithmOf({ regionSet }: SigningContext): string {
  return regionSet === undefined ? ALGORITHM : ALGORITHM_V4A;
}

function scopeOf(context: SigningContext): string {
  const scope = { ...context, date: amzDateOf(context.atMs).slice(0, 8) };
  return context.regionSet === undefined ? scopeText(scope) : scopeTextV4a(scope);
}

function sign(
  request: HttpRequest,
  signedHeaders: readonly string[],
  credentials: Credentials,
  context: SigningContext,
): string {
  if (headerOf(request, 'host') === undefined)
    throw new Error('a request without a host header cannot be signed');
  const canonical = canonicalRequest(request, { signedHeaders, payloadHash: payloadHashOf(request.body) });
  if (canonical === undefined) throw new Error('a header to be signed is missing');
  const amzDate = amzDateOf(context.atMs);
  const scope = { date: amzDate.slice(0, 8), region: context.region, service: context.service };
  const identity = {
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey.reveal(),
  };
  return context.regionSet === undefined
    ? signatureOf(canonical, amzDate, scope, identity)
    : signatureV4aOf(canonical, amzDate, scope, identity);
}
