/**
 * Turns the accounts of a configuration into the state that a world starts with: policies compiled, principals in
 * trust policies saved as unique ids, keys sealed.
 */

import { oidcProviderArn, samlProviderArn } from '../aws/arn.ts';
import { Secret } from '../aws/credentials.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { AccountConfig, OrganizationConfig, PolicyJson, RoleConfig, UserConfig } from './accounts.ts';
import { issuerIdOf } from './issuer-id.ts';
import { sealAccessKey, sealAccount } from './keyring.ts';
import { refuseUnmarkedKey } from './marks.ts';
import {
  type ParseContext,
  type Policy,
  type PolicyKind,
  type PolicyText,
  parsePolicy,
} from './policy/document.ts';
import type {
  AccessKey,
  Account,
  ManagedPolicy,
  MfaDevice,
  OrganizationMembership,
  PolicyHolder,
  WorldState,
} from './state.ts';

export interface WorldStateOptions {
  readonly accounts: readonly AccountConfig[];
  /** Key under which the partition's long-term keys are sealed; 32 bytes. */
  readonly sealKeyOf: (partition: PartitionName) => Uint8Array;
  /** Epoch milliseconds: when everything was created. */
  readonly createdMs: number;
}

/** @throws {UsageError} RF-REAL-KEY for a key that might be AWS's, RF-POLICY for a policy that IAM would refuse. */
export function buildWorldState(options: WorldStateOptions): WorldState {
  const ids = new Map(
    options.accounts.flatMap(({ users, roles }) => [
      ...users.map(({ arn, userId }) => [arn, userId] as const),
      ...roles.map(({ arn, roleId }) => [arn, roleId] as const),
    ]),
  );
  const uniqueIdOf = (arn: string): string | undefined => ids.get(arn);
  return {
    accounts: new Map(
      options.accounts.map((config) => [config.id, buildAccount(config, options, uniqueIdOf)]),
    ),
  };
}

function buildAccount(
  config: AccountConfig,
  { sealKeyOf, createdMs }: WorldStateOptions,
  uniqueIdOf: NonNullable<ParseContext['uniqueIdOf']>,
): Account {
  const { id, partition } = config;
  const compile = (kind: PolicyKind, json: PolicyJson, where: string): Policy =>
    compiled(json, { kind, partition, uniqueIdOf }, `${where} of account ${id}`);
  const holder = (from: AccountConfig['users'][number] | RoleConfig, where: string): PolicyHolder => ({
    name: from.name,
    path: from.path ?? '/',
    arn: from.arn,
    createdMs,
    inlinePolicies: inline(from.policies, where),
    attachedPolicies: from.attachedPolicies ?? [],
    ...(from.boundary === undefined ? {} : { boundary: from.boundary }),
    tags: new Map(Object.entries(from.tags ?? {})),
  });
  const inline = (policies: Readonly<Record<string, PolicyJson>> = {}, where: string): Map<string, Policy> =>
    new Map(
      Object.entries(policies).map(([name, json]) => [name, compile('identity', json, `${where}, ${name}`)]),
    );
  const key = (principalId: string, accessKeyId: string, secret: string): AccessKey => {
    refuseUnmarkedKey(accessKeyId);
    const secretAccessKey = new Secret(secret);
    const { sealed } = sealAccessKey({ accessKeyId, secretAccessKey, principalId }, sealKeyOf(partition));
    return { accessKeyId, principalId, status: 'Active', createdMs, sealed };
  };
  const keys = [
    ...config.users.map((user) => key(user.userId, user.accessKeyId, user.secretAccessKey)),
    ...(config.root === undefined ? [] : [key(id, config.root.accessKeyId, config.root.secretAccessKey)]),
  ];
  const organization = config.organization && membership(config.organization, compile);
  return {
    id,
    partition,
    sealed: sealAccount(id, sealKeyOf(partition)),
    users: new Map(
      config.users.map((user) => [
        user.name,
        { ...holder(user, `user ${user.name}`), userId: user.userId, groups: user.groups ?? [] },
      ]),
    ),
    groups: new Map(
      (config.groups ?? []).map(({ name, path = '/', groupId, policies, attachedPolicies = [] }) => [
        name,
        {
          name,
          path,
          arn: `arn:${partition}:iam::${id}:group${path}${name}`,
          groupId,
          createdMs,
          inlinePolicies: inline(policies, `group ${name}`),
          attachedPolicies,
          tags: new Map(),
        },
      ]),
    ),
    roles: new Map(
      config.roles.map((role) => [
        role.name,
        {
          ...holder(role, `role ${role.name}`),
          roleId: role.roleId,
          trust: compile('trust', role.trust, `the trust policy of role ${role.name}`),
          maxSessionDurationSeconds: role.maxSessionDurationSeconds,
        },
      ]),
    ),
    policies: new Map(
      Object.entries(config.policies ?? {}).map(([name, json], index) => {
        const policy = compile('identity', json, `policy ${name}`);
        const made = managed({ account: id, partition, name, policy, createdMs, index });
        return [made.arn, made];
      }),
    ),
    oidcProviders: new Map(
      (config.oidcProviders ?? []).map((provider) => {
        const arn = oidcProviderArn(partition, id, provider.url);
        return [arn, { arn, thumbprints: [], createdMs, tags: new Map(), ...provider }];
      }),
    ),
    samlProviders: new Map(
      (config.samlProviders ?? []).map((provider) => {
        const arn = samlProviderArn(partition, id, provider.name);
        return [arn, { arn, createdMs, tags: new Map(), ...provider }];
      }),
    ),
    mfaDevices: new Map(config.users.flatMap((user) => deviceOf(user, id, partition, createdMs))),
    issuerId: issuerIdOf(id),
    accessKeys: new Map(keys.map((made) => [made.accessKeyId, made])),
    settings: {
      stsRegions: new Map([
        ...config.disabledRegions.map((region) => [region, false] as const),
        ...(config.activatedRegions ?? []).map((region) => [region, true] as const),
      ]),
      optIns: new Map(
        (config.optedOutRegions ?? []).map((region) => [region, { enabled: false, settledMs: 0 }]),
      ),
      ...(config.globalTokenVersion === undefined ? {} : { globalTokenVersion: config.globalTokenVersion }),
      rootSessionsEnabled: config.organization?.rootSessionsEnabled ?? false,
    },
    ...(organization === undefined ? {} : { organization }),
  };
}

