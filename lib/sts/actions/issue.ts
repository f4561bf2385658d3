/**
 * Where an action that has decided to issue credentials gets them: which version of token the account gets here, what
 * of its size is said in the answer, and the refusal of what does not fit.
 */

import type { Member, Members } from '../../aws/query-answer.ts';
import type { Account } from '../../identity/state.ts';
import type { StsError } from '../errors.ts';
import type { IssuedCredentials, SessionOrder } from '../issuer.ts';
import {
  packedPolicyTooLarge,
  packedSizePercent,
  tokenTooLarge,
  tokenUtilizationPercent,
} from '../session-size.ts';
import { checkNumber, readInteger } from '../validation.ts';
import type { Call } from './action.ts';
import { MINIMUM_TOKEN_SIZE } from './rules.ts';

/** What the session is, without what the call and the Region add. */
export type SessionPlan = Omit<SessionOrder, 'account' | 'issuedSeconds' | 'version'>;

export interface Issued {
  readonly credentials: Member;
  /** PackedPolicySize, in per cent. Answers differ in when they show it. */
  readonly packedPercent: number;
  /** What eras that count tokens say of this one; they close an answer. */
  readonly sizes: Members;
}

/** @param account Whose session it is: its preference decides the token's version at the global endpoint. */
export function issue(call: Call, account: Account, plan: SessionPlan): Issued | StsError {
  const { era, issuer, nowSeconds } = call;
  const limited = plan.policy !== undefined || plan.policyArns !== undefined || plan.tags !== undefined;
  const refused = limited && era.packedLimits ? packedPolicyTooLarge(plan) : undefined;
  if (refused !== undefined) return refused;
  const issued = issuer.credentials({
    ...plan,
    account: account.id,
    issuedSeconds: nowSeconds,
    version: tokenVersion(call, account),
  });
  if ('tooLargeBytes' in issued) return tokenTooLarge(issued.tooLargeBytes, plan);
  return {
    credentials: ['Credentials', credentialsOf(issued)],
    packedPercent: limited ? Math.min(packedSizePercent(plan), 100) : 0,
    sizes: era.tokenSizes ? sizesOf(issued) : [],
  };
}

/** Of an era that does not know the parameter: as if it were not there. */
export function readMinimumTokenSize({ era, parameters }: Call): number | undefined | StsError {
  return era.tokenSizes ? readInteger(parameters.get('MinimumSessionTokenSize')) : undefined;
}

export function minimumBytes(
  minimumTokenSize: number | undefined,
): Pick<SessionPlan, 'minimumBytes'> | undefined {
  return minimumTokenSize === undefined ? undefined : { minimumBytes: minimumTokenSize };
}

export function checkMinimumTokenSize(size: number | undefined, clauses: string[]): void {
  checkNumber(size, MINIMUM_TOKEN_SIZE, clauses);
}

function tokenVersion({ global, era }: Call, { settings }: Account): 1 | 2 {
  if (!global) return era.regionalTokenVersion;
  const { usual, choosable } = era.globalTokenVersion;
  return (choosable ? settings.globalTokenVersion : undefined) ?? usual;
}

function credentialsOf({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiresSeconds,
}: IssuedCredentials): Members {
  return [
    ['AccessKeyId', { plain: accessKeyId }],
    ['SecretAccessKey', { plain: secretAccessKey }],
    ['SessionToken', { plain: sessionToken }],
    ['Expiration', { epochSeconds: expiresSeconds }],
  ];
}

function sizesOf({ tokenBytes }: IssuedCredentials): Members {
  return [
    ['SessionTokenUtilization', tokenUtilizationPercent(tokenBytes)],
    ['SessionTokenSize', tokenBytes],
  ];
}
