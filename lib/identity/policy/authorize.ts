/**
 * Allowed or not: everything that policies of every kind say about one request, put together as AWS does. Source:
 * "Policy evaluation logic" in the IAM User Guide with its pages on single accounts, on cross-account requests and on
 * the difference between explicit and implicit denies; PROBE for AssumeRole within one account and across two.
 */

import type { PolicyText } from './document.ts';
import {
  allowedReach,
  anyAllows,
  denies,
  deniesAllBut,
  type MatchedStatement,
  matchingStatements,
  type PolicyRequest,
} from './evaluate.ts';
import {
  type PrincipalFacts,
  REACH_ACCOUNT,
  REACH_DIRECT,
  REACH_ENTITY,
  REACH_NONE,
  type Reach,
} from './principal.ts';

export interface Authorities {
  /** Of the user or role and of the user's groups: inline and managed. */
  readonly identity: readonly PolicyText[];
  readonly boundary?: PolicyText;
  /** Of the session, inline and by ARN: what one of them allows, all do. None, like absent, limits nothing. */
  readonly session?: readonly PolicyText[];
  /** Scope-down policies of GetScopedCredentials: each must allow. */
  readonly scopes?: readonly PolicyText[];
  /** Service control policies, one list per level of the organization: each level must allow. */
  readonly scps?: readonly (readonly PolicyText[])[];
  /** The trust policy of the role that the request is about: without it nothing opens the role. */
  readonly resource?: PolicyText;
  /** Account of the resource; absent: the one in its ARN. */
  readonly resourceAccount?: string;
  /** Until September 2022 a role's identity policy was enough for the role to assume itself. */
  readonly implicitSelfTrust?: boolean;
}

export interface Decision {
  readonly allowed: boolean;
  /** A Deny applied, as opposed to nothing having allowed. */
  readonly explicitDeny: boolean;
  /** Every statement that applied; filled by {@link explain} only. */
  readonly matched: readonly MatchedStatement[];
}

/** The decision alone; makes no objects. */
export function authorize(authorities: Authorities, request: PolicyRequest): Decision {
  if (!sharesPartition(authorities, request)) return NOT_ALLOWED;
  if (isDenied(authorities, request)) return DENIED;
  return isAllowed(authorities, request) ? ALLOWED : NOT_ALLOWED;
}

/** The same decision with the statements that applied. */
export function explain(authorities: Authorities, request: PolicyRequest): Decision {
  const { identity, boundary, session = [], scopes = [], scps = [], resource } = authorities;
  const single = [boundary, resource].filter((policy) => policy !== undefined);
  const policies = [...identity, ...session, ...scopes, ...scps.flat(), ...single];
  return { ...authorize(authorities, request), matched: matchingStatements(policies, request) };
}

const ALLOWED: Decision = { allowed: true, explicitDeny: false, matched: [] };
const NOT_ALLOWED: Decision = { allowed: false, explicitDeny: false, matched: [] };
const DENIED: Decision = { allowed: false, explicitDeny: true, matched: [] };

/** Nobody reaches over the wall of a partition, not by name and not as anyone. */
function sharesPartition({ resource }: Authorities, { principal, resource: arn }: PolicyRequest): boolean {
  const { partition } = principal;
  if (resource !== undefined && resource.policy.partition !== partition) return false;
  return !arn.startsWith('arn:') || (arn.startsWith(partition, 4) && arn[4 + partition.length] === ':');
}

function isDenied(authorities: Authorities, request: PolicyRequest): boolean {
  const { identity, boundary, session, scopes, scps, resource } = authorities;
  if (resource !== undefined && denies(resource, request)) return true;
  if (anyDenies(identity, request)) return true;
  if (boundary !== undefined) {
    if (denies(boundary, request)) return true;
    // DOCS: a Deny with NotPrincipal always denies who has a boundary, listed or not.
    if (resource !== undefined && deniesAllBut(resource, request)) return true;
  }
  if (session !== undefined && anyDenies(session, request)) return true;
  if (scopes !== undefined && anyDenies(scopes, request)) return true;
  if (scps !== undefined) for (const level of scps) if (anyDenies(level, request)) return true;
  return false;
}

function anyDenies(policies: readonly PolicyText[], request: PolicyRequest): boolean {
  for (const policy of policies) if (denies(policy, request)) return true;
  return false;
}

function isAllowed(authorities: Authorities, request: PolicyRequest): boolean {
  const { principal } = request;
  const { scps, scopes, resource } = authorities;
  if (scps !== undefined) for (const level of scps) if (!anyAllows(level, request)) return false;
  if (scopes !== undefined) for (const scope of scopes) if (!allows(scope, request)) return false;
  const reach = resourceReach(authorities, request);
  if (isUnattached(principal)) return reach === REACH_DIRECT;
  const sameAccount = isSameAccount(authorities, request);
  const needsResource = resource !== undefined || TRUST_ONLY.has(request.action) || !sameAccount;
  if (needsResource && reach === REACH_NONE) return false;
  if (sameAccount && reach === REACH_DIRECT) return true;
  if (sameAccount && reach === REACH_ENTITY) return withinLimits(authorities, request);
  return ownPoliciesAllow(authorities, request);
}

function resourceReach(authorities: Authorities, request: PolicyRequest): Reach {
  const reach = authorities.resource === undefined ? REACH_NONE : allowedReach(authorities.resource, request);
  const trustsItself =
    authorities.implicitSelfTrust === true && request.principal.roleArn === request.resource;
  return reach === REACH_NONE && trustsItself ? REACH_ACCOUNT : reach;
}

/** Without a trust policy there is no role, so that nothing else can open these. */
const TRUST_ONLY: ReadonlySet<string> = new Set([
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
]);

/** Callers to whom no identity policies could be attached. */
function isUnattached({ kind }: PrincipalFacts): boolean {
  return kind === 'web-identity' || kind === 'saml' || kind === 'service' || kind === 'anonymous';
}

function isSameAccount({ resourceAccount }: Authorities, { principal, resource }: PolicyRequest): boolean {
  if (resourceAccount !== undefined) return resourceAccount === principal.account;
  if (!resource.startsWith('arn:')) return true;
  let colon = 3;
  for (let index = 0; index < 3; index += 1) colon = resource.indexOf(':', colon + 1);
  const { account } = principal;
  // Buckets and the like have no account in their ARN: whoever asks about one has to say whose it is.
  return resource[colon + 1] === ':' || resource.startsWith(`${account}:`, colon + 1);
}

function ownPoliciesAllow(authorities: Authorities, request: PolicyRequest): boolean {
  return (
    // DOCS: root is allowed everything in its account that no organization forbids.
    (request.principal.kind === 'root' || anyAllows(authorities.identity, request)) &&
    withinLimits(authorities, request)
  );
}

/** What bounds a user, role or session without granting anything. */
function withinLimits({ boundary, session }: Authorities, request: PolicyRequest): boolean {
  if (boundary !== undefined && !allows(boundary, request)) return false;
  if (session !== undefined && session.length > 0) return anyAllows(session, request);
  // DOCS: GetFederationToken without a policy makes a session that may do nothing by itself.
  return request.principal.kind !== 'federated-user';
}

function allows(policy: PolicyText, request: PolicyRequest): boolean {
  return allowedReach(policy, request) !== REACH_NONE;
}
