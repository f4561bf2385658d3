/** Actions that mean the caller's own user when they name none. */

import type { User } from '../identity/state.ts';
import type { IamCall, Target } from './action.ts';
import { NEEDS_USER_NAME, validationError } from './errors.ts';
import { targetOf, USERS } from './holders.ts';

/** @throws {Refusal} ValidationError, when the caller is no user: a role session, a federated user, or root. */
export function ownUserName(call: IamCall, given: string | undefined): string {
  if (given !== undefined) return given;
  const own = ownUser(call);
  if (own === undefined) throw validationError(NEEDS_USER_NAME);
  return own.name;
}

/** @throws {Refusal} like {@link ownUserName}. */
export function ownUserTarget(call: IamCall, given: string | undefined): Target {
  return targetOf(USERS, call, ownUserName(call, given));
}

/** By id: the user may have been renamed since. */
function ownUser({ caller, account }: IamCall): User | undefined {
  const { kind, uniqueId } = caller.principal;
  if (kind !== 'user') return undefined;
  return [...account.users.values()].find(({ userId }) => userId === uniqueId);
}
