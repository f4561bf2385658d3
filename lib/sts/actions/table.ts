/** Every action that the service knows in some era. */

import type { Action } from './action.ts';
import { assumeRole } from './assume-role.ts';
import { assumeRoleWithSaml } from './assume-role-with-saml.ts';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts';
import { assumeRoot } from './assume-root.ts';
import { decodeAuthorizationMessage } from './decode-authorization-message.ts';
import { getAccessKeyInfo } from './get-access-key-info.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getDelegatedAccessToken } from './get-delegated-access-token.ts';
import { getFederationToken } from './get-federation-token.ts';
import { getScopedCredentials } from './get-scoped-credentials.ts';
import { getSessionToken } from './get-session-token.ts';
import { getWebIdentityToken } from './get-web-identity-token.ts';

export type { Action } from './action.ts';

export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  [
    assumeRole,
    assumeRoleWithSaml,
    assumeRoleWithWebIdentity,
    assumeRoot,
    decodeAuthorizationMessage,
    getAccessKeyInfo,
    getCallerIdentity,
    getDelegatedAccessToken,
    getFederationToken,
    getScopedCredentials,
    getSessionToken,
    getWebIdentityToken,
  ].map((action) => [action.name, action]),
);