function deviceOf(
  { name, userId, mfaSeed }: UserConfig,
  account: string,
  partition: PartitionName,
  enabledMs: number,
): [string, MfaDevice][] {
  if (mfaSeed === undefined) return [];
  const serial = `arn:${partition}:iam::${account}:mfa/${name}`;
  return [[serial, { serial, seed: mfaSeed, principalId: userId, enabledMs }]];
}

function managed(from: {
  readonly account: string;
  readonly partition: PartitionName;
  readonly name: string;
  readonly policy: Policy;
  readonly createdMs: number;
  readonly index: number;
}): ManagedPolicy {
  const { account, partition, name, policy, createdMs, index } = from;
  return {
    name,
    path: '/',
    arn: `arn:${partition}:iam::${account}:policy/${name}`,
    policyId: `ANPAREGNFALL${String(index)
      .padStart(9, 'A')
      .replace(/\d/g, (digit) => 'BCDEFGHIJK'.charAt(Number(digit)))}`,
    versions: new Map([['v1', { policy, createdMs }]]),
    defaultVersion: 'v1',
    createdMs,
    updatedMs: createdMs,
    tags: new Map(),
  };
}

function membership(
  config: OrganizationConfig,
  compile: (kind: PolicyKind, json: PolicyJson, where: string) => Policy,
): OrganizationMembership {
  const level = (policies: Readonly<Record<string, PolicyJson>>): PolicyText[] =>
    Object.entries(policies).map(([name, json]) => ({
      name,
      policy: compile('scp', json, `service control policy ${name}`),
    }));
  return {
    id: config.id,
    managementAccount: config.managementAccount,
    delegatedAdministrators: config.delegatedAdministrators ?? [],
    path: config.path,
    controlPolicies: config.controlPolicies.map(level),
  };
}

function compiled(json: PolicyJson, context: ParseContext, where: string): Policy {
  const policy = parsePolicy(JSON.stringify(json), context);
  if (!('code' in policy)) return policy;
  throw new UsageError(`${where}: ${policy.message}`, {
    code: 'RF-POLICY',
    hint: 'the words are those of IAM: the document would be refused there too',
  });
}
