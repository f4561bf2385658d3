/**
 * Decides who may assume a role, from its trust policy and the caller's identity policies. Covers principals of
 * AWS accounts; conditions, tags and federation are for later. Source of the rules: "Policy evaluation logic" in
 * the IAM User Guide, and probes of the real service in July 2026.
 */

/** A trust policy in AWS's own document shape, as far as it is understood here. */
export interface TrustPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly TrustStatement[];
}

export interface TrustStatement {
  readonly Effect: 'Allow' | 'Deny';
  /** ARNs of users, roles, role sessions or `…:root`; twelve digits for an account; `*` for anyone. */
  readonly Principal: { readonly AWS: string | readonly string[] };
  readonly Action: 'sts:AssumeRole';
}

export interface TrustedCaller {
  readonly account: string;
  readonly partition: string;
  /** Every ARN a policy may name this caller by: a role session answers to its own and to its role's. */
  readonly arns: readonly string[];
  /** Role ARNs on which the caller's identity policies allow sts:AssumeRole. */
  readonly assumes: readonly string[];
}

/**
 * Within one account a trust policy that names the caller is enough, while one that names the account only
 * delegates: the caller's own policies must allow it too. Across accounts both sides must, whoever is named.
 */
export function mayAssumeRole(
  caller: TrustedCaller,
  role: { readonly arn: string; readonly account: string; readonly trust: TrustPolicy },
): boolean {
  let named = false;
  let delegated = false;
  for (const { Effect, Principal } of role.trust.Statement) {
    for (const principal of typeof Principal.AWS === 'string' ? [Principal.AWS] : Principal.AWS) {
      const match = matchOf(principal, caller);
      if (match === 'none') continue;
      if (Effect === 'Deny') return false;
      if (match === 'named') named = true;
      else delegated = true;
    }
  }
  if (!named && !delegated) return false;
  if (named && caller.account === role.account) return true;
  return caller.assumes.includes(role.arn) || caller.assumes.includes('*');
}

/** The common case: these principals, and nobody else. */
export function trusting(...principals: readonly string[]): TrustPolicy {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: principals }, Action: 'sts:AssumeRole' }],
  };
}

function matchOf(principal: string, caller: TrustedCaller): 'named' | 'account' | 'none' {
  if (principal === '*' || caller.arns.includes(principal)) return 'named';
  const accountRoot = `arn:${caller.partition}:iam::${caller.account}:root`;
  return principal === caller.account || principal === accountRoot ? 'account' : 'none';
}
