/**
 * Signature Version 4 inside k6. The canonical request is the one that our verifier builds; keys are derived once for a
 * day, Region and key id, and all of a request that does not change from one to the next is put together only once:
 * k6 interprets scripts, and every line costs.
 */

import crypto from 'k6/crypto';
import { uriEncode } from '../../aws/query-protocol.ts';
import { canonicalRequest } from '../../aws/sigv4/canonical-request.ts';
import { ALGORITHM, amzDateOf, scopeText, stringToSign } from '../../aws/sigv4/string-to-sign.ts';
import type { K6Credentials } from './config.ts';

export interface Signable {
  readonly method: string;
  /** Path of the URL, as sent. */
  readonly path: string;
  /** Query string without its question mark. */
  readonly query?: string;
  /** Lower-case names; `host` among them. All of them are signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SigningScope {
  readonly region: string;
  readonly service: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/**
 * The request's headers and those that carry the signature.
 * @throws for a request without `host`, and for names in capitals: the service would refuse what is signed so.
 */
export function signed(
  request: Signable,
  credentials: K6Credentials,
  scope: SigningScope,
): Record<string, string> {
  for (const name in request.headers)
    if (name !== name.toLowerCase()) throw new Error(`header names are lower-case to be signed: '${name}'`);
  if (!request.headers['host']) throw new Error("a request without a 'host' header cannot be signed");
  const amzDate = amzDateOf(scope.atMs);
  const headers: Record<string, string> = { ...request.headers, 'x-amz-date': amzDate };
  if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken;
  const signedHeaders = Object.keys(headers).sort();
  const { method, path, query = '', body = '' } = request;
  const canonical = canonicalRequest(
    { method, path, query, headers: Object.entries(headers), body },
    { signedHeaders, payloadHash: crypto.sha256(body, 'hex') },
  );
  if (canonical === undefined) throw new Error('a header to be signed is missing');
  const { region, service } = scope;
  const credentialScope = { date: amzDate.slice(0, 8), region, service };
  const text = stringToSign(canonical, amzDate, credentialScope);
  const signature = crypto.hmac(
    'sha256',
    keyOf(credentials, credentialScope.date, region, service),
    text,
    'hex',
  );
  headers['authorization'] =
    `${ALGORITHM} Credential=${credentials.accessKeyId}/${scopeText(credentialScope)}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
  return headers;
}

/** Signs requests of one shape: a form posted to `/` of one host, in the name of one caller. */
export interface FormSigner {
  /** What the signature changes is written into the same object each time: send it before signing again. */
  headers(body: string, atMs: number): Record<string, string>;
}

export function formSigner(options: {
  readonly host: string;
  readonly region: string;
  readonly service: string;
  readonly credentials: K6Credentials;
  readonly userAgent: string;
}): FormSigner {
  const { host, region, service, credentials, userAgent } = options;
  const { accessKeyId, sessionToken } = credentials;
  const signedHeaders: (readonly [string, string])[] = [
    ['content-type', FORM],
    ['host', host],
    ['x-amz-date', THE_DATE],
  ];
  if (sessionToken !== undefined) signedHeaders.push(['x-amz-security-token', sessionToken]);
  const names = signedHeaders.map(([name]) => name);
  const [before = '', after = ''] = (
    canonicalRequest(
      { method: 'POST', path: '/', query: '', headers: signedHeaders, body: '' },
      { signedHeaders: names, payloadHash: '' },
    ) ?? ''
  ).split(THE_DATE);
  const headers: Record<string, string> = {
    'content-type': FORM,
    Host: host,
    'user-agent': userAgent,
    'x-amz-date': '',
    authorization: '',
  };
  if (sessionToken !== undefined) headers['x-amz-security-token'] = sessionToken;
  const bodyHashes = new Map<string, string>();
  let second = Number.NaN;
  let date = '';
  let canonicalStart = '';
  let key: ArrayBuffer = new ArrayBuffer(0);
  let toSign = '';
  let authorization = '';
  return {
    headers: (body, atMs) => {
      const now = Math.floor(atMs / 1_000);
      if (now !== second) {
        second = now;
        const amzDate = amzDateOf(atMs);
        if (date !== amzDate.slice(0, 8)) {
          date = amzDate.slice(0, 8);
          key = keyOf(credentials, date, region, service);
        }
        const scope = scopeText({ date, region, service });
        toSign = `${ALGORITHM}\n${amzDate}\n${scope}\n`;
        authorization = `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=`;
        headers['x-amz-date'] = amzDate;
        canonicalStart = before + amzDate + after;
      }
      let bodyHash = bodyHashes.get(body);
      if (bodyHash === undefined) {
        bodyHash = crypto.sha256(body, 'hex');
        if (bodyHashes.size >= BODIES_KEPT) bodyHashes.clear();
        bodyHashes.set(body, bodyHash);
      }
      const text = toSign + crypto.sha256(canonicalStart + bodyHash, 'hex');
      headers['authorization'] = authorization + crypto.hmac('sha256', key, text, 'hex');
      return headers;
    },
  };
}

/** A caller asks for a few operations, over and over, unless a script changes its parameters. */
const BODIES_KEPT = 16;

/** Stands for the date where the canonical request is cut: no header may contain it. */
const THE_DATE = '\u0000';

/** Percent-encoded in the order given, as SDKs write it. */
export function formOf(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
    .join('&');
}

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

interface KeptKey {
  readonly secretAccessKey: string;
  readonly key: ArrayBuffer;
}

const keys = new Map<string, KeptKey>();

function keyOf(
  { accessKeyId, secretAccessKey }: K6Credentials,
  date: string,
  region: string,
  service: string,
): ArrayBuffer {
  const name = `${accessKeyId}/${date}/${region}/${service}`;
  const kept = keys.get(name);
  // A script may give one id another secret.
  if (kept?.secretAccessKey === secretAccessKey) return kept.key;
  let key: string | ArrayBuffer = `AWS4${secretAccessKey}`;
  for (const step of [date, region, service, 'aws4_request'])
    key = crypto.hmac('sha256', key, step, 'binary') as ArrayBuffer;
  // A script signs for a handful of keys; a day later they are others.
  if (keys.size > 1_000) keys.clear();
  keys.set(name, { secretAccessKey, key: key as ArrayBuffer });
  return key as ArrayBuffer;
}
