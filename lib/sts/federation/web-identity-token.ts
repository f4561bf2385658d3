/**
 * Decides whether an OpenID Connect token proves who its bearer is, and to which of an account's providers. Reads the
 * token strictly, takes keys from the provider alone, and says no in the words of STS.
 *
 * The order of the checks is a guess: readable, issuer known, claims there, key found, signature, audience, times.
 */

import type { StsError } from '../errors.ts';
import { type CompactJws, decodeUtf8, isSignedBy, parseCompactJws } from './compact-jws.ts';
import {
  INCORRECT_AUDIENCE,
  invalidIdentityToken,
  missingClaim,
  NOT_A_JWT,
  noSuchIssuer,
  tokenExpired,
  tokenTooOld,
} from './federation-errors.ts';
import type { FoundKey, KeySource, ProviderKeys } from './provider-keys.ts';
import { type JsonObject, type JsonValue, parseStrictJsonObject, stringsOf } from './strict-json.ts';
import { readTokenTags, type TokenTags } from './token-tags.ts';

export interface OidcProviderFacts extends KeySource {
  /** `https://issuer.example/path`, equal to `iss` to the letter: case, port and a slash at the end count. */
  readonly url: string;
  readonly clientIds: readonly string[];
}

export interface WebIdentity extends TokenTags {
  /** The `iss` claim, which is also the Provider of the answer. */
  readonly issuer: string;
  readonly subject: string;
  /** The `azp` claim, or the one of `aud` that the provider knows. */
  readonly audience: string;
  readonly expiresSeconds: number;
  /** Lower case: `issuer.example/path:aud`, `…:sub`, `…:oaud`, `…:amr`, and every other claim made of texts. */
  readonly conditionKeys: ReadonlyMap<string, readonly string[]>;
}

export interface WebIdentityTrust {
  /** The provider of the role's account with exactly this issuer. */
  readonly find: (issuer: string) => OidcProviderFacts | undefined;
  readonly keys: ProviderKeys;
  readonly nowSeconds: number;
}

type Verdict = WebIdentity | StsError;

/** Promises only when the issuer's keys have to be fetched first. Total. */
export function verifyWebIdentityToken(token: string, trust: WebIdentityTrust): Verdict | Promise<Verdict> {
  const jws = parseCompactJws(token);
  const text = jws === undefined ? undefined : decodeUtf8(jws.payload);
  const claims = text === undefined ? undefined : parseStrictJsonObject(text);
  if (jws === undefined || claims === undefined) return NOT_A_JWT;
  const issuer = claims.get('iss');
  if (issuer === undefined) return missingClaim('iss');
  if (typeof issuer !== 'string') return NOT_A_JWT;
  const provider = issuer.endsWith(OWN_ISSUERS) ? undefined : trust.find(issuer);
  if (provider === undefined || provider.url !== issuer || !issuer.startsWith(SCHEME))
    return noSuchIssuer(issuer);
  const missing = REQUIRED_CLAIMS.find((claim) => !claims.has(claim));
  if (missing !== undefined) return missingClaim(missing);
  const judge = (key: FoundKey): Verdict => judgeWith(key, jws, claims, provider, trust.nowSeconds);
  const key = trust.keys.keyFor(provider, jws.algorithm, jws.keyId);
  return key instanceof Promise ? key.then(judge) : judge(key);
}

export function isRefusal<Value extends object>(value: Value | StsError): value is StsError {
  return 'status' in value && 'code' in value;
}

const SCHEME = 'https://';
/** DOCS: what GetWebIdentityToken issues cannot be used for federation into AWS. */
const OWN_ISSUERS = '.tokens.sts.global.api.aws';
/** That `exp` and `iat` must be there is documented for the token, not for the message. */
const REQUIRED_CLAIMS = ['sub', 'aud', 'exp', 'iat'] as const;
/** GUESS: tokens 1.8 and 5.1 days old were too old though not expired, one of ten hours was not. */
const OLDEST_SECONDS = 86_400;
/** GUESS: how far an issuer's clock may be ahead. */
const CLOCK_SKEW_SECONDS = 60;

