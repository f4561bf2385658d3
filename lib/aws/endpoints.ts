/**
 * Every host name at which STS answers, made from the table of Regions: what the service presents, certificates are
 * made for, links carry and callers sign. The resolver imitates the rule set that AWS publishes for SDKs.
 */

import {
  PARTITIONS,
  type Partition,
  type PartitionName,
  partition,
  partitionAssumedFor,
} from './partitions.ts';
import { region as regionOf } from './regions.ts';

export type EndpointKind = 'regional' | 'global' | 'fips' | 'dual-stack' | 'fips-dual-stack';

export interface Endpoint {
  readonly host: string;
  readonly kind: EndpointKind;
  readonly partition: PartitionName;
  /** Empty for the global endpoint, which has no Region of its own. */
  readonly region: string;
  /** The Region that a signature for this host must be scoped to. */
  readonly signingRegion: string;
}

/** Partition aws alone has one. Requests are scoped to us-east-1 wherever they are served. */
export const GLOBAL_ENDPOINT: Endpoint = {
  host: 'sts.amazonaws.com',
  kind: 'global',
  partition: 'aws',
  region: '',
  signingRegion: 'us-east-1',
};

/** All endpoints of one Region, the regional one first. In GovCloud that one is also the FIPS endpoint. */
export function endpointsOfRegion(region: string): readonly Endpoint[] {
  const found = BY_REGION.get(region);
  if (found === undefined) throw new Error(`no Region is called '${region}'`);
  return found;
}

/** The endpoint of any partition with this host name; letter case and a port are ignored. */
export function endpointOfHost(host: string): Endpoint | undefined {
  return BY_HOST.get(host) ?? BY_HOST.get(host.toLowerCase().replace(/:\d+$/, ''));
}

/** The host that a scenario or a command line means by `eu-west-1`, `global` or a host name. */
export function hostOfEndpointName(name: string): string {
  if (name === 'global') return GLOBAL_ENDPOINT.host;
  return regionOf(name) === undefined ? name : regionalHost(name);
}

export function regionalHost(region: string): string {
  const name = regionOf(region)?.partition;
  if (name === undefined) throw new Error(`no Region is called '${region}'`);
  return hostOf(region, partition(name), false, false);
}

export interface EndpointParameters {
  readonly region?: string | undefined;
  readonly useFips?: boolean | undefined;
  readonly useDualStack?: boolean | undefined;
  /** The `legacy` value of the SDK setting `sts_regional_endpoints`. */
  readonly useGlobalEndpoint?: boolean | undefined;
  /** A custom endpoint, as an URL. */
  readonly endpoint?: string | undefined;
}

/**
 * Where an SDK with these settings would send a request. A custom endpoint is signed for the configured Region.
 * Throws an Error with the rule set's own sentence when the settings exclude each other or no Region is given.
 * Source: `endpoint-rule-set-1.json` of STS, published with botocore.
 */
export function resolveEndpoint(parameters: EndpointParameters): { host: string; signingRegion: string } {
  const { region, useFips = false, useDualStack = false, useGlobalEndpoint = false, endpoint } = parameters;
  const plain = endpoint === undefined && !useFips && !useDualStack;
  if (useGlobalEndpoint && plain && region !== undefined) {
    if (region === GLOBAL_REGION || regionOf(region)?.legacyGlobal === true) return target(GLOBAL_ENDPOINT);
    return { host: hostOf(region, partitionAssumedFor(region), false, false), signingRegion: region };
  }
  if (endpoint !== undefined) {
    if (useFips) throw new Error('Invalid Configuration: FIPS and custom endpoint are not supported');
    if (useDualStack)
      throw new Error('Invalid Configuration: Dualstack and custom endpoint are not supported');
    return { host: new URL(endpoint).host, signingRegion: region ?? '' };
  }
  if (region === undefined) throw new Error('Invalid Configuration: Missing Region');
  if (region === GLOBAL_REGION && plain) return target(GLOBAL_ENDPOINT);
  return { host: hostOf(region, partitionAssumedFor(region), useFips, useDualStack), signingRegion: region };
}

/** The pseudo Region by which SDKs are told to use the global endpoint. */
const GLOBAL_REGION = 'aws-global';

const KINDS: readonly { kind: EndpointKind; fips: boolean; dualStack: boolean }[] = [
  { kind: 'regional', fips: false, dualStack: false },
  { kind: 'fips', fips: true, dualStack: false },
  { kind: 'dual-stack', fips: false, dualStack: true },
  { kind: 'fips-dual-stack', fips: true, dualStack: true },
];

const BY_REGION: ReadonlyMap<string, readonly Endpoint[]> = new Map(
  PARTITIONS.flatMap((cloud) => cloud.regions.map(({ id }) => [id, listEndpoints(id, cloud)] as const)),
);

const BY_HOST: ReadonlyMap<string, Endpoint> = new Map(
  [GLOBAL_ENDPOINT, ...[...BY_REGION.values()].flat()].map((entry) => [entry.host, entry]),
);

function listEndpoints(region: string, cloud: Partition): readonly Endpoint[] {
  const unique = new Map<string, Endpoint>();
  for (const { kind, fips, dualStack } of KINDS) {
    const host = hostOf(region, cloud, fips, dualStack);
    if (!unique.has(host))
      unique.set(host, { host, kind, partition: cloud.name, region, signingRegion: region });
  }
  return [...unique.values()];
}

function hostOf(region: string, cloud: Partition, fips: boolean, dualStack: boolean): string {
  // GovCloud's ordinary endpoint is validated to FIPS already, so that only its dual-stack name is a separate one.
  const separateFips = fips && (dualStack || cloud.name !== 'aws-us-gov');
  const suffix = dualStack ? cloud.dualStackDnsSuffix : cloud.dnsSuffix;
  return `${separateFips ? 'sts-fips' : 'sts'}.${region}.${suffix}`;
}

function target(endpoint: Endpoint): { host: string; signingRegion: string } {
  return { host: endpoint.host, signingRegion: endpoint.signingRegion };
}
