/** A signed STS request as a client would put it on the wire: what the load, the prober and tests send. */

import type { Credentials } from './credentials.ts';
import { encodeForm, STS_VERSION } from './query-protocol.ts';
import { signHeaders } from './sigv4/signer.ts';

export type StsOperation = 'AssumeRole' | 'GetCallerIdentity' | 'GetSessionToken';

export interface StsRequestOptions {
  /** The Host header, which the signature covers. */
  readonly host: string;
  readonly operation: StsOperation;
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

export function stsRequest(options: StsRequestOptions): StsRequest {
  const body = encodeForm({ Action: options.operation, Version: STS_VERSION, ...options.parameters });
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
  const context = { region: options.signingRegion, service: 'sts', atMs: options.atMs } as const;
  const headers: Record<string, string> = {};
  for (const [name, value] of signHeaders(request, options.credentials, context)) headers[name] = value;
  headers['user-agent'] = options.userAgent;
  // The form is percent-encoded, so that its characters are its bytes.
  headers['content-length'] = String(body.length);
  return { method: 'POST', path: '/', headers, body };
}