function judgeWith(
  key: FoundKey,
  jws: CompactJws,
  claims: JsonObject,
  provider: OidcProviderFacts,
  nowSeconds: number,
): Verdict {
  if (isRefusal(key)) return key;
  if (!isSignedBy(jws, key)) return NOT_A_JWT;
  const audience = audienceOf(claims, provider.clientIds);
  if (typeof audience !== 'string') return audience;
  const expiresSeconds = claims.get('exp');
  const late = lateness(claims, nowSeconds);
  if (late !== undefined || typeof expiresSeconds !== 'number') return late ?? NOT_A_JWT;
  const subject = claims.get('sub');
  if (typeof subject !== 'string' || subject.length < 6 || subject.length > 255) return SUBJECT_INVALID;
  const tags = readTokenTags(claims);
  if (isRefusal(tags)) return tags;
  return {
    ...tags,
    issuer: provider.url,
    subject,
    audience,
    expiresSeconds,
    conditionKeys: conditionKeysOf(claims, provider.url, audience, subject),
  };
}

/** MODEL for the bounds, which are those of the answer's member; GUESS for the words. */
const SUBJECT_INVALID = invalidIdentityToken('The sub claim must have 6 to 255 characters');

/**
 * DOCS: where a token says to whom it was issued (`azp`), that is the audience and `aud` becomes `oaud`.
 */
function audienceOf(claims: JsonObject, clientIds: readonly string[]): string | StsError {
  const party = claims.get('azp');
  const audiences = audiencesOf(claims);
  if (audiences === undefined || (party !== undefined && typeof party !== 'string')) return NOT_A_JWT;
  const candidates = party === undefined ? audiences : [party];
  return candidates.find((candidate) => clientIds.includes(candidate)) ?? INCORRECT_AUDIENCE;
}

function audiencesOf(claims: JsonObject): readonly string[] | undefined {
  const audience = claims.get('aud');
  return typeof audience === 'string' ? [audience] : stringsOf(audience);
}

/** MODEL: times are integers. Anything else is not read as one. */
function lateness(claims: JsonObject, nowSeconds: number): StsError | undefined {
  const expires = claims.get('exp');
  const issued = claims.get('iat');
  const notBefore = claims.get('nbf') ?? issued;
  if (!isTime(expires) || !isTime(issued) || !isTime(notBefore)) return NOT_A_JWT;
  if (nowSeconds >= expires) return tokenExpired(nowSeconds, expires);
  if (nowSeconds - issued > OLDEST_SECONDS) return tokenTooOld(nowSeconds - issued);
  if (Math.max(issued, notBefore) > nowSeconds + CLOCK_SKEW_SECONDS) return NOT_YET_VALID;
  return undefined;
}

/** GUESS. */
const NOT_YET_VALID = invalidIdentityToken('The ID Token provided is not valid yet');

function isTime(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && value >= 0;
}

function conditionKeysOf(
  claims: JsonObject,
  url: string,
  audience: string,
  subject: string,
): ReadonlyMap<string, readonly string[]> {
  const prefix = `${url.slice(SCHEME.length).toLowerCase()}:`;
  const keys = new Map<string, readonly string[]>();
  for (const [claim, value] of claims) {
    const values = typeof value === 'string' ? [value] : stringsOf(value);
    if (values !== undefined) keys.set(`${prefix}${claim.toLowerCase()}`, values);
  }
  // Last, so that no claim of a like name stands in their place.
  keys.set(`${prefix}aud`, [audience]);
  keys.set(`${prefix}oaud`, audiencesOf(claims) ?? []);
  keys.set(`${prefix}sub`, [subject]);
  return keys;
}
