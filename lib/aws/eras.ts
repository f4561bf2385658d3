/**
 * STS changed over the years: an era is one state of it as a table of facts. Code reads a fact; nothing anywhere asks
 * which era it is. Sources stand beside the facts.
 */

import { type Region, region as regionNamed } from './regions.ts';

export type EraName = '2015' | '2018' | '2024' | '2026';
export const ERA_NAMES: readonly EraName[] = ['2015', '2018', '2024', '2026'];
export const DEFAULT_ERA: EraName = '2026';

export interface Era {
  readonly name: EraName;
  /** Regions opened by this month exist: `2015-02`. */
  readonly asOf: string;
  readonly actions: ReadonlySet<string>;
  /** Whether a request to sts.amazonaws.com is served in the caller's Region; else always in us-east-1. */
  readonly globalServedNearCaller: boolean;
  /** Whether a Region's STS is off until an administrator turns it on; else it is on until turned off. */
  readonly regionsOffUntilActivated: boolean;
  /** Regions whose STS cannot be switched, beside opt-in ones and the partitions that have no switch. */
  readonly fixedOn: readonly string[];
  /** Version of the tokens that regional endpoints issue. */
  readonly regionalTokenVersion: 1 | 2;
  /** Version of the global endpoint's tokens while the account has not chosen; `choosable`: whether it may. */
  readonly globalTokenVersion: { readonly usual: 1 | 2; readonly choosable: boolean };
  /** Which account must have enabled an opt-in Region for an AssumeRole there to work. */
  readonly optInNeededBy: 'caller' | 'target' | 'both';
  /** MinimumSessionTokenSize, SessionTokenSize and SessionTokenUtilization, and the one limit of 4,096 bytes. */
  readonly tokenSizes: boolean;
  /**
   * Whether session policies and tags have packed limits of their own. AWS announced in June 2026 that the one limit of
   * the token replaces them; a public report of 21 July 2026 quotes a refusal by the old one, and it counts here.
   */
  readonly packedLimits: boolean;
  readonly sigV4a: boolean;
  readonly extendedRequestId: boolean;
  /** Whether the message about a wrong scope names the Region that the request was scoped to. */
  readonly scopeErrorNamesRegion: boolean;
  readonly sessionTags: boolean;
  readonly sourceIdentity: boolean;
  /** Whether a role may assume itself without its trust policy saying so. */
  readonly roleSelfTrustImplied: boolean;
  /** How long a change made in the control plane takes to reach a Region: each Region draws its own in this range. */
  readonly replicaDelayMs: { readonly minimum: number; readonly maximum: number };
  /** How long enabling or disabling an opt-in Region takes; the real few minutes to hours, scaled down. */
  readonly regionOptDelayMs: number;
}

const FIRST_ACTIONS = [
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'DecodeAuthorizationMessage',
  'GetFederationToken',
  'GetSessionToken',
];

/**
 * Sources. 2015: the AWS Security Blog of February 2015 (activation per Region, us-east-1, GovCloud and Beijing always
 * on). 2018: the IAM User Guide of December 2017 (all on, to be switched off). 2024: the guide of 2023 and the token
 * versions of 2019. 2026: the change of the global endpoint of April 2025, SigV4a in clients since April 2026, token
 * sizes since June 2026. GetCallerIdentity came in 2016, GetAccessKeyInfo in 2019 (general knowledge). Who must enable
 * an opt-in Region is contradictory in AWS's pages and threads. Delays are guesses.
 */
