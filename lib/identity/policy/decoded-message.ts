/**
 * What DecodeAuthorizationMessage shows of a denial: the decision, the statements behind it and the request. DOCS: the
 * STS API reference and the CLI's example; the order of the members is theirs.
 */

import type { Decision } from './authorize.ts';
import type { Condition } from './condition.ts';
import type { MatchedStatement, PolicyRequest } from './evaluate.ts';
import type { PrincipalFacts } from './principal.ts';

/** The JSON text of DecodedMessage. @param decision From `explain`: `authorize` keeps no statements. */
export function decodedMessage(decision: Decision, request: PolicyRequest): string {
  const { principal, action, resource, context } = request;
  // A request that nothing allowed has no statements to show: what applied did not decide.
  const effect = decision.explicitDeny ? 'Deny' : decision.allowed ? 'Allow' : undefined;
  const statements = decision.matched.filter((matched) => matched.effect === effect);
  return JSON.stringify({
    allowed: decision.allowed,
    explicitDeny: decision.explicitDeny,
    matchedStatements: { items: statements.map((matched) => describe(matched, principal)) },
    failures: { items: [] },
    context: {
      principal: describePrincipal(principal),
      action,
      resource,
      conditions: {
        items: [...context].map(([key, values]) => ({ key, values: valueItems(values) })),
      },
    },
  });
}

interface ValueItems {
  readonly items: readonly { readonly value: string }[];
}

function describe({ statement, effect }: MatchedStatement, principal: PrincipalFacts): object {
  const { sid, principals, actions, resources, conditions } = statement;
  return {
    statementId: sid,
    effect: effect.toUpperCase(),
    // A policy of the caller's own names nobody; what it speaks of is the user or role itself.
    principals: valueItems(principals?.saved ?? [principal.uniqueId ?? principal.account]),
    principalGroups: { items: [] },
    actions: valueItems(actions.written),
    resources: valueItems(resources?.written ?? []),
    conditions: { items: conditions.map(describeCondition) },
  };
}

function describeCondition({ key, values }: Condition): object {
  return { key, values: valueItems(values) };
}

function describePrincipal({ kind, arn, userId, uniqueId, account }: PrincipalFacts): object {
  const id = userId ?? uniqueId ?? account;
  return kind === 'user' ? { id, name: arn.slice(arn.lastIndexOf('/') + 1), arn } : { id, arn };
}

function valueItems(values: readonly string[]): ValueItems {
  return { items: values.map((value) => ({ value })) };
}
