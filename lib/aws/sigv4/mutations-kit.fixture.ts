/** What the mutations of signed requests are made with: a claim taken apart and put together again, and what a request means. */

import type { SignatureClaim } from './authorization.ts';
import { type HttpRequest, headerOf } from './http-request.ts';

export interface SignedRequest {
  readonly form: 'header' | 'query';
  readonly request: HttpRequest;
  /** Lower-case and sorted, as claimed. */
  readonly signedHeaders: readonly string[];
}

export interface Mutation {
  /** What was changed, within one request: `header host: removed`. */
  readonly name: string;
  readonly request: HttpRequest;
}

export type Mutator = (signed: SignedRequest) => readonly Mutation[];

/** The texts of a claim as they stand in the request. */
export interface AuthTexts {
  readonly algorithm: string;
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly amzDate: string;
  /** Empty: none. */
  readonly securityToken: string;
}

export function signedRequest(request: HttpRequest, claim: SignatureClaim): SignedRequest {
  return { form: claim.kind, request, signedHeaders: claim.signedHeaders };
}

export function authTextsOf({ form, request }: SignedRequest): AuthTexts {
  if (form === 'query') {
    const parameters = new URLSearchParams(request.query.replaceAll('+', '%2B'));
    const read = (name: string): string => parameters.get(`X-Amz-${name}`) ?? '';
    return {
      algorithm: read('Algorithm'),
      credential: read('Credential'),
      signedHeaders: read('SignedHeaders'),
      signature: read('Signature'),
      amzDate: read('Date'),
      securityToken: read('Security-Token'),
    };
  }
  const text = headerOf(request, 'authorization') ?? '';
  const read = (name: string): string => text.split(`${name}=`)[1]?.split(',')[0] ?? '';
  return {
    algorithm: text.split(' ')[0] ?? '',
    credential: read('Credential'),
    signedHeaders: read('SignedHeaders'),
    signature: read('Signature'),
    amzDate: headerOf(request, 'x-amz-date') ?? '',
    securityToken: headerOf(request, 'x-amz-security-token') ?? '',
  };
}

/** The request with some texts of its claim changed and the token as it was; without any claim for `undefined`. */
export function withAuth(signed: SignedRequest, changes: Partial<AuthTexts> | undefined): HttpRequest {
  const { request, form } = signed;
  const now = { ...authTextsOf(signed), ...changes };
  if (form === 'query') {
    const values: Readonly<Record<string, string>> = {
      'X-Amz-Algorithm': now.algorithm,
      'X-Amz-Credential': now.credential,
      'X-Amz-Date': now.amzDate,
      'X-Amz-SignedHeaders': now.signedHeaders,
      'X-Amz-Signature': now.signature,
    };
    const others = request.query.split('&').filter((part) => !((part.split('=')[0] ?? '') in values));
    const added = Object.entries(values).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const parts = changes === undefined ? others : [...others, ...added];
    return { ...request, query: parts.filter((part) => part !== '').join('&') };
  }
  const replaced = new Set(['authorization', 'x-amz-date']);
  const headers = request.headers.filter(([name]) => !replaced.has(name));
  if (changes === undefined) return { ...request, headers };
  const { algorithm, credential, signedHeaders, signature, amzDate } = now;
  const text = `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return { ...request, headers: [...headers, ['x-amz-date', amzDate], ['authorization', text]] };
}

/** One text for all spellings of one request: order, letters of header names, escapes and extra spaces do not count. */
export function meaningOf(signed: SignedRequest): string {
  const { method, path, query, headers, body } = signed.request;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '.' && segment !== '') segments.push(segment);
  }
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) {
    // Of several Authorization headers the first is read.
    if (name === 'authorization' && values.has(name)) continue;
    values.set(name, [...(values.get(name) ?? []), value.trim().split(/\s+/).join(' ')]);
  }
  const claim = authTextsOf(signed);
  return JSON.stringify([
    method,
    segments,
    path.endsWith('/') || path.endsWith('/.'),
    [...new URLSearchParams(query)].map((pair) => pair.join('=')).sort(),
    [...values]
      .filter(([name]) => name !== 'authorization')
      .sort(([left], [right]) => (left < right ? -1 : 1)),
    Buffer.from(body).toString('latin1'),
    { ...claim, signedHeaders: claim.signedHeaders.toLowerCase().split(';').sort() },
    values.has('authorization'),
  ]);
}

export function swapCase(text: string): string {
  return [...text].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('');
}
