/** Whether statements apply to a request, one policy at a time; what follows from all of them is authorize.ts's. */

import { actionApplies } from './action-element.ts';
import { conditionsHold } from './condition.ts';
import type { ContextValues } from './context.ts';
import type { PolicyKind, PolicyText } from './document.ts';
import { type PrincipalFacts, REACH_DIRECT, REACH_NONE, type Reach, reachOf } from './principal.ts';
import { resourceApplies } from './resource-element.ts';
import type { Statement } from './statement.ts';

export interface PolicyRequest {
  readonly principal: PrincipalFacts;
  /** `sts:AssumeRole`. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource of its own. */
  readonly resource: string;
  readonly context: ContextValues;
}

export interface MatchedStatement {
  /** Where the policy came from. */
  readonly policy: string;
  readonly policyKind: PolicyKind;
  readonly statement: Statement;
  readonly effect: 'Allow' | 'Deny';
}

/** Every statement, of either effect, that applies to the request. */
export function matchingStatements(
  policies: readonly PolicyText[],
  request: PolicyRequest,
): readonly MatchedStatement[] {
  return policies.flatMap(({ name, policy }) =>
    policy.statements
      .filter(
        (statement) =>
          policy.partition === request.principal.partition &&
          statementReach(statement, request) !== REACH_NONE,
      )
      .map((statement) => ({ policy: name, policyKind: policy.kind, statement, effect: statement.effect })),
  );
}

/** Whether a Deny of the policy applies. */
export function denies({ policy }: PolicyText, request: PolicyRequest): boolean {
  for (const statement of policy.denies) {
    if (statementReach(statement, request) !== REACH_NONE) return true;
  }
  return false;
}

/** Whether an Allow of one of the policies applies. */
export function anyAllows(policies: readonly PolicyText[], request: PolicyRequest): boolean {
  for (const { policy } of policies) {
    for (const statement of policy.allows) {
      if (statementReach(statement, request) !== REACH_NONE) return true;
    }
  }
  return false;
}

/** How far the furthest Allow of a resource's policy reaches the caller. */
export function allowedReach({ policy }: PolicyText, request: PolicyRequest): Reach {
  let furthest: Reach = REACH_NONE;
  for (const statement of policy.allows) {
    const reach = statementReach(statement, request);
    if (reach > furthest) furthest = reach;
    if (furthest === REACH_DIRECT) break;
  }
  return furthest;
}

/** Whether a Deny with NotPrincipal speaks of this action, whoever it leaves out. */
export function deniesAllBut({ policy }: PolicyText, request: PolicyRequest): boolean {
  return policy.denies.some(
    (statement) =>
      statement.principals?.negated === true &&
      appliesToAction(statement, request) &&
      conditionsHold(statement.conditions, request.context),
  );
}

/** A statement without principals belongs to whoever it is attached to, and reaches them fully. */
function statementReach(statement: Statement, request: PolicyRequest): Reach {
  if (!appliesToAction(statement, request)) return REACH_NONE;
  const reach =
    statement.principals === undefined ? REACH_DIRECT : reachOf(statement.principals, request.principal);
  return reach !== REACH_NONE && conditionsHold(statement.conditions, request.context) ? reach : REACH_NONE;
}

function appliesToAction({ actions, resources }: Statement, request: PolicyRequest): boolean {
  return (
    actionApplies(actions, request.action) &&
    (resources === undefined || resourceApplies(resources, request.resource, request.context))
  );
}