const TABLE: Readonly<Record<EraName, Omit<Era, 'name'>>> = {
  '2015': {
    asOf: '2015-02',
    actions: new Set(FIRST_ACTIONS),
    globalServedNearCaller: false,
    regionsOffUntilActivated: true,
    fixedOn: ['us-east-1', 'us-gov-west-1', 'cn-north-1'],
    regionalTokenVersion: 1,
    globalTokenVersion: { usual: 1, choosable: false },
    optInNeededBy: 'both',
    tokenSizes: false,
    packedLimits: true,
    sigV4a: false,
    extendedRequestId: false,
    scopeErrorNamesRegion: true,
    sessionTags: false,
    sourceIdentity: false,
    roleSelfTrustImplied: true,
    replicaDelayMs: { minimum: 1_000, maximum: 6_000 },
    regionOptDelayMs: 5_000,
  },
  '2018': {
    asOf: '2018-12',
    actions: new Set([...FIRST_ACTIONS, 'GetCallerIdentity']),
    globalServedNearCaller: false,
    regionsOffUntilActivated: false,
    fixedOn: ['us-east-1', 'cn-north-1'],
    regionalTokenVersion: 2,
    globalTokenVersion: { usual: 1, choosable: false },
    optInNeededBy: 'both',
    tokenSizes: false,
    packedLimits: true,
    sigV4a: false,
    extendedRequestId: false,
    scopeErrorNamesRegion: true,
    sessionTags: false,
    sourceIdentity: false,
    roleSelfTrustImplied: true,
    replicaDelayMs: { minimum: 500, maximum: 4_000 },
    regionOptDelayMs: 5_000,
  },
  '2024': {
    asOf: '2024-12',
    actions: new Set([...FIRST_ACTIONS, 'GetCallerIdentity', 'GetAccessKeyInfo', 'AssumeRoot']),
    globalServedNearCaller: false,
    regionsOffUntilActivated: false,
    fixedOn: ['us-east-1', 'cn-north-1'],
    regionalTokenVersion: 2,
    globalTokenVersion: { usual: 1, choosable: true },
    optInNeededBy: 'both',
    tokenSizes: false,
    packedLimits: true,
    sigV4a: false,
    extendedRequestId: false,
    scopeErrorNamesRegion: false,
    sessionTags: true,
    sourceIdentity: true,
    roleSelfTrustImplied: false,
    replicaDelayMs: { minimum: 500, maximum: 3_000 },
    regionOptDelayMs: 5_000,
  },
  '2026': {
    asOf: '2026-11',
    actions: new Set([
      ...FIRST_ACTIONS,
      'GetCallerIdentity',
      'GetAccessKeyInfo',
      'AssumeRoot',
      'GetDelegatedAccessToken',
      'GetScopedCredentials',
      'GetWebIdentityToken',
    ]),
    globalServedNearCaller: true,
    regionsOffUntilActivated: false,
    fixedOn: ['us-east-1', 'cn-north-1'],
    regionalTokenVersion: 2,
    globalTokenVersion: { usual: 1, choosable: true },
    optInNeededBy: 'both',
    tokenSizes: true,
    packedLimits: true,
    sigV4a: true,
    extendedRequestId: true,
    scopeErrorNamesRegion: false,
    sessionTags: true,
    sourceIdentity: true,
    roleSelfTrustImplied: false,
    replicaDelayMs: { minimum: 500, maximum: 3_000 },
    regionOptDelayMs: 5_000,
  },
};

const ERAS = new Map(ERA_NAMES.map((name) => [name, { name, ...TABLE[name] } satisfies Era]));

export function era(name: EraName): Era {
  const found = ERAS.get(name);
  if (found === undefined) throw new Error(`no era is called '${name}'`);
  return found;
}

/** The Region as that era knew it; `undefined` for one that had not opened. */
export function regionInEra(
  id: string,
  { asOf, regionsOffUntilActivated, fixedOn }: Era,
): Region | undefined {
  const found = regionNamed(id);
  if (found === undefined || found.launched > asOf) return undefined;
  if (found.stsSwitch === 'follows-opt-in') return found;
  if (fixedOn.includes(id)) return { ...found, stsSwitch: 'fixed-on' };
  // Where every Region had to be activated, the newer partitions' rule does not apply: none of them was there.
  return regionsOffUntilActivated ? { ...found, stsSwitch: 'switchable' } : found;
}
