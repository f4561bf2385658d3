/**
 * How much of everything an account may have. Sources: the IAM User Guide's page of quotas (without any increase), and
 * the answer of GetAccountSummary recorded from real IAM.
 */

export const QUOTAS = {
  users: 5_000,
  groups: 300,
  roles: 1_000,
  policies: 1_500,
  policyVersions: 10_000,
  versionsPerPolicy: 5,
  groupsPerUser: 10,
  accessKeysPerUser: 2,
  attachedPolicies: 10,
  mfaDevicesPerUser: 8,
  oidcProviders: 100,
  clientIdsPerProvider: 100,
  samlProviders: 100,
  instanceProfiles: 1_000,
  serverCertificates: 20,
  signingCertificatesPerUser: 2,
  /** Characters, white space not counted. */
  trustPolicy: 2_048,
  managedPolicy: 6_144,
  inlinePolicies: { User: 2_048, Group: 5_120, Role: 10_240 },
} as const;
