/** What an emulated account holds at the start, as plain data: it crosses process borders and is written by hand in tests. */

import type { PartitionName } from '../aws/partitions.ts';
import type { PublicJwk } from './state.ts';

/** A policy in AWS's own document shape. */
export type PolicyJson = Readonly<Record<string, unknown>>;

export interface AccountConfig {
  /** Twelve digits. */
  readonly id: string;
  readonly partition: PartitionName;
  readonly users: readonly UserConfig[];
  readonly roles: readonly RoleConfig[];
  readonly groups?: readonly GroupConfig[];
  /** Customer managed policies by name; their ARNs have no path. */
  readonly policies?: Readonly<Record<string, PolicyJson>>;
  readonly oidcProviders?: readonly OidcProviderConfig[];
  readonly samlProviders?: readonly SamlProviderConfig[];
  /** Long-term keys of the account's root user. */
  readonly root?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Regions whose STS an administrator has switched off for this account. */
  readonly disabledRegions: readonly string[];
  /** Regions whose STS an administrator has activated, in the era in which that is needed. */
  readonly activatedRegions?: readonly string[];
  /** Opt-in Regions that the account has not enabled; absent: all are enabled. */
  readonly optedOutRegions?: readonly string[];
  readonly globalTokenVersion?: 1 | 2;
  readonly organization?: OrganizationConfig;
}

interface HolderConfig {
  readonly name: string;
  /** `/` when absent. */
  readonly path?: string;
  /** Inline policies by name. */
  readonly policies?: Readonly<Record<string, PolicyJson>>;
  /** ARNs of managed policies. */
  readonly attachedPolicies?: readonly string[];
}

interface PrincipalConfig extends HolderConfig {
  readonly arn: string;
  /** ARN of a managed policy. */
  readonly boundary?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface UserConfig extends PrincipalConfig {
  /** `AIDA` and 17 characters. */
  readonly userId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Names of groups of the account. */
  readonly groups?: readonly string[];
  /** Base32 of the secret of a virtual MFA device assigned to the user. */
  readonly mfaSeed?: string;
}

export interface GroupConfig extends HolderConfig {
  readonly groupId: string;
}

export interface RoleConfig extends PrincipalConfig {
  /** `AROA` and 17 characters; sessions are bound to it, so a role made anew under the old name revives none. */
  readonly roleId: string;
  readonly trust: PolicyJson;
  /** 3600 to 43200. */
  readonly maxSessionDurationSeconds: number;
}

export interface OidcProviderConfig {
  /** `https://issuer.example`. */
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly keys?: readonly PublicJwk[];
  /** On loopback. */
  readonly keysUrl?: string;
}

export interface SamlProviderConfig {
  readonly name: string;
  readonly metadata: string;
}

export interface OrganizationConfig {
  readonly id: string;
  readonly managementAccount: string;
  readonly delegatedAdministrators?: readonly string[];
  readonly path: string;
  /** Service control policies by name, one group per level from the root down. */
  readonly controlPolicies: readonly Readonly<Record<string, PolicyJson>>[];
  readonly rootSessionsEnabled?: boolean;
}

/** A trust policy for the common case: these principals may assume the role and tag its sessions, and nobody else. */
export function trusting(...principals: readonly string[]): PolicyJson {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: principals }, Action: TRUSTED_ACTIONS }],
  };
}

const TRUSTED_ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
