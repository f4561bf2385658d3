/**
 * Proves who sent a request, in the order in which real STS checks and stops: syntax, clock, scope, key, token,
 * expiry, principal, and the signature last. So an expired token with a wrong secret says that it is expired.
 * Source of the order: probes of the real regional endpoint in July 2026; for the first two, AWS's own diagram.
 */

import {
  amzDateMs,
  type MalformedAuthorization,
  parseAuthorization,
  type SignatureClaim,
  unsupportedAlgorithm,
} from '../aws/sigv4/authorization.ts';
import type { HttpRequest } from '../aws/sigv4/http-request.ts';
import { claimCoversRegion } from '../aws/sigv4/region-set.ts';
import { ALGORITHM_V4A } from '../aws/sigv4/signature-v4a.ts';
import { amzDateOf } from '../aws/sigv4/string-to-sign.ts';
import { signatureMatches } from '../aws/sigv4/verifier.ts';
import { indexOf } from '../identity/account-index.ts';
import type { Identity } from '../identity/identity.ts';
import type { KnownKey, RegionView } from '../identity/region-view.ts';
import type { Account } from '../identity/state.ts';
import { type Caller, federatedCaller, roleCaller, rootCaller, userCaller } from './caller.ts';
import {
  dateScopeSentence,
  EXPIRED_TOKEN,
  INVALID_CLIENT_TOKEN_ID,
  MISSING_AUTHENTICATION_TOKEN,
  regionScopeSentence,
  SCOPE_SENTENCES,
  SIGNATURE_MISMATCH,
  type StsError,
  serviceScopeSentence,
  signatureDoesNotMatch,
  signatureExpired,
  signatureNotYetCurrent,
} from './errors.ts';
import type { Session } from './session.ts';
import { openToken } from './token.ts';

/** What a Region checks against: its own replica, and the keys of its partition. */
export interface Verifier {
  readonly identity: Identity;
  readonly view: RegionView;
  /** The partition's key for session tokens. */
  readonly tokenKey: Uint8Array;
}

export interface Presented {
  readonly http: HttpRequest;
  /** Region that a signature for the host called must be scoped to. */
  readonly signingRegion: string;
  /** Service that it must be scoped to: `sts` when absent. */
  readonly signingService?: string;
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
    return { accessKeyId: '', error: errorOf(parsed) };
  }
  const { accessKeyId } = parsed;
  if (parsed.algorithm === 'v4a' && !verifier.identity.era.sigV4a) {
    return { accessKeyId, error: errorOf(unsupportedAlgorithm(ALGORITHM_V4A, parsed.amzDate)) };
  }
  const early = clockError(parsed, presented.nowMs) ?? scopeError(parsed, presented, verifier);
  if (early !== undefined) return { accessKeyId, error: early };
  const known = resolve(parsed, presented.nowMs, verifier);
  if ('code' in known) return { accessKeyId, error: known };
  if (!signatureMatches(presented.http, parsed, known.secretAccessKey)) {
    return { accessKeyId, error: SIGNATURE_MISMATCH };
  }
  return { accessKeyId, caller: known.caller };
}

function errorOf({ status, code, message }: MalformedAuthorization): StsError {
  return { status, code, message };
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
function scopeError(
  claim: SignatureClaim,
  { signingRegion, signingService = 'sts' }: Presented,
  { identity }: Verifier,
): StsError | undefined {
  const fits =
    claimCoversRegion(claim, signingRegion) &&
    claim.service === signingService &&
    claim.terminator === 'aws4_request' &&
    claim.amzDate.startsWith(claim.date) &&
    claim.date.length === 8;
  if (fits) return undefined;
  let message = '';
  if (!claimCoversRegion(claim, signingRegion)) {
    message += regionScopeSentence(claim.region || claim.regionSet, identity.era);
  }
  if (claim.service !== signingService) message += serviceScopeSentence(signingService);
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
  const { view, tokenKey } = verifier;
  if (securityToken === '') {
    const key = view.key(accessKeyId);
    if (key?.status !== 'Active' || !knowsAccount(key.account, nowMs, verifier))
      return INVALID_CLIENT_TOKEN_ID;
    return knownHolder(key, accessKeyId) ?? INVALID_CLIENT_TOKEN_ID;
  }
  const opened = openToken(securityToken, tokenKey);
  if (opened === undefined || opened.session.accessKeyId !== accessKeyId) return INVALID_CLIENT_TOKEN_ID;
  const { session, secretAccessKey, version } = opened;
  // A token of version 1 is good only where every account is: not in Regions that have to be enabled.
  if (version === 1 && verifier.identity.switches.isOptIn(view.region)) return INVALID_CLIENT_TOKEN_ID;
  if (session.expiresSeconds * 1_000 <= nowMs) return EXPIRED_TOKEN;
  const account = view.account(session.account);
  if (account === undefined || !knowsAccount(account, nowMs, verifier)) return INVALID_CLIENT_TOKEN_ID;
  const caller = sessionCaller(account, session);
  if (caller === undefined) return INVALID_CLIENT_TOKEN_ID;
  return { caller, secretAccessKey: secretAccessKey.reveal() };
}

/** Who holds long-term keys. A key is another object as soon as anything about its account has changed. */
const holders = new WeakMap<KnownKey, Known>();

function knownHolder(key: KnownKey, accessKeyId: string): Known | undefined {
  const known = holders.get(key);
  if (known !== undefined) return known;
  const { account, principalId } = key;
  const user = indexOf(account).user(principalId);
  if (user === undefined && principalId !== account.id) return undefined;
  const caller =
    principalId === account.id || user === undefined
      ? rootCaller(account, accessKeyId)
      : userCaller(account, user, accessKeyId);
  const made: Known = { caller, secretAccessKey: key.secretAccessKey.reveal() };
  holders.set(key, made);
  return made;
}

/** In an opt-in Region that the caller's account has not enabled, its keys are unknown: aws-okta issue 225. */
function knowsAccount(account: Account, nowMs: number, { identity, view }: Verifier): boolean {
  if (identity.era.optInNeededBy === 'target') return true;
  return identity.switches.isEnabled(account, view.region, nowMs);
}

/** Nobody, when the role or user that the session belongs to is gone. */
function sessionCaller(account: Account, session: Session): Caller | undefined {
  const index = indexOf(account);
  const { kind, principalId } = session;
  if (kind === 'role') {
    const role = index.role(principalId);
    return role && roleCaller(account, role, session);
  }
  if (kind === 'root' || kind === 'root-task') return rootCaller(account, session.accessKeyId, session);
  const user = index.user(principalId);
  if (kind === 'user') return user && userCaller(account, user, session.accessKeyId, session);
  if (user === undefined && principalId !== account.id) return undefined;
  return federatedCaller(account, user, session);
}
