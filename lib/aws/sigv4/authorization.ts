/**
 * Reads who claims to have signed a request, and how. Form only, in AWS's wording and order: scope, clock, key, token
 * and signature are for others to judge.
 *
 * Sources of the sentences: STS answers quoted in boto/boto3#2280 (key=value pair) and hashicorp/vault#4939 (five
 * elements); aws/aws-sdk-php#2469 for the host that is not signed; for the others, what AWS's shared front end answered
 * to mhart/dynalite for another service, with that service's `InvalidSignatureException` read as STS's
 * `SignatureDoesNotMatch`. For Version 4A no answer is on record: its four elements are our guess.
 */

import { parseForm } from '../query-protocol.ts';
import { type HttpRequest, headerOf } from './http-request.ts';
import { keepClaim, recallClaim } from './kept-claims.ts';
import { ALGORITHM_V4A } from './signature-v4a.ts';
import { SigningAids } from './signing-aids.ts';
import { ALGORITHM } from './string-to-sign.ts';

export interface SignatureClaim {
  /** Where the signature stands. */
  readonly kind: 'header' | 'query';
  /** Signature Version 4, or 4A. */
  readonly algorithm: 'v4' | 'v4a';
  readonly accessKeyId: string;
  /** The parts of the credential are kept as sent, to be checked. `20260131`. */
  readonly date: string;
  /** Empty in Version 4A, whose credential names none. */
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
  /** Version 4A: names and wildcards as sent, `us-east-1,eu-*`. Empty when none was sent, and in Version 4. */
  readonly regionSet: string;
  /** What requests signed in the same words need alike; absent: nothing is kept of this one. */
  readonly aids?: SigningAids | undefined;
}

export interface MalformedAuthorization {
  readonly kind: 'malformed';
  /**
   * The date of a request whose fault was found after its date had been read: AWS's front end judges the clock before
   * it looks at signed headers, algorithm and credential.
   */
  readonly amzDate?: string;
  readonly status: 400 | 403 | 404;
  readonly code: 'IncompleteSignature' | 'SignatureDoesNotMatch' | 'MalformedQueryString';
  readonly message: string;
}

export type ParsedAuthorization = { readonly kind: 'none' } | MalformedAuthorization | SignatureClaim;

export function parseAuthorization(request: HttpRequest): ParsedAuthorization {
  const header = headerOf(request, 'authorization');
  const inQuery = request.query !== '' && QUERY_SIGNATURE.test(request.query);
  if (header === undefined || header === '') return inQuery ? parseQuery(request.query) : { kind: 'none' };
  if (inQuery) {
    return mismatch(
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  return header.startsWith('AWS4-') ? parseHeader(request, header) : { kind: 'none' };
}

/** Also what a service answers to Version 4A that does not know it yet. */
export function unsupportedAlgorithm(algorithm: string, amzDate?: string): MalformedAuthorization {
  return incomplete(`Unsupported AWS 'algorithm': '${algorithm}' (only ${ALGORITHM} for now). `, amzDate);
}

/** Epoch milliseconds of a date in basic format, `NaN` for one that no calendar has. */
export function amzDateMs(amzDate: string): number {
  if (amzDate === lastDate) return lastDateMs;
  const match = BASIC_FORMAT.exec(amzDate);
  if (match === null) return Number.NaN;
  const [, year, month, day, hours, minutes, seconds] = match;
  lastDateMs = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  lastDate = amzDate;
  return lastDateMs;
}

/** Requests come many to a second, and reading a date costs as much as hashing a body. */
let lastDate = '';
let lastDateMs = Number.NaN;

function isBasicFormat(amzDate: string): boolean {
  return amzDate === lastDate || BASIC_FORMAT.test(amzDate);
}

const BASIC_FORMAT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** The algorithm alone tells a signed query string, as measured. */
const QUERY_SIGNATURE = /(?:^|&)X-Amz-Algorithm(?:[=&]|$)/;

function parseHeader(request: HttpRequest, header: string): ParsedAuthorization {
  const cut = header.length - SIGNATURE_CHARACTERS;
  if (!header.startsWith('Signature=', cut - 'Signature='.length) || !endsInSignature(header)) {
    return parseWords(request, header);
  }
  const kept = recallClaim(headerBytes, cut);
  const amzDate = headerOf(request, 'x-amz-date') ?? headerOf(request, 'date') ?? '';
  if (kept === undefined || !isBasicFormat(amzDate)) {
    const parsed = parseWords(request, header);
    // 4A is left out: its set of Regions stands in another header.
    if (parsed.kind !== 'header' || parsed.algorithm !== 'v4') return parsed;
    const claim = { ...parsed, aids: new SigningAids(parsed) };
    keepClaim(headerBytes, cut, claim);
    return claim;
  }
  // Member by member: copying all of them with three dots takes several times as long.
  return {
    kind: kept.kind,
    algorithm: kept.algorithm,
    accessKeyId: kept.accessKeyId,
    date: kept.date,
    region: kept.region,
    service: kept.service,
    terminator: kept.terminator,
    signedHeaders: kept.signedHeaders,
    signature: header.slice(cut),
    amzDate,
    securityToken: headerOf(request, 'x-amz-security-token') ?? '',
    regionSet: kept.regionSet,
    aids: kept.aids,
  };
}

const SIGNATURE_CHARACTERS = 64;

/** Whether the header, of nothing but ASCII, ends in a signature. Leaves it in {@link headerBytes}. */
function endsInSignature(header: string): boolean {
  const end = headerBytes.write(header);
  if (end !== header.length) return false;
  let wrong = 0;
  // Bytes of a buffer are read several times as fast as characters of a text.
  for (let at = end - SIGNATURE_CHARACTERS; at < end; at += 1) wrong |= NO_DIGIT[headerBytes[at] ?? 0] ?? 1;
  return wrong === 0;
}

/** Longer headers are read word by word. */
const headerBytes = Buffer.alloc(1_024);
const NO_DIGIT = new Uint8Array(256).fill(1);
for (const digit of Buffer.from('0123456789abcdef')) NO_DIGIT[digit] = 0;

function parseWords(request: HttpRequest, header: string): ParsedAuthorization {
  const parts = header.split(/[\s,]+/);
  const algorithm = parts[0] ?? '';
  let credential = '';
  let signature = '';
  let signedHeaders: string | undefined;
  for (let index = 1; index < parts.length; index += 1) {
    const part = parts[index] ?? '';
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
  return claim({
    kind: 'header',
    algorithm,
    credential,
    signature,
    signedHeaders,
    amzDate,
    securityToken: headerOf(request, 'x-amz-security-token') ?? '',
    regionSet: algorithm === ALGORITHM_V4A ? regionSetOf(request) : '',
  });
}

/** Of several headers all values count, as they are signed: in one list. */
function regionSetOf({ headers }: HttpRequest): string {
  return headers
    .filter(([name]) => name === 'x-amz-region-set')
    .map(([, value]) => value)
    .join(',');
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
    regionSet: parameters.get('X-Amz-Region-Set') ?? '',
  });
}

const REQUIRED_IN_QUERY = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
] as const;

