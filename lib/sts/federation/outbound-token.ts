/**
 * Tokens by which an account's principals prove themselves to others: what GetWebIdentityToken answers, and the two
 * documents by which anyone can check it. Names and order of the members are as in published tokens, key sets and
 * discovery documents of real accounts.
 */

import { sign } from 'node:crypto';
import type { StsError } from '../errors.ts';
import { HASHES } from './compact-jws.ts';
import { JWT_PAYLOAD_TOO_LARGE, SESSION_DURATION_ESCALATION } from './federation-errors.ts';
import type { OutboundKeys } from './outbound-keys.ts';

export type OutboundAlgorithm = 'RS256' | 'ES384';

type Tags = ReadonlyMap<string, string>;

export interface OutboundOrder {
  /** As {@link outboundIssuer} makes it. */
  readonly issuer: string;
  /** ARN of the user, or of the role behind a session. */
  readonly principalArn: string;
  readonly account: string;
  readonly region: string;
  /** One to ten. */
  readonly audiences: readonly string[];
  readonly algorithm: OutboundAlgorithm;
  readonly issuedSeconds: number;
  readonly durationSeconds: number;
  /** UUID. */
  readonly tokenId: string;
  /** When the caller's own session ends: no token outlives it. */
  readonly sessionExpiresSeconds?: number;
  readonly organizationId?: string;
  /** `o-…/r-…/ou-…/`. */
  readonly organizationPath?: string;
  /** Of the session where it has any, else of the principal: DOCS. */
  readonly principalTags?: Tags;
  readonly requestTags?: Tags;
  readonly sourceIdentity?: string;
  /** ARN of the provider behind a federated session. */
  readonly federatedProvider?: string;
}

export interface OutboundToken {
  readonly token: string;
  readonly expiresSeconds: number;
}

/** DOCS: one issuer for each account that has enabled the feature. @param id UUID. */
export function outboundIssuer(id: string): string {
  return `https://${id}.tokens.sts.global.api.aws`;
}

export function signOutboundToken(order: OutboundOrder, keys: OutboundKeys): OutboundToken | StsError {
  const expiresSeconds = order.issuedSeconds + order.durationSeconds;
  if (expiresSeconds > (order.sessionExpiresSeconds ?? expiresSeconds)) return SESSION_DURATION_ESCALATION;
  const payload = JSON.stringify(claimsOf(order, expiresSeconds));
  if (Buffer.byteLength(payload) > LARGEST_PAYLOAD_BYTES) return JWT_PAYLOAD_TOO_LARGE;
  const { algorithm } = order;
  const header = JSON.stringify({ kid: KEY_IDS[algorithm], typ: 'JWT', alg: algorithm });
  const input = `${encode(header)}.${encode(payload)}`;
  const key = algorithm === 'RS256' ? keys.rsa() : keys.ec();
  const signature = sign(HASHES[algorithm], Buffer.from(input), {
    key: key.privateKey,
    ...(algorithm === 'ES384' ? ({ dsaEncoding: 'ieee-p1363' } as const) : {}),
  });
  return { token: `${input}.${signature.toString('base64url')}`, expiresSeconds };
}

/** `/.well-known/openid-configuration`. */
export function discoveryDocument(issuer: string): Readonly<Record<string, unknown>> {
  return {
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'jti', OWN_CLAIM],
    id_token_signing_alg_values_supported: ['RS256', 'ES384'],
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    subject_types_supported: ['public'],
  };
}

/** `/.well-known/jwks.json`. */
export function outboundKeySet(keys: OutboundKeys): {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
} {
  const { e, n } = keys.rsa().publicKey.export({ format: 'jwk' });
  const { x, y } = keys.ec().publicKey.export({ format: 'jwk' });
  return {
    keys: [
      { e, kid: KEY_IDS.RS256, kty: 'RSA', n, use: 'sig' },
      { alg: 'ES384', crv: 'P-384', kid: KEY_IDS.ES384, kty: 'EC', use: 'sig', x, y },
    ],
  };
}

const OWN_CLAIM = 'https://sts.amazonaws.com/';
const KEY_IDS: Readonly<Record<OutboundAlgorithm, string>> = { RS256: 'RSA_0', ES384: 'EC384_0' };
/** GUESS: a token of this size is as long as AssumeRoleWithWebIdentity would take one. */
const LARGEST_PAYLOAD_BYTES = 14_500;

function claimsOf(order: OutboundOrder, exp: number): Readonly<Record<string, unknown>> {
  const [audience, another] = order.audiences;
  const { sessionExpiresSeconds, principalTags, requestTags } = order;
  const own = {
    org_id: order.organizationId,
    aws_account: order.account,
    ou_path: order.organizationPath === undefined ? undefined : [order.organizationPath],
    principal_tags: tagsOf(principalTags),
    request_tags: tagsOf(requestTags),
    original_session_exp:
      sessionExpiresSeconds === undefined
        ? undefined
        : `${new Date(sessionExpiresSeconds * 1000).toISOString().slice(0, 19)}Z`,
    source_identity: order.sourceIdentity,
    federated_provider: order.federatedProvider,
    source_region: order.region,
    principal_id: order.principalArn,
  };
  return {
    aud: another === undefined ? audience : order.audiences,
    sub: order.principalArn,
    [OWN_CLAIM]: own,
    iss: order.issuer,
    exp,
    iat: order.issuedSeconds,
    jti: order.tokenId,
  };
}

function tagsOf(tags: Tags | undefined): Readonly<Record<string, string>> | undefined {
  return tags === undefined || tags.size === 0 ? undefined : Object.fromEntries(tags);
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
