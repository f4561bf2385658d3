/** Every action that the service knows. */

import type { Action } from './action.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getSessionToken } from './get-session-token.ts';

export type { Action } from './action.ts';

export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  [assumeRole, getCallerIdentity, getSessionToken].map((action) => [action.name, action]),
);
