/**
 * Proves who sent a request, in the order in which real STS checks and stops: syntax, clock, scope, key, token,
 * expiry, principal, and the signature last. So an expired token with a wrong secret says that it is expired.
 * Source of the order: probes of the real regional endpoint in July 2026; for the first two, AWS's own diagram.
 */

import { amzDateMs, parseAuthorization, type SignatureClaim } from '../aws/sigv4/authorization.ts';
import type { HttpRequest } from '../aws/sigv4/http-request.ts';
import { amzDateOf } from '../aws/sigv4/signature.ts';
import { signatureMatches } from '../aws/sigv4/verifier.ts';
import type { Identity } from '../identity/identity.ts';
import type { Keyring } from '../identity/keyring.ts';
import { type Caller, roleCaller, userCaller } from './caller.ts';
import {
  dateScopeSentence,
  EXPIRED_TOKEN,
  INVALID_CLIENT_TOKEN_ID,
  MISSING_AUTHENTICATION_TOKEN,
  SCOPE_SENTENCES,
  SIGNATURE_MISMATCH,
  type StsError,
  signatureDoesNotMatch,
  signatureExpired,
  signatureNotYetCurrent,
} from './errors.ts';
import { openToken, type Session } from './token.ts';

/** What a Region checks against: its own replica, and the keys of its partition. */
export interface Verifier {
  readonly identity: Identity;
  readonly keyring: Keyring;
  /** The partition's key for session tokens. */
  readonly tokenKey: Uint8Array;
}

export interface Presented {
  readonly http: HttpRequest;
  /** Region that a signature for the host called must be scoped to. */
  readonly signingRegion: string;
  /** Wall clock of the service, epoch milliseconds. */
  readonly nowMs: number;
}

export type Authentication =
  /** `accessKeyId`: as claimed, proved or not; empty when nothing was claimed. */
  | { readonly accessKeyId: string; readonly caller: Caller }
  | { readonly accessKeyId: string; readonly error: StsError };

export function authenticate(presented: Presented, verifier: Verifier): Authentication {
  const parsed = parseAuthorization(presented.http);
  if (parsed.kind === 'none') return { accessKeyId: '', error: MISSING_AUTHENTICATION_TOKEN };
  if (parsed.kind === 'malformed') {
    const { status, code, message } = parsed;
    return { accessKeyId: '', error: { status, code, message } };
  }
  const { accessKeyId } = parsed;
  const early = clockError(parsed, presented.nowMs) ?? scopeError(parsed, presented.signingRegion);
  if (early !== undefined) return { accessKeyId, error: early };
  const known = resolve(parsed, presented.nowMs, verifier);
  if ('code' in known) return { accessKeyId, error: known };
  if (!signatureMatches(presented.http, parsed, known.secretAccessKey)) {
    return { accessKeyId, error: SIGNATURE_MISMATCH };
  }
  return { accessKeyId, caller: known.caller };
}

/**
 * STS allows 15 minutes either way. A presigned request is good for as long, whatever its X-Amz-Expires says.
 * Sources: aws/aws-cli issue 6676; the EKS token generator's constants.
 */
const WINDOW_SECONDS = 900;

function clockError({ amzDate }: SignatureClaim, nowMs: number): StsError | undefined {
  const nowSeconds = Math.floor(nowMs / 1_000);
  const signedSeconds = amzDateMs(amzDate) / 1_000;
  if (Math.abs(signedSeconds - nowSeconds) <= WINDOW_SECONDS) return undefined;
  const basic = (seconds: number): string => amzDateOf(seconds * 1_000);
  const now = basic(nowSeconds);
  // A date that no calendar has is NaN and lands here too.
  return signedSeconds > nowSeconds
    ? signatureNotYetCurrent(amzDate, basic(nowSeconds + WINDOW_SECONDS), now)
    : signatureExpired(amzDate, basic(nowSeconds - WINDOW_SECONDS), now);
}

/** All that is wrong with the scope, said at once, the Region first. */
function scopeError(claim: SignatureClaim, signingRegion: string): StsError | undefined {
  const fits =
    claim.region === signingRegion &&
    claim.service === 'sts' &&
    claim.terminator === 'aws4_request' &&
    claim.amzDate.startsWith(claim.date) &&
    claim.date.length === 8;
  if (fits) return undefined;
  let message = '';
  if (claim.region !== signingRegion) message += SCOPE_SENTENCES.region;
  if (claim.service !== 'sts') message += SCOPE_SENTENCES.service;
  if (claim.terminator !== 'aws4_request') message += SCOPE_SENTENCES.terminator;
  if (claim.date !== claim.amzDate.slice(0, 8)) message += dateScopeSentence(claim.date, claim.amzDate);
  return signatureDoesNotMatch(message);
}

interface Known {
  readonly caller: Caller;
  readonly secretAccessKey: string;
}

function resolve(claim: SignatureClaim, nowMs: number, verifier: Verifier): Known | StsError {
  const { accessKeyId, securityToken } = claim;
  const { identity, keyring, tokenKey } = verifier;
  if (securityToken === '') {
    const key = keyring.get(accessKeyId);
    const user = key && identity.user(key.userId);
    if (key === undefined || user === undefined) return INVALID_CLIENT_TOKEN_ID;
    return { caller: userCaller(user, accessKeyId), secretAccessKey: key.secretAccessKey.reveal() };
  }
  const opened = openToken(securityToken, tokenKey);
  if (opened === undefined || opened.session.accessKeyId !== accessKeyId) return INVALID_CLIENT_TOKEN_ID;
  const { session, secretAccessKey } = opened;
  if (session.expiresSeconds * 1_000 <= nowMs) return EXPIRED_TOKEN;
  const caller = sessionCaller(session, identity);
  if (caller === undefined) return INVALID_CLIENT_TOKEN_ID;
  return { caller, secretAccessKey: secretAccessKey.reveal() };
}

/** Nobody, when the role or user that the session belongs to is gone. */
function sessionCaller(session: Session, identity: Identity): Caller | undefined {
  if (session.kind === 'role') {
    const role = identity.role(session.principalId);
    return role && roleCaller(role, session);
  }
  const user = identity.user(session.principalId);
  return user && userCaller(user, session.accessKeyId, 'user-session');
}
