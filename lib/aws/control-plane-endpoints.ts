/**
 * Host names of the two services of the control plane, IAM and Account Management: each partition leads them from one
 * Region. Source: the endpoint rule sets in `@aws-sdk/client-iam` and `@aws-sdk/client-account`. FIPS names are left out.
 */

import { PARTITIONS, type Partition, type PartitionName } from './partitions.ts';

export interface ControlPlaneEndpoint {
  readonly host: string;
  readonly service: 'iam' | 'account';
  readonly partition: PartitionName;
  /** Region that leads the service: it serves every request, and signatures are scoped to it. */
  readonly region: string;
}

/** The names of a partition, ordinary before dual-stack. */
export function controlPlaneEndpoints(partition: PartitionName): readonly ControlPlaneEndpoint[] {
  return ENDPOINTS.filter((endpoint) => endpoint.partition === partition);
}

/** Letter case and a port are ignored. */
export function controlPlaneEndpointOfHost(host: string): ControlPlaneEndpoint | undefined {
  return BY_HOST.get(host) ?? BY_HOST.get(host.toLowerCase().replace(/:\d+$/, ''));
}

/** Where a client goes without further settings. */
export function controlPlaneHost(service: ControlPlaneEndpoint['service'], partition: PartitionName): string {
  return endpointOf(service, partition).host;
}

/** In China IAM is led from Beijing, and accounts are managed from Ningxia. */
export function leaderRegion(service: ControlPlaneEndpoint['service'], partition: PartitionName): string {
  return endpointOf(service, partition).region;
}

/** Irregular: three partitions leave the Region out of the name. */
const IAM_HOSTS: Readonly<Partial<Record<PartitionName, readonly string[]>>> = {
  aws: ['iam.amazonaws.com', 'iam.global.api.aws'],
  'aws-cn': ['iam.cn-north-1.amazonaws.com.cn', 'iam.global.api.amazonwebservices.com.cn'],
  'aws-us-gov': ['iam.us-gov.amazonaws.com', 'iam.us-gov.api.aws'],
  'aws-eusc': ['iam.eusc-de-east-1.amazonaws.eu', 'iam.global.api.amazonwebservices.eu'],
};

const IAM_LEADERS: Readonly<Partial<Record<PartitionName, string>>> = { 'aws-cn': 'cn-north-1' };

const ENDPOINTS: readonly ControlPlaneEndpoint[] = PARTITIONS.flatMap((cloud) => [
  ...iamHosts(cloud).map((host) => ({
    host,
    service: 'iam' as const,
    partition: cloud.name,
    region: IAM_LEADERS[cloud.name] ?? cloud.implicitGlobalRegion,
  })),
  ...accountHosts(cloud).map((host) => ({
    host,
    service: 'account' as const,
    partition: cloud.name,
    region: cloud.implicitGlobalRegion,
  })),
]);

const BY_HOST: ReadonlyMap<string, ControlPlaneEndpoint> = new Map(
  ENDPOINTS.map((endpoint) => [endpoint.host, endpoint]),
);

function iamHosts({
  name,
  implicitGlobalRegion,
  dnsSuffix,
  dualStackDnsSuffix,
}: Partition): readonly string[] {
  return IAM_HOSTS[name] ?? [`iam.${implicitGlobalRegion}.${dnsSuffix}`, `iam.${dualStackDnsSuffix}`];
}

function accountHosts({ implicitGlobalRegion, dnsSuffix, dualStackDnsSuffix }: Partition): readonly string[] {
  return [dnsSuffix, dualStackDnsSuffix].map((suffix) => `account.${implicitGlobalRegion}.${suffix}`);
}

function endpointOf(
  service: ControlPlaneEndpoint['service'],
  partition: PartitionName,
): ControlPlaneEndpoint {
  const found = ENDPOINTS.find(
    (endpoint) => endpoint.service === service && endpoint.partition === partition,
  );
  if (found === undefined) throw new Error(`partition ${partition} has no endpoint of ${service}`);
  return found;
}
