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
  /** Those of these signed headers, where they are kept. */
  readonly headerTexts?: readonly string[] | undefined;
}

/** `undefined` when a header that shall be signed is not there. */
export function canonicalRequest(
  request: HttpRequest,
  parts: CanonicalParts,
  rules: CanonicalRules = STS_RULES,
): string | undefined {
  const { signedHeaders, payloadHash, headerTexts: texts = headerTexts(signedHeaders) } = parts;
  let canonical = beginning(request, rules);
  for (let index = 0; index < signedHeaders.length; index += 1) {
    const values = canonicalValues(request, signedHeaders[index] ?? '');
    if (values === undefined) return undefined;
    canonical += texts[index] + values;
  }
  return canonical + texts[signedHeaders.length] + payloadHash;
}

function beginning({ method, path, query }: HttpRequest, rules: CanonicalRules): string {
  // As nearly every request begins: joining the pieces costs as much as a header.
  if (method === 'POST' && path === '/' && query === '') return 'POST\n/\n\n';
  return `${method}\n${canonicalPath(path, rules)}\n${canonicalQuery(query, rules)}\n`;
}

/** What stands before the values of each signed header, and between the last of them and the payload's hash. */
export function headerTexts(signedHeaders: readonly string[]): readonly string[] {
  const texts = signedHeaders.map((name, index) => `${index === 0 ? '' : '\n'}${name}:`);
  texts.push(`${signedHeaders.length === 0 ? '' : '\n'}\n${signedHeaders.join(';')}\n`);
  return texts;
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

/** Of several headers of one name all values, in one list. */
function canonicalValues({ headers }: HttpRequest, name: string): string | undefined {
  let values: string | undefined;
  for (const header of headers) {
    if (header[0] !== name) continue;
    const value = collapsed(header[1]);
    values = values === undefined ? value : `${values},${value}`;
  }
  return values;
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
