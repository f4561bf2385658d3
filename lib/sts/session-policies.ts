/**
 * The policies that limit a session, compiled. A token carries them as text, so that every request would compile them
 * anew; the last few hundred are kept.
 */

import type { PartitionName } from '../aws/partitions.ts';
import { indexOf } from '../identity/account-index.ts';
import type { Authorities } from '../identity/policy/authorize.ts';
import {
  type Policy,
  type PolicyProblem,
  type PolicyText,
  parsePolicy,
} from '../identity/policy/document.ts';
import type { Account } from '../identity/state.ts';
import type { Session } from './session.ts';

/** What a session adds to its principal's authorities; empty for a session without limits of its own. */
export type SessionLimits = Pick<Authorities, 'session' | 'scopes'>;

export function limitsOf(session: Session, account: Account): SessionLimits {
  const { policy, policyArns, taskPolicyArn, scopes } = session;
  const limited = policy !== undefined || policyArns !== undefined || taskPolicyArn !== undefined;
  if (!limited && scopes === undefined) return NO_LIMITS;
  const { partition } = account;
  const managed = [...(policyArns ?? []), ...(taskPolicyArn === undefined ? [] : [taskPolicyArn])]
    .map(indexOf(account).managedPolicy)
    .filter((known) => known !== undefined);
  const granted =
    policy === undefined ? managed : [compiled('session policy', policy, partition), ...managed];
  return {
    // Policies that have been deleted since grant nothing, which is not the same as no policy.
    ...(limited ? { session: granted.length === 0 ? [nothing(partition)] : granted } : {}),
    ...(scopes === undefined
      ? {}
      : { scopes: scopes.map((text, layer) => compiled(`scope-down policy ${layer + 1}`, text, partition)) }),
  };
}

/** A session policy as a request gives it, at most 2,048 characters; kept for when the session comes to be used. */
export function compileSessionPolicy(text: string, partition: PartitionName): Policy | PolicyProblem {
  const key = `${partition}\n${text}`;
  const known = recent.get(key) ?? older.get(key);
  if (known !== undefined) {
    if (!recent.has(key)) remember(key, known);
    return known;
  }
  const policy = parsePolicy(text, { kind: 'session', partition });
  // What is refused is no session's, and would only drive out what is.
  if (!('code' in policy)) remember(key, policy);
  return policy;
}

const NO_LIMITS: SessionLimits = {};

/** A generation; there are two. At 2,048 characters each and what compiling makes of them, a few megabytes. */
const GENERATION = 256;
let recent = new Map<string, Policy>();
let older = new Map<string, Policy>();

function remember(key: string, policy: Policy): void {
  if (recent.size >= GENERATION) {
    older = recent;
    recent = new Map();
  }
  recent.set(key, policy);
}

/** A text that does not parse, which no token of ours holds, grants nothing. */
function compiled(name: string, text: string, partition: PartitionName): PolicyText {
  const policy = compileSessionPolicy(text, partition);
  return 'code' in policy ? nothing(partition) : { name, policy };
}

function nothing(partition: PartitionName): PolicyText {
  const policy = compileSessionPolicy(NOTHING, partition);
  if ('code' in policy) throw new Error(`a policy of ours does not parse: ${policy.message}`);
  return { name: 'nothing', policy };
}

/** Allows an action that no service has. */
const NOTHING =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:Nothing","Resource":"*"}]}';
