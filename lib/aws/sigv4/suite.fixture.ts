/** For tests and the conformance command: AWS's published signing suite as requests, each with its key and its rules. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAuthorization, type SignatureClaim } from './authorization.ts';
import { type CanonicalRules, STS_RULES } from './canonical-request.ts';
import type { HttpRequest } from './http-request.ts';
import { signatureMatches } from './verifier.ts';

export interface SignedVector {
  /** `get-vanilla (header)`. */
  readonly name: string;
  readonly form: 'header' | 'query';
  readonly request: HttpRequest;
  readonly claim: SignatureClaim;
  readonly secret: string;
  /** Those of the case: whether paths are normalised, and whether the token is signed. */
  readonly rules: CanonicalRules;
  /** The published text of the case with this ending: `string-to-sign.txt`. */
  readonly file: (suffix: string) => string;
}

/** Every case of the suite in both forms, 76 of them. */
export function readSuite(folder: string): readonly SignedVector[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => [readSigned(folder, name, 'header'), readSigned(folder, name, 'query')]);
}

/** As a service judges a request that one key alone may have signed: its form, its key, and by STS's rules its signature. */
export function isAccepted(request: HttpRequest, accessKeyId: string, secret: string): boolean {
  const claim = parseAuthorization(request);
  if (claim.kind !== 'header' && claim.kind !== 'query') return false;
  return claim.accessKeyId === accessKeyId && signatureMatches(request, claim, secret, STS_RULES);
}

interface VectorContext {
  readonly credentials: { readonly access_key_id: string; readonly secret_access_key: string };
  readonly normalize: boolean;
  readonly omit_session_token?: boolean;
}

function readSigned(folder: string, name: string, form: 'header' | 'query'): SignedVector {
  const context = JSON.parse(readFileSync(join(folder, name, 'context.json'), 'utf8')) as VectorContext;
  const file = (suffix: string): string => readFileSync(join(folder, name, `${form}-${suffix}`), 'utf8');
  const request = parseHttp(file('signed-request.txt'));
  const claim = parseAuthorization(request);
  if (claim.kind !== form) throw new Error(`${name}: the ${form} signature was read as '${claim.kind}'`);
  return {
    name: `${name} (${form})`,
    form,
    request,
    claim,
    secret: context.credentials.secret_access_key,
    rules: { normalizePath: context.normalize, tokenSigned: context.omit_session_token !== true },
    file,
  };
}

/** The suite's requests are no strict HTTP: spaces and raw UTF-8 in the target, values over several lines. */
function parseHttp(text: string): HttpRequest {
  const end = text.indexOf('\n\n');
  const [requestLine = '', ...lines] = (end === -1 ? text : text.slice(0, end)).trimEnd().split('\n');
  const [, method = '', path = '', query = ''] = /^(\S+) ([^?]*)\??(.*) HTTP\/1\.1$/.exec(requestLine) ?? [];
  const headers: [string, string][] = [];
  for (const line of lines) {
    const last = headers.at(-1);
    if (/^\s/.test(line) && last !== undefined) {
      last[1] += `\n${line}`;
    } else {
      const colon = line.indexOf(':');
      headers.push([line.slice(0, colon).toLowerCase(), line.slice(colon + 1)]);
    }
  }
  return { method, path, query, headers, body: end === -1 ? '' : text.slice(end + 2).trim() };
}
