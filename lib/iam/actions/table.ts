/** Every action, by name: a family is one line here. */

import type { IamAction } from '../action.ts';
import { ACCESS_KEY_ACTIONS } from './access-keys.ts';
import { ACCOUNT_ACTIONS } from './account.ts';
import { ACCOUNT_DETAILS_ACTIONS } from './account-details.ts';
import { ATTACHED_POLICY_ACTIONS } from './attached-policies.ts';
import { BOUNDARY_ACTIONS } from './boundaries.ts';
import { GROUP_ACTIONS } from './groups.ts';
import { INLINE_POLICY_ACTIONS } from './inline-policies.ts';
import { MANAGED_POLICY_ACTIONS } from './managed-policies.ts';
import { MFA_DEVICE_ACTIONS } from './mfa-devices.ts';
import { OIDC_PROVIDER_ACTIONS } from './oidc-providers.ts';
import { ORGANIZATIONS_ACTIONS } from './organizations.ts';
import { OUTBOUND_FEDERATION_ACTIONS } from './outbound-federation.ts';
import { POLICY_VERSION_ACTIONS } from './policy-versions.ts';
import { ROLE_ACTIONS } from './roles.ts';
import { SAML_PROVIDER_ACTIONS } from './saml-providers.ts';
import { STS_REGION_ACTIONS } from './sts-regions.ts';
import { USER_ACTIONS } from './users.ts';

export const ACTIONS: ReadonlyMap<string, IamAction> = new Map(
  [
    ...USER_ACTIONS,
    ...ACCESS_KEY_ACTIONS,
    ...MFA_DEVICE_ACTIONS,
    ...GROUP_ACTIONS,
    ...ROLE_ACTIONS,
    ...BOUNDARY_ACTIONS,
    ...INLINE_POLICY_ACTIONS,
    ...MANAGED_POLICY_ACTIONS,
    ...POLICY_VERSION_ACTIONS,
    ...ATTACHED_POLICY_ACTIONS,
    ...OIDC_PROVIDER_ACTIONS,
    ...SAML_PROVIDER_ACTIONS,
    ...ACCOUNT_ACTIONS,
    ...ACCOUNT_DETAILS_ACTIONS,
    ...OUTBOUND_FEDERATION_ACTIONS,
    ...ORGANIZATIONS_ACTIONS,
    ...STS_REGION_ACTIONS,
  ].map((each) => [each.name, each]),
);
