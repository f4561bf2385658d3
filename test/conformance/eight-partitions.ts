/** A world of all eight partitions, each with an account that holds every kind of credential there is. */

import type { Credentials } from '../../lib/aws/credentials.ts';
import { GLOBAL_ENDPOINT, regionalHost } from '../../lib/aws/endpoints.ts';
import { PARTITIONS, type PartitionName } from '../../lib/aws/partitions.ts';
import type { AccountConfig, OrganizationConfig } from '../../lib/identity/accounts.ts';
import { defaultAccounts } from '../../lib/identity/world-accounts.ts';
import { allow, askFor, policyOf } from '../../lib/sts/actions/test-accounts.ts';
import { rootCredentials, rootKeys } from '../../lib/sts/actions/test-root.ts';
import { token } from '../../lib/sts/federation/jwt-forge.fixture.ts';
import { createDesk, type Desk, type DeskOptions, separateKeys, sessionOf } from '../../lib/sts/test-desk.ts';
import type { Parameters } from './answers.ts';
import {
  type IdentityProvider,
  oidcProviderArnOf,
  samlProviderArnOf,
  samlResponseFor,
} from './identity-provider.ts';

export interface EightPartitions {
  readonly desk: Desk;
  readonly sides: readonly Side[];
}

/** One partition. */
export interface Side {
  readonly partition: PartitionName;
  readonly host: string;
  readonly account: AccountConfig;
  readonly roleArn: string;
  readonly holders: readonly Holder[];
  /** What a call of the action needs, as far as this side has it: its own role, provider, token, assertion. */
  readonly parameters: Readonly<Record<string, Parameters>>;
}

export interface Holder {
  readonly kind: string;
  readonly credentials: Credentials;
}

export interface EightPartitionsOptions extends Pick<DeskOptions, 'sealKeys' | 'era' | 'fetchText'> {
  /** Regions beside the first of each partition. */
  readonly regions?: readonly string[];
}

export function createEightPartitions(
  provider: IdentityProvider,
  { sealKeys = separateKeys(), regions = [], ...rest }: EightPartitionsOptions = {},
): EightPartitions {
  const plain = defaultAccounts(
    PARTITIONS.map(({ name }) => name),
    7,
  );
  const accounts = plain.flatMap((account) => {
    const whole = furnished(account, provider);
    return [whole, memberOf(whole)];
  });
  const first = PARTITIONS.map((partition) => partition.regions[0]?.id ?? '');
  const desk = createDesk({ ...rest, sealKeys, accounts, regions: [...new Set([...first, ...regions])] });
  const sides = PARTITIONS.map(({ name }, index) => sideOf(desk, name, first[index] ?? ''));
  return { desk, sides };
}

/** Users and role that may do anything of STS, a root user with keys, an identity provider, an organization. */
function furnished(account: AccountConfig, { oidc, saml }: IdentityProvider): AccountConfig {
  const anything = { policies: { anything: policyOf(allow('sts:*')) } };
  const { id, partition } = account;
  const federated = [oidcProviderArnOf(account), samlProviderArnOf(account)];
  const roles = account.roles.map((role) => ({
    ...role,
    ...anything,
    trust: policyOf(
      allow('sts:*', { Principal: { AWS: [`arn:${partition}:iam::${id}:root`] } }),
      allow('sts:*', { Principal: { Federated: federated } }),
    ),
  }));
  const users = account.users.map((user) => (user.name === 'app' ? { ...user, ...anything } : user));
  return {
    ...account,
    roles,
    users,
    root: rootKeys(id),
    oidcProviders: [oidc],
    samlProviders: [saml],
    organization: organizationOf(id),
  };
}

function organizationOf(managementAccount: string): OrganizationConfig {
  const id = `o-${managementAccount}`;
  return { id, managementAccount, path: `${id}/r-root/`, controlPolicies: [], rootSessionsEnabled: true };
}

function memberOf({ id, partition }: AccountConfig): AccountConfig {
  const member = memberId(id);
  return {
    id: member,
    partition,
    users: [],
    roles: [],
    disabledRegions: [],
    organization: organizationOf(id),
  };
}

function memberId(id: string): string {
  return `9${id.slice(1)}`;
}

function sideOf(desk: Desk, partition: PartitionName, region: string): Side {
  const account = desk.accounts.find((candidate) => candidate.partition === partition);
  if (account === undefined) throw new Error(`no account in ${partition}`);
  const host = regionalHost(region);
  const roleArn = desk.roleArn(partition);
  const role = { RoleArn: roleArn, RoleSessionName: 'game-day' };
  const parameters: Side['parameters'] = {
    AssumeRole: role,
    AssumeRoleWithSAML: {
      RoleArn: roleArn,
      PrincipalArn: samlProviderArnOf(account),
      SAMLAssertion: samlResponseFor(account, roleArn),
    },
    AssumeRoleWithWebIdentity: { ...role, WebIdentityToken: token() },
    AssumeRoot: {
      TargetPrincipal: memberId(account.id),
      'TaskPolicyArn.arn': `arn:${partition}:iam::aws:policy/root-task/S3UnlockBucketPolicy`,
    },
    DecodeAuthorizationMessage: { EncodedMessage: 'message' },
    GetAccessKeyInfo: { AccessKeyId: account.users[0]?.accessKeyId ?? '' },
    GetCallerIdentity: {},
    GetDelegatedAccessToken: { TradeInToken: 'token' },
    GetFederationToken: { Name: 'Bob' },
    GetScopedCredentials: { DurationSeconds: '900' },
    GetSessionToken: {},
    GetWebIdentityToken: { 'Audience.member.1': 'https://example.com', SigningAlgorithm: 'RS256' },
  };
  const [app, admin] = [desk.credentials(partition, 'app'), desk.credentials(partition, 'admin')];
  const root = rootCredentials(account.id);
  const issued = (action: string, by = app, at = host): Credentials =>
    sessionOf(askFor(desk, action, parameters[action], by, at));
  const session = issued('AssumeRole');
  const versionOne = partition === 'aws' ? [issued('AssumeRole', app, GLOBAL_ENDPOINT.host)] : [];
  const holders: Holder[] = [
    { kind: 'user', credentials: app },
    { kind: 'administrator', credentials: admin },
    { kind: 'root', credentials: root },
    { kind: 'role session', credentials: session },
    { kind: 'chained role session', credentials: issued('AssumeRole', session) },
    { kind: 'session by web identity', credentials: issued('AssumeRoleWithWebIdentity') },
    { kind: 'session by SAML', credentials: issued('AssumeRoleWithSAML') },
    { kind: 'user session', credentials: issued('GetSessionToken') },
    { kind: 'root session', credentials: issued('GetSessionToken', root) },
    { kind: 'federated user', credentials: issued('GetFederationToken') },
    { kind: "session of a member's root", credentials: issued('AssumeRoot', admin) },
    { kind: 'scoped session', credentials: issued('GetScopedCredentials', session) },
    ...versionOne.map((credentials) => ({ kind: 'role session of version 1', credentials })),
  ];
  return { partition, host, account, roleArn, holders, parameters };
}
