/**
 * The canonical request of Signature Version 4: the one text that signer and verifier must agree on, built here for
 * both. Source: IAM User Guide, "Create a signed AWS API request".
 */

import { hash } from 'node:crypto';
import { decodeFormText, uriEncode } from '../query-protocol.ts';
import type { HttpRequest } from './http-request.ts';

export interface CanonicalRules {
  /** Whether dot segments and empty segments leave the path: true for every service but S3. */
  readonly normalizePath: boolean;
  /** False where a service lets callers attach the session token to a query string after it was signed. */
  readonly tokenSigned: boolean;
}

export const STS_RULES: CanonicalRules = { normalizePath: true, tokenSigned: true };

export interface CanonicalParts {
  /** Lower-case and sorted. */
  readonly signedHeaders: readonly string[];
  /** Lower-case hexadecimal SHA-256 of the body, or what the caller signs in its place. */
  readonly payloadHash: string;
}

/** `undefined` when a header that shall be signed is not there. */
export function canonicalRequest(
  request: HttpRequest,
  parts: CanonicalParts,
  rules: CanonicalRules = STS_RULES,
): string | undefined {
  const headers = canonicalHeaders(request, parts.signedHeaders);
  if (headers === undefined) return undefined;
  const path = canonicalPath(request.path, rules);
  const query = canonicalQuery(request.query, rules);
  return `${request.method}\n${path}\n${query}\n${headers}\n${parts.signedHeaders.join(';')}\n${parts.payloadHash}`;
}

export function payloadHashOf(body: string | Uint8Array): string {
  return body.length === 0 ? EMPTY_PAYLOAD_HASH : hash('sha256', body, 'hex');
}

/** The wire's path with its escapes escaped once more, as all services but S3 sign it. */
export function canonicalPath(path: string, rules: CanonicalRules = STS_RULES): string {
  if (path === '/' || path === '') return '/';
  return uriEncode(rules.normalizePath ? normalizedPath(path) : path).replaceAll('%2F', '/');
}

/** Names and values encoded anew, sorted by name and then by value; the signature in it, the first one, is left out. */
export function canonicalQuery(query: string, rules: CanonicalRules = STS_RULES): string {
  if (query === '') return '';
  const pairs: [string, string][] = [];
  let signatureSeen = false;
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = equals === -1 ? part : part.slice(0, equals);
    const value = equals === -1 ? '' : part.slice(equals + 1);
    if (name === 'X-Amz-Signature' && !signatureSeen) {
      signatureSeen = true;
      continue;
    }
    if (name === 'X-Amz-Security-Token' && !rules.tokenSigned) continue;
    pairs.push([encodedAnew(name), encodedAnew(value)]);
  }
  pairs.sort((left, right) => order(left[0], right[0]) || order(left[1], right[1]));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

const EMPTY_PAYLOAD_HASH = hash('sha256', '', 'hex');

function canonicalHeaders(request: HttpRequest, signedHeaders: readonly string[]): string | undefined {
  let text = '';
  for (const name of signedHeaders) {
    let values: string | undefined;
    for (const [candidate, value] of request.headers) {
      if (candidate === name)
        values = values === undefined ? collapsed(value) : `${values},${collapsed(value)}`;
    }
    if (values === undefined) return undefined;
    text += `${name}:${values}\n`;
  }
  return text;
}

function collapsed(value: string): string {
  return UNTIDY.test(value) ? value.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '') : value;
}

const UNTIDY = /^ | $| {2}|[\t\r\n]/;

function normalizedPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return `/${kept.join('/')}${kept.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/** Text with a malformed escape is taken literally: no client signs it in another form. */
function encodedAnew(text: string): string {
  return uriEncode(decodeFormText(text) ?? text);
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
