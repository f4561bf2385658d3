/**
 * Reads who claims to have signed a request, and how. Form only, in AWS's wording and order: scope, clock, key, token
 * and signature are for others to judge.
 *
 * Sources of the sentences: STS answers quoted in boto/boto3#2280 (key=value pair) and hashicorp/vault#4939 (five
 * elements); for the others, what AWS's shared front end answered to mhart/dynalite for another service, with that
 * service's `InvalidSignatureException` read as STS's `SignatureDoesNotMatch`.
 */

import { parseForm } from '../query-protocol.ts';
import { type HttpRequest, headerOf } from './http-request.ts';
import { ALGORITHM } from './signature.ts';

export interface SignatureClaim {
  /** Where the signature stands. */
  readonly kind: 'header' | 'query';
  readonly accessKeyId: string;
  /** The five parts of the credential are kept as sent, to be checked. `20260131`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  /** Lower-case and sorted. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20260131T120000Z`, checked to have this form. */
  readonly amzDate: string;
  /** Empty when none was sent. */
  readonly securityToken: string;
}

export interface MalformedAuthorization {
  readonly kind: 'malformed';
  readonly status: 400 | 403 | 404;
  readonly code: 'IncompleteSignature' | 'SignatureDoesNotMatch' | 'MalformedQueryString';
  readonly message: string;
}

export type ParsedAuthorization = { readonly kind: 'none' } | MalformedAuthorization | SignatureClaim;

export function parseAuthorization(request: HttpRequest): ParsedAuthorization {
  const header = headerOf(request, 'authorization');
  const inQuery = QUERY_SIGNATURE.test(request.query);
  if (header === undefined) return inQuery ? parseQuery(request.query) : { kind: 'none' };
  if (inQuery) {
    return mismatch(
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  return header.startsWith('AWS4-') ? parseHeader(request, header) : { kind: 'none' };
}

/** Epoch milliseconds of a date in basic format, `NaN` for one that no calendar has. */
export function amzDateMs(amzDate: string): number {
  const match = BASIC_FORMAT.exec(amzDate);
  if (match === null) return Number.NaN;
  const [, year, month, day, hours, minutes, seconds] = match;
  return Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
}

const BASIC_FORMAT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

const QUERY_SIGNATURE = /(?:^|&)X-Amz-(?:Algorithm|Credential|Signature)=/;

function parseHeader(request: HttpRequest, header: string): ParsedAuthorization {
  const [algorithm = '', ...parts] = header.split(/[\s,]+/);
  let credential = '';
  let signature = '';
  let signedHeaders: string | undefined;
  for (const part of parts) {
    if (part.startsWith('Credential=')) credential = part.slice('Credential='.length);
    else if (part.startsWith('Signature=')) signature = part.slice('Signature='.length);
    else if (part.startsWith('SignedHeaders=')) signedHeaders = part.slice('SignedHeaders='.length);
    else if (part !== '' && !part.includes('=')) {
      return incomplete(
        `'${part}' not a valid key=value pair (missing equal-sign) in Authorization header: '${header}'.`,
      );
    }
  }
  const amzDate = headerOf(request, 'x-amz-date') ?? headerOf(request, 'date');
  if (!credential || !signature || signedHeaders === undefined || !amzDate) {
    const missing = [
      credential ? '' : "Authorization header requires 'Credential' parameter. ",
      signature ? '' : "Authorization header requires 'Signature' parameter. ",
      signedHeaders !== undefined ? '' : "Authorization header requires 'SignedHeaders' parameter. ",
      amzDate ? '' : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
    ];
    return incomplete(`${missing.join('')}Authorization=${header}`);
  }
  const securityToken = headerOf(request, 'x-amz-security-token') ?? '';
  return claim({ kind: 'header', algorithm, credential, signature, signedHeaders, amzDate, securityToken });
}

function parseQuery(query: string): ParsedAuthorization {
  const parameters = parseForm(query);
  if (parameters === undefined) {
    // The documentation's sentence for this code.
    const message = 'The query string contains a syntax error.';
    return { kind: 'malformed', status: 404, code: 'MalformedQueryString', message };
  }
  const missing = REQUIRED_IN_QUERY.filter((name) => !parameters.get(name));
  if (missing.length > 0) {
    const sentences = missing.map((name) => `AWS query-string parameters must include '${name}'. `);
    return incomplete(`${sentences.join('')}Re-examine the query-string parameters.`);
  }
  return claim({
    kind: 'query',
    algorithm: parameters.get('X-Amz-Algorithm') ?? '',
    credential: parameters.get('X-Amz-Credential') ?? '',
    signature: parameters.get('X-Amz-Signature') ?? '',
    signedHeaders: parameters.get('X-Amz-SignedHeaders') ?? '',
    amzDate: parameters.get('X-Amz-Date') ?? '',
    securityToken: parameters.get('X-Amz-Security-Token') ?? '',
  });
}

const REQUIRED_IN_QUERY = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
] as const;

interface ClaimTexts {
  readonly kind: 'header' | 'query';
  readonly algorithm: string;
  readonly credential: string;
  readonly signature: string;
  readonly signedHeaders: string;
  readonly amzDate: string;
  readonly securityToken: string;
}

function claim(texts: ClaimTexts): ParsedAuthorization {
  const { kind, signature, amzDate, securityToken } = texts;
  if (!BASIC_FORMAT.test(amzDate)) {
    return incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${amzDate}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  const signedHeaders = sorted(texts.signedHeaders.toLowerCase().split(';'));
  if (!signedHeaders.includes('host')) {
    return mismatch("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (texts.algorithm !== ALGORITHM) {
    return incomplete(`Unsupported AWS 'algorithm': '${texts.algorithm}' (only ${ALGORITHM} for now). `);
  }
  // Slashes at the end are ignored.
  const elements = texts.credential.split('/');
  while (elements.length > 5 && elements.at(-1) === '') elements.pop();
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = elements;
  if (elements.length !== 5) {
    return incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${texts.credential}'`,
    );
  }
  return {
    kind,
    accessKeyId,
    date,
    region,
    service,
    terminator,
    signedHeaders,
    signature,
    amzDate,
    securityToken,
  };
}

function sorted(names: string[]): readonly string[] {
  // Nearly every client sends them in order already.
  for (let index = 1; index < names.length; index += 1) {
    if ((names[index - 1] ?? '') > (names[index] ?? '')) return names.sort();
  }
  return names;
}

function incomplete(message: string): MalformedAuthorization {
  return { kind: 'malformed', status: 400, code: 'IncompleteSignature', message };
}

function mismatch(message: string): MalformedAuthorization {
  return { kind: 'malformed', status: 403, code: 'SignatureDoesNotMatch', message };
}
