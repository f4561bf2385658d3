/** Who is calling, once proved: what GetCallerIdentity says of them, what policies may name them by, what they may. */

import { assumedRoleArn, federatedUserArn, rootArn } from '../aws/arn.ts';
import { indexOf, type OwnAuthorities } from '../identity/account-index.ts';
import type { PrincipalFacts } from '../identity/policy/principal.ts';
import type { Account, Role, User } from '../identity/state.ts';
import type { Session } from './session.ts';

export interface Caller {
  /**
   * `root`, `user`: long-term keys. `root-session`, `user-session`: keys from GetSessionToken. `role-session`: from
   * AssumeRole and its federated forms. `federated-user`: from GetFederationToken. `root-task`: from AssumeRoot.
   * `anonymous`: an action that nobody signs.
   */
  readonly kind:
    | 'root'
    | 'user'
    | 'root-session'
    | 'user-session'
    | 'role-session'
    | 'federated-user'
    | 'root-task'
    | 'anonymous';
  /** Empty for nobody. */
  readonly accessKeyId: string;
  /** Absent for nobody. */
  readonly account?: Account;
  readonly principal: PrincipalFacts;
  /** What the user or role may by its own policies; a session's own limits are in `session`. */
  readonly own: OwnAuthorities;
  /** The user or role behind the keys. */
  readonly holder?: User | Role;
  /** Absent for long-term keys. */
  readonly session?: Session;
}

export function rootCaller(account: Account, accessKeyId: string, session?: Session): Caller {
  const arn = rootArn(account.partition, account.id);
  const kind = session === undefined ? 'root' : session.kind === 'root-task' ? 'root-task' : 'root-session';
  return {
    kind,
    accessKeyId,
    account,
    principal: {
      kind: 'root',
      partition: account.partition,
      account: account.id,
      arn,
      userId: account.id,
    },
    own: indexOf(account).rootAuthorities,
    ...(session === undefined ? {} : { session }),
  };
}

export function userCaller(account: Account, user: User, accessKeyId: string, session?: Session): Caller {
  const { arn, userId } = user;
  return {
    kind: session === undefined ? 'user' : 'user-session',
    accessKeyId,
    account,
    principal: {
      kind: 'user',
      partition: account.partition,
      account: account.id,
      arn,
      uniqueId: userId,
      userId,
    },
    own: indexOf(account).authoritiesOf(user),
    holder: user,
    ...(session === undefined ? {} : { session }),
  };
}

export function roleCaller(account: Account, role: Role, session: Session): Caller {
  const { roleId, name } = role;
  return {
    kind: 'role-session',
    accessKeyId: session.accessKeyId,
    account,
    principal: {
      kind: 'role-session',
      partition: account.partition,
      account: account.id,
      arn: assumedRoleArn(account.partition, account.id, name, session.sessionName),
      roleArn: role.arn,
      uniqueId: roleId,
      userId: `${roleId}:${session.sessionName}`,
    },
    own: indexOf(account).authoritiesOf(role),
    holder: role,
    session,
  };
}

/** @param user Who asked for the token; absent: the root user did. */
export function federatedCaller(account: Account, user: User | undefined, session: Session): Caller {
  const { id, partition } = account;
  const { sessionName } = session;
  return {
    kind: 'federated-user',
    accessKeyId: session.accessKeyId,
    account,
    principal: {
      kind: 'federated-user',
      partition,
      account: id,
      arn: federatedUserArn(partition, id, sessionName),
      userId: `${id}:${sessionName}`,
      ...(user === undefined ? {} : { uniqueId: user.userId }),
    },
    own: user === undefined ? indexOf(account).rootAuthorities : indexOf(account).authoritiesOf(user),
    ...(user === undefined ? {} : { holder: user }),
    session,
  };
}

/** Whoever calls an action that is not signed: what they present proves itself, later. */
export const NOBODY: Caller = {
  kind: 'anonymous',
  accessKeyId: '',
  principal: { kind: 'anonymous', partition: 'aws', account: '', arn: '' },
  own: { identity: [] },
};
