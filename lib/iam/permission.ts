/**
 * Whether a caller may do what was asked, and the sentence that says why not. Source of the sentences: "Troubleshoot
 * access denied error messages" in the IAM User Guide.
 */

import type { PolicyKind } from '../identity/policy/document.ts';
import type { MatchedStatement } from '../identity/policy/evaluate.ts';
import { type Asking, authorizeCall, explainCall, type Question } from '../sts/authorize.ts';

/** `undefined`: allowed. */
export function denialOf(asking: Asking, question: Question): string | undefined {
  if (authorizeCall(asking, question).allowed) return undefined;
  const { matched } = explainCall(asking, question);
  const { action, resource } = question;
  const user = asking.caller.principal.arn;
  return `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reasonOf(asking, matched, action)}`;
}

const KIND_NAMES: Readonly<Record<PolicyKind, string>> = {
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  scp: 'service control policy',
  trust: 'resource-based policy',
};

function reasonOf(asking: Asking, matched: readonly MatchedStatement[], action: string): string {
  const deny = matched.find(({ effect }) => effect === 'Deny');
  if (deny !== undefined) {
    const kind = KIND_NAMES[deny.policyKind];
    return `with an explicit deny in ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
  }
  return `because no ${KIND_NAMES[silentKind(asking, matched)]} allows the ${action} action`;
}

/** The first kind of policy, in the order of evaluation, that had to allow the action and does not. */
function silentKind({ caller }: Asking, matched: readonly MatchedStatement[]): PolicyKind {
  const allows = new Set(matched.map(({ statement }) => statement));
  const isSilent = (
    level: readonly { readonly policy: { readonly statements: readonly object[] } }[],
  ): boolean =>
    !level.some(({ policy }) => policy.statements.some((statement) => allows.has(statement as never)));
  const { identity, boundary, scps = [] } = caller.own;
  if (scps.some(isSilent)) return 'scp';
  if (caller.principal.kind !== 'root' && isSilent(identity)) return 'identity';
  return boundary !== undefined && isSilent([boundary]) ? 'boundary' : 'session';
}
