/**
 * What credentials of each kind are not good for, whatever their policies say. Source: the comparison table of "Request
 * temporary security credentials" in the IAM User Guide; that the refusal has the usual words is a GUESS.
 */

import type { Account } from '../../identity/state.ts';
import { authorizeCall, type Question } from '../authorize.ts';
import type { Caller } from '../caller.ts';
import { notAuthorized, regionDisabled, type StsError } from '../errors.ts';
import type { Call } from './action.ts';

/** Actions that a session of the kind may call at most; a kind that is not listed may call any. */
const LIMITS: Readonly<Partial<Record<Caller['kind'], readonly string[]>>> = {
  'user-session': ['AssumeRole', 'GetCallerIdentity', 'GetScopedCredentials'],
  'root-session': ['GetCallerIdentity'],
  'root-task': ['GetCallerIdentity'],
  'federated-user': ['GetCallerIdentity', 'GetScopedCredentials'],
};

/** @param resource As the refusal names it. */
export function refuseKind({ caller }: Call, action: string, resource: string): StsError | undefined {
  const limit = LIMITS[caller.kind];
  if (limit === undefined || limit.includes(action)) return undefined;
  return notAuthorized(caller.principal.arn, action, resource);
}

/** What the caller's policies refuse, in STS's words. `action` without its `sts:`. */
export function refuseByPolicy(
  call: Call,
  action: string,
  resource: string,
  more?: Partial<Question>,
): StsError | undefined {
  const { allowed } = authorizeCall(call, { action: `sts:${action}`, resource, ...more });
  return allowed ? undefined : notAuthorized(call.caller.principal.arn, action, resource);
}

/**
 * Whether the Region called issues nothing for the account whose credentials are asked for. Who has to enable an
 * opt-in Region is a fact of the era.
 */
export function refuseRegion(
  { identity, endpointRegion, era, nowMs }: Call,
  account: Account,
): StsError | undefined {
  const { switches } = identity;
  if (switches.isActive(account, endpointRegion, nowMs)) return undefined;
  if (era.optInNeededBy === 'caller' && switches.isOptIn(endpointRegion)) return undefined;
  return regionDisabled(account.id);
}

export function accountOf({ caller }: Call): Account {
  if (caller.account === undefined) throw new Error('only unsigned actions are called by nobody');
  return caller.account;
}
