/**
 * Who a policy speaks of: the compiled Principal and NotPrincipal elements, and how far one reaches a caller. Source:
 * "AWS JSON policy elements: Principal" and "NotPrincipal" in the IAM User Guide.
 */

import type { PartitionName } from '../../aws/partitions.ts';

/** Everything a policy may name a caller by. */
export interface PrincipalFacts {
  readonly kind:
    | 'root'
    | 'user'
    | 'role-session'
    | 'federated-user'
    | 'web-identity'
    | 'saml'
    | 'service'
    | 'anonymous';
  readonly partition: PartitionName;
  /** Empty for a caller that nobody signs for. */
  readonly account: string;
  /** The caller's own: of the user, the role session, the federated user, the provider; a service's name. */
  readonly arn: string;
  /** Of the IAM role behind a session, with its path. */
  readonly roleArn?: string;
  /** `AIDA…` or `AROA…` of the user or role; for a federated user, of the user who asked for the token. */
  readonly uniqueId?: string;
  /** `aws:userid`. */
  readonly userId?: string;
  /** ARN of a provider, or the domain of one that IAM knows by itself; for web identities and SAML. */
  readonly provider?: string;
}

/**
 * How a policy reaches a caller, from not at all to most directly:
 * `account`: through the caller's account, whose own policies must do the rest;
 * `entity`: as the user or role behind a session, within what limits that session;
 * `direct`: as the user, session, provider or service itself, or as anyone at all.
 */
export type Reach = typeof REACH_NONE | typeof REACH_ACCOUNT | typeof REACH_ENTITY | typeof REACH_DIRECT;

// Numbers, because the furthest of several reaches is their maximum.
export const REACH_NONE = 0;
export const REACH_ACCOUNT = 1;
export const REACH_ENTITY = 2;
export const REACH_DIRECT = 3;

export interface PrincipalSet {
  /** NotPrincipal: everyone else. */
  readonly negated: boolean;
  /** `*`, or `*` under AWS, which says the same. */
  readonly everyone: boolean;
  readonly accounts: ReadonlySet<string>;
  /** Unique ids that ARNs of users and roles were saved as. */
  readonly ids: ReadonlySet<string>;
  /** ARNs that stay text: role sessions and federated users; users and roles where nobody keeps ids. */
  readonly arns: ReadonlySet<string>;
  /** ARNs or domains of providers; `*` for all. */
  readonly federated: ReadonlySet<string>;
  /** Names of services; `*` for all. */
  readonly services: ReadonlySet<string>;
  /** As saved, for explanations: unique ids instead of the ARNs they were given as. */
  readonly saved: readonly string[];
}

/** How far a Principal element reaches; the partition is the caller of this function's to compare. */
export function reachOf(set: PrincipalSet, caller: PrincipalFacts): Reach {
  if (set.negated) return isExempt(set, caller) ? REACH_NONE : REACH_DIRECT;
  if (set.everyone || isNamed(set, caller)) return REACH_DIRECT;
  if (isEntityNamed(set, caller)) return caller.kind === 'user' ? REACH_DIRECT : REACH_ENTITY;
  return set.accounts.size > 0 && isOfAccount(caller) && set.accounts.has(caller.account)
    ? REACH_ACCOUNT
    : REACH_NONE;
}

/** Whether the session, provider or service itself is listed. */
function isNamed(set: PrincipalSet, caller: PrincipalFacts): boolean {
  switch (caller.kind) {
    case 'role-session':
    case 'federated-user':
      return set.arns.size > 0 && set.arns.has(caller.arn);
    case 'web-identity':
    case 'saml':
      return set.federated.has(caller.provider ?? caller.arn) || set.federated.has('*');
    case 'service':
      return set.services.has(caller.arn) || set.services.has('*');
    default:
      return false;
  }
}

/** Whether the user or role is listed, by the id it was saved as or, where no ids are kept, by its ARN. */
function isEntityNamed(set: PrincipalSet, { kind, uniqueId, arn, roleArn }: PrincipalFacts): boolean {
  if (kind !== 'user' && kind !== 'role-session' && kind !== 'federated-user') return false;
  if (uniqueId !== undefined && set.ids.has(uniqueId)) return true;
  return set.arns.size > 0 && (kind === 'user' ? set.arns.has(arn) : set.arns.has(roleArn ?? ''));
}

function isOfAccount({ kind }: PrincipalFacts): boolean {
  return kind === 'root' || kind === 'user' || kind === 'role-session' || kind === 'federated-user';
}

/**
 * Whom NotPrincipal leaves out. DOCS: the account is looked at first, then the user or role, then the session, and
 * each must be listed; a list that names no session of a role leaves out all of them.
 */
function isExempt(set: PrincipalSet, caller: PrincipalFacts): boolean {
  if (set.everyone) return true;
  if (!isOfAccount(caller)) return isNamed(set, caller);
  if (!set.accounts.has(caller.account)) return false;
  switch (caller.kind) {
    case 'root':
      return true;
    case 'user':
      return isEntityNamed(set, caller);
    case 'federated-user':
      return isNamed(set, caller);
    default:
      return isEntityNamed(set, caller) && (isNamed(set, caller) || !namesSiblingOf(set, caller));
  }
}

/** Whether another session of the caller's role is listed. */
function namesSiblingOf(set: PrincipalSet, { arn }: PrincipalFacts): boolean {
  const sessions = arn.slice(0, arn.lastIndexOf('/') + 1);
  for (const listed of set.arns) if (listed.startsWith(sessions)) return true;
  return false;
}
