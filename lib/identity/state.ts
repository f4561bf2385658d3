/**
 * What the accounts of a world hold, as immutable values: a change makes a new account and a new state around it, so
 * that a Region whose replica is behind simply holds an older one. Policies are kept compiled.
 */

import type { webcrypto } from 'node:crypto';
import type { PartitionName } from '../aws/partitions.ts';
import type { Policy, PolicyText } from './policy/document.ts';

/** A public key of a token issuer, as in its published key set: RFC 7517. */
export type PublicJwk = webcrypto.JsonWebKey;

export interface WorldState {
  readonly accounts: ReadonlyMap<string, Account>;
}

export interface Account {
  /** Twelve digits. */
  readonly id: string;
  readonly partition: PartitionName;
  /** Opens with the partition's key alone, and makes the account known where it opens: see keyring.ts. */
  readonly sealed: Uint8Array;
  /** By name, the case of which matters in ARNs and not for uniqueness. */
  readonly users: ReadonlyMap<string, User>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly roles: ReadonlyMap<string, Role>;
  /** Customer managed policies, by ARN. */
  readonly policies: ReadonlyMap<string, ManagedPolicy>;
  /** By ARN. */
  readonly oidcProviders: ReadonlyMap<string, OidcProvider>;
  readonly samlProviders: ReadonlyMap<string, SamlProvider>;
  /** By serial number, which is the device's ARN. */
  readonly mfaDevices: ReadonlyMap<string, MfaDevice>;
  /** Long-term keys by id; a Region opens one with its partition's key or does not know it. */
  readonly accessKeys: ReadonlyMap<string, AccessKey>;
  /** UUID in the host name of the account's own token issuer, which answers while outbound federation is enabled. */
  readonly issuerId: string;
  readonly settings: AccountSettings;
  /** Absent: the account stands alone. */
  readonly organization?: OrganizationMembership;
}

/** What users, groups and roles have in common: who they are and what they may. */
export interface PolicyHolder {
  readonly name: string;
  /** `/` or `/team/`. */
  readonly path: string;
  readonly arn: string;
  readonly createdMs: number;
  /** By policy name. */
  readonly inlinePolicies: ReadonlyMap<string, Policy>;
  /** ARNs of managed policies, AWS's own or the account's. */
  readonly attachedPolicies: readonly string[];
  /** ARN of the managed policy that bounds what the others grant; never on a group. */
  readonly boundary?: string;
  readonly tags: ReadonlyMap<string, string>;
}

export interface User extends PolicyHolder {
  /** `AIDA…`, 21 characters. */
  readonly userId: string;
  /** Names of groups. */
  readonly groups: readonly string[];
}

export interface Group extends PolicyHolder {
  /** `AGPA…`. */
  readonly groupId: string;
}

export interface Role extends PolicyHolder {
  /** `AROA…`; sessions are bound to it, so a role made anew under an old name revives none. */
  readonly roleId: string;
  readonly description?: string;
  readonly trust: Policy;
  /** 3600 to 43200. */
  readonly maxSessionDurationSeconds: number;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  /** `ANPA…`. */
  readonly policyId: string;
  readonly description?: string;
  /** By version id, `v1`; at most five. */
  readonly versions: ReadonlyMap<string, PolicyVersion>;
  readonly defaultVersion: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly tags: ReadonlyMap<string, string>;
}

export interface PolicyVersion {
  readonly policy: Policy;
  readonly createdMs: number;
}

export interface AccessKey {
  readonly accessKeyId: string;
  /** Unique id of the user, or the account's id for its root user. */
  readonly principalId: string;
  readonly status: 'Active' | 'Inactive';
  readonly createdMs: number;
  /** The secret, under the partition's key: see keyring.ts. */
  readonly sealed: Uint8Array;
}

export interface OidcProvider {
  readonly arn: string;
  /** With `https://`, as tokens name it in `iss`. */
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly createdMs: number;
  /** Keys from configuration; absent: fetched from `keysUrl`, if there is one. */
  readonly keys?: readonly PublicJwk[];
  /** Where the emulator may fetch the issuer's keys: a loopback address, never the issuer's own. */
  readonly keysUrl?: string;
  readonly tags: ReadonlyMap<string, string>;
}

export interface SamlProvider {
  readonly arn: string;
  readonly name: string;
  readonly metadata: string;
  readonly createdMs: number;
  readonly tags: ReadonlyMap<string, string>;
}

export interface MfaDevice {
  /** ARN: `arn:aws:iam::111122223333:mfa/app`. */
  readonly serial: string;
  /** Base32 of the shared secret. */
  readonly seed: string;
  /** Unique id of the user, or the account's id for root; absent: not assigned. */
  readonly principalId?: string;
  readonly enabledMs?: number;
}

export interface AccountSettings {
  /** STS Regions whose switch an administrator has moved from its usual position of the era: Region → active. */
  readonly stsRegions: ReadonlyMap<string, boolean>;
  /** Opt-in Regions, each with what was ordered last and when it takes hold (epoch ms); absent: as at the start. */
  readonly optIns: ReadonlyMap<string, OptIn>;
  /** What SetSecurityTokenServicePreferences chose; absent: the era's usual version. */
  readonly globalTokenVersion?: 1 | 2;
  /** The account's `issuerId` while outbound federation is enabled. */
  readonly outboundIssuer?: string;
  /** Whether the organization's management account may use AssumeRoot on members. */
  readonly rootSessionsEnabled: boolean;
}

export interface OptIn {
  readonly enabled: boolean;
  /** Epoch milliseconds at which the order has been carried out: until then ENABLING or DISABLING. */
  readonly settledMs: number;
}

export interface OrganizationMembership {
  /** `o-…`. */
  readonly id: string;
  readonly managementAccount: string;
  /** Accounts that may act for the management account in IAM's central root access. */
  readonly delegatedAdministrators: readonly string[];
  /** `o-…/r-…/ou-…/`. */
  readonly path: string;
  /** Service control policies, one list per level from the root down; each level must allow. Not for the management account. */
  readonly controlPolicies: readonly (readonly PolicyText[])[];
}

/** The account with some members replaced. */
export function withAccount(state: WorldState, account: Account): WorldState {
  return { ...state, accounts: new Map(state.accounts).set(account.id, account) };
}

/** A map with one entry more, or another value for it. */
export function withEntry<Value>(
  map: ReadonlyMap<string, Value>,
  key: string,
  value: Value,
): ReadonlyMap<string, Value> {
  return new Map(map).set(key, value);
}

export function withoutEntry<Value>(
  map: ReadonlyMap<string, Value>,
  key: string,
): ReadonlyMap<string, Value> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
