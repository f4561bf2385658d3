/** The account as a whole: what it holds, and which tokens the global endpoint gives it. */

import type { Members } from '../../aws/query-answer.ts';
import type { Account } from '../../identity/state.ts';
import { action, change, EVERYTHING, type IamAction, type IamCall } from '../action.ts';
import { text } from '../fields.ts';
import { QUOTAS } from '../quotas.ts';
import { PAGING } from '../rules.ts';

const getAccountSummary = action({
  name: 'GetAccountSummary',
  fields: {},
  target: () => EVERYTHING,
  run: (_input, call) => [
    [
      'SummaryMap',
      summary(call).map(([key, value]) => {
        const entry: Members = [
          ['key', key],
          ['value', value],
        ];
        return ['entry', entry] as const;
      }),
    ],
  ],
});

/** Source: the IAM API reference. Tokens issued before stay what they are. */
const setSecurityTokenServicePreferences = action({
  name: 'SetSecurityTokenServicePreferences',
  existsIn: ({ globalTokenVersion }) => globalTokenVersion.choosable,
  fields: { GlobalEndpointTokenVersion: text({ values: ['v1Token', 'v2Token'] }) },
  target: () => EVERYTHING,
  run: ({ GlobalEndpointTokenVersion }, call) => {
    const globalTokenVersion = GlobalEndpointTokenVersion === 'v1Token' ? 1 : 2;
    change(call, (account) => ({ ...account, settings: { ...account.settings, globalTokenVersion } }));
    return undefined;
  },
});

/** No account here has an alias; Terraform asks. */
const listAccountAliases = action({
  name: 'ListAccountAliases',
  fields: { ...PAGING },
  target: () => EVERYTHING,
  run: () => [
    ['AccountAliases', { list: [] }],
    ['IsTruncated', false],
  ],
});

export const ACCOUNT_ACTIONS: readonly IamAction[] = [
  getAccountSummary,
  setSecurityTokenServicePreferences,
  listAccountAliases,
];

/** RECORDED for the keys. */
function summary({ account, identity: { era } }: IamCall): readonly (readonly [string, number])[] {
  const { users, groups, roles, policies, mfaDevices, oidcProviders, samlProviders, settings } = account;
  const assigned = [...mfaDevices.values()].filter(({ principalId }) => principalId !== undefined);
  let versions = 0;
  for (const policy of policies.values()) versions += policy.versions.size;
  const { choosable, usual } = era.globalTokenVersion;
  return [
    ['Users', users.size],
    ['UsersQuota', QUOTAS.users],
    ['Groups', groups.size],
    ['GroupsQuota', QUOTAS.groups],
    ['Roles', roles.size],
    ['RolesQuota', QUOTAS.roles],
    ['Policies', policies.size],
    ['PoliciesQuota', QUOTAS.policies],
    ['PolicyVersionsInUse', versions],
    ['PolicyVersionsInUseQuota', QUOTAS.policyVersions],
    ['VersionsPerPolicyQuota', QUOTAS.versionsPerPolicy],
    ['InstanceProfiles', 0],
    ['InstanceProfilesQuota', QUOTAS.instanceProfiles],
    ['ServerCertificates', 0],
    ['ServerCertificatesQuota', QUOTAS.serverCertificates],
    ['Providers', oidcProviders.size + samlProviders.size],
    ['MFADevices', mfaDevices.size],
    ['MFADevicesInUse', assigned.length],
    ['AccountMFAEnabled', assigned.some(({ principalId }) => principalId === account.id) ? 1 : 0],
    ['AccountAccessKeysPresent', hasRootKeys(account) ? 1 : 0],
    ['AccountPasswordPresent', 0],
    ['AccountSigningCertificatesPresent', 0],
    ['AccessKeysPerUserQuota', QUOTAS.accessKeysPerUser],
    ['SigningCertificatesPerUserQuota', QUOTAS.signingCertificatesPerUser],
    ['GroupsPerUserQuota', QUOTAS.groupsPerUser],
    ['AttachedPoliciesPerUserQuota', QUOTAS.attachedPolicies],
    ['AttachedPoliciesPerGroupQuota', QUOTAS.attachedPolicies],
    ['AttachedPoliciesPerRoleQuota', QUOTAS.attachedPolicies],
    ['UserPolicySizeQuota', QUOTAS.inlinePolicies.User],
    ['GroupPolicySizeQuota', QUOTAS.inlinePolicies.Group],
    ['RolePolicySizeQuota', QUOTAS.inlinePolicies.Role],
    ['PolicySizeQuota', QUOTAS.managedPolicy],
    ['AssumeRolePolicySizeQuota', QUOTAS.trustPolicy],
    ...(choosable ? [['GlobalEndpointTokenVersion', settings.globalTokenVersion ?? usual] as const] : []),
  ];
}

function hasRootKeys({ id, accessKeys }: Account): boolean {
  return [...accessKeys.values()].some(({ principalId }) => principalId === id);
}