/** A claim whose algorithm and credential are still texts. */
interface ClaimTexts
  extends Omit<SignatureClaim, 'algorithm' | 'signedHeaders' | 'accessKeyId' | keyof ScopeTexts> {
  readonly algorithm: string;
  readonly credential: string;
  readonly signedHeaders: string;
}

type ScopeTexts = Pick<SignatureClaim, 'date' | 'region' | 'service' | 'terminator'>;

function claim(texts: ClaimTexts): ParsedAuthorization {
  const { kind, signature, amzDate, securityToken } = texts;
  if (!BASIC_FORMAT.test(amzDate)) {
    return incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${amzDate}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  const signedHeaders = sorted(texts.signedHeaders.toLowerCase().split(';'));
  if (!signedHeaders.includes('host')) {
    return mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.", amzDate);
  }
  const v4 = texts.algorithm === ALGORITHM;
  if (!v4 && texts.algorithm !== ALGORITHM_V4A) return unsupportedAlgorithm(texts.algorithm, amzDate);
  // Slashes at the end are ignored.
  const count = v4 ? 5 : 4;
  const elements = texts.credential.split('/');
  while (elements.length > count && elements.at(-1) === '') elements.pop();
  if (elements.length !== count) {
    const example = v4 ? 'keyid/date/region/service/term' : 'keyid/date/service/term';
    return incomplete(
      `Credential must have exactly ${count} slash-delimited elements, e.g. ${example}, got '${texts.credential}'`,
      amzDate,
    );
  }
  return {
    kind,
    algorithm: v4 ? 'v4' : 'v4a',
    accessKeyId: elements[0] ?? '',
    date: elements[1] ?? '',
    region: v4 ? (elements[2] ?? '') : '',
    service: elements[count - 2] ?? '',
    terminator: elements[count - 1] ?? '',
    signedHeaders,
    signature,
    amzDate,
    securityToken,
    regionSet: v4 ? '' : texts.regionSet,
  };
}

function sorted(names: string[]): readonly string[] {
  // Nearly every client sends them in order already.
  for (let index = 1; index < names.length; index += 1) {
    if ((names[index - 1] ?? '') > (names[index] ?? '')) return names.sort();
  }
  return names;
}

function incomplete(message: string, amzDate?: string): MalformedAuthorization {
  const dated = amzDate === undefined ? {} : { amzDate };
  return { kind: 'malformed', status: 400, code: 'IncompleteSignature', message, ...dated };
}

function mismatch(message: string, amzDate?: string): MalformedAuthorization {
  const dated = amzDate === undefined ? {} : { amzDate };
  return { kind: 'malformed', status: 403, code: 'SignatureDoesNotMatch', message, ...dated };
}
