/** Who is calling, once proved: what GetCallerIdentity says of them and what trust policies may name them by. */

import { assumedRoleArn } from '../aws/arn.ts';
import type { KnownRole, KnownUser } from '../identity/identity.ts';
import type { TrustedCaller } from '../identity/trust.ts';
import type { Session } from './token.ts';

export interface Caller extends TrustedCaller {
  /** `user`: long-term keys. `user-session`: keys from GetSessionToken. `role-session`: keys from AssumeRole. */
  readonly kind: 'user' | 'user-session' | 'role-session';
  readonly accessKeyId: string;
  readonly arn: string;
  /** AIDA… of a user, AROA…:session of a role's session. */
  readonly userId: string;
}

export function userCaller(
  user: KnownUser,
  accessKeyId: string,
  kind: 'user' | 'user-session' = 'user',
): Caller {
  const { account, partition, arn, userId, assumes = [] } = user;
  return { kind, accessKeyId, account, partition, arn, userId, arns: [arn], assumes };
}

export function roleCaller(role: KnownRole, { accessKeyId, sessionName }: Session): Caller {
  const { account, partition, roleId, assumes = [] } = role;
  const arn = assumedRoleArn(partition, account, role.name, sessionName);
  return {
    kind: 'role-session',
    accessKeyId,
    account,
    partition,
    arn,
    userId: `${roleId}:${sessionName}`,
    arns: [arn, role.arn],
    assumes,
  };
}
