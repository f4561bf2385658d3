/** A signed request of the Query protocol as a client would put it on the wire: what the load, the prober and tests send. */

import type { Credentials } from './credentials.ts';
import { encodeForm, IAM_VERSION, STS_VERSION } from './query-protocol.ts';
import { signHeaders } from './sigv4/signer.ts';

export type StsOperation = 'AssumeRole' | 'GetCallerIdentity' | 'GetSessionToken';

export interface StsRequestOptions extends QueryRequestOptions {
  readonly operation: StsOperation;
}

export interface QueryRequestOptions {
  /** The Host header, which the signature covers. */
  readonly host: string;
  readonly operation: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly signingRegion: string;
  /** Wall clock, epoch milliseconds. */
  readonly atMs: number;
  readonly userAgent: string;
}

export interface StsRequest {
  readonly method: 'POST';
  readonly path: '/';
  /** Lower-case names, complete: `content-length` and `host` included. */
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A service that speaks the protocol: the name that signatures are scoped to, and the version of its API. */
export interface QueryService {
  readonly name: 'sts' | 'iam';
  readonly version: string;
}

export const STS: QueryService = { name: 'sts', version: STS_VERSION };
export const IAM: QueryService = { name: 'iam', version: IAM_VERSION };

export function stsRequest(options: StsRequestOptions): StsRequest {
  return queryRequest(options, STS);
}

export function queryRequest(options: QueryRequestOptions, { name, version }: QueryService): StsRequest {
  const body = encodeForm({ Action: options.operation, Version: version, ...options.parameters });
  const request = {
    method: 'POST',
    path: '/',
    query: '',
    headers: [
      ['content-type', 'application/x-www-form-urlencoded; charset=utf-8'],
      ['host', options.host],
    ],
    body,
  } as const;
  const context = { region: options.signingRegion, service: name, atMs: options.atMs };
  const headers: Record<string, string> = {};
  for (const [header, value] of signHeaders(request, options.credentials, context)) headers[header] = value;
  headers['user-agent'] = options.userAgent;
  // The form is percent-encoded, so that its characters are its bytes.
  headers['content-length'] = String(body.length);
  return { method: 'POST', path: '/', headers, body };
}
