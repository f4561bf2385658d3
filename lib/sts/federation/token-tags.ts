/** The session tags and the source identity that an OIDC token carries for AWS, in both shapes that STS is known to take. */

import type { StsError } from '../errors.ts';
import { invalidIdentityToken, SOURCE_IDENTITY_INVALID } from './federation-errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, stringsOf } from './strict-json.ts';

export interface TokenTags {
  readonly principalTags: readonly (readonly [key: string, value: string])[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string;
}

/** What tags may be called, and how many there may be, is judged where tags of every origin are. */
export function readTokenTags(claims: JsonObject): TokenTags | StsError {
  const sourceIdentity = claims.get(SOURCE_IDENTITY);
  if (sourceIdentity !== undefined && !isSourceIdentity(sourceIdentity)) return SOURCE_IDENTITY_INVALID;
  const nested = claims.get(TAGS);
  if (nested !== undefined && !isJsonObject(nested)) return TAGS_INVALID;
  const pairs: [string, JsonValue][] = [];
  const inside = nested?.get('principal_tags');
  if (inside !== undefined) {
    if (!isJsonObject(inside)) return TAGS_INVALID;
    pairs.push(...inside);
  }
  for (const [claim, value] of claims) {
    if (claim.startsWith(FLAT_TAG)) pairs.push([claim.slice(FLAT_TAG.length), value]);
  }
  const principalTags: [string, string][] = [];
  for (const [key, value] of pairs) {
    const [text, another] = typeof value === 'string' ? [value] : (stringsOf(value) ?? []);
    if (text === undefined || another !== undefined) return TAGS_INVALID;
    principalTags.push([key, text]);
  }
  const transitive = nested?.get('transitive_tag_keys') ?? claims.get(`${TAGS}/transitive_tag_keys`);
  const transitiveTagKeys = transitive === undefined ? [] : stringsOf(transitive);
  if (transitiveTagKeys === undefined) return TAGS_INVALID;
  return {
    principalTags,
    transitiveTagKeys,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
}

/** Two to 64 characters: DOCS. A colon is not among them, so that nothing can begin with `aws:`. */
export function isSourceIdentity(value: unknown): value is string {
  return typeof value === 'string' && /^[\w+=,.@-]{2,64}$/.test(value);
}

/** DOCS: "Passing session tags using AssumeRoleWithWebIdentity". */
const TAGS = 'https://aws.amazon.com/tags';
/** The shape for issuers that cannot nest claims, as public recipes use it: one claim for each tag. */
const FLAT_TAG = `${TAGS}/principal_tags/`;
const SOURCE_IDENTITY = 'https://aws.amazon.com/source_identity';

/** GUESS. */
const TAGS_INVALID = invalidIdentityToken(`The claim ${TAGS} is not valid`);
