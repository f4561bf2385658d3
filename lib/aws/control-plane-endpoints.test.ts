import { AccountClient } from '@aws-sdk/client-account';
import { IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import {
  controlPlaneEndpointOfHost,
  controlPlaneEndpoints,
  controlPlaneHost,
  leaderRegion,
} from './control-plane-endpoints.ts';
import { PARTITIONS } from './partitions.ts';

interface Resolved {
  readonly url: URL;
  readonly properties?: { readonly authSchemes?: readonly { readonly signingRegion?: string }[] };
}

type Resolver = (parameters: { Region: string; UseDualStack: boolean; UseFIPS: boolean }) => Resolved;

const RESOLVERS = {
  iam: new IAMClient({ region: 'us-east-1' }).config.endpointProvider as unknown as Resolver,
  account: new AccountClient({ region: 'us-east-1' }).config.endpointProvider as unknown as Resolver,
};

const cases = PARTITIONS.flatMap((partition) =>
  (['iam', 'account'] as const).flatMap((service) =>
    [false, true].map((dualStack) => ({
      name: partition.name,
      service,
      dualStack,
      regions: partition.regions,
    })),
  ),
);

describe('endpoints of the control plane', () => {
  test.each(cases)('$service of $name (dual-stack: $dualStack) is where AWS clients look for it', (row) => {
    for (const { id } of row.regions) {
      const resolved = RESOLVERS[row.service]({ Region: id, UseDualStack: row.dualStack, UseFIPS: false });
      const known = controlPlaneEndpointOfHost(resolved.url.host);
      expect(known?.service).toBe(row.service);
      expect(known?.partition).toBe(row.name);
      expect(known?.region).toBe(resolved.properties?.authSchemes?.[0]?.signingRegion);
    }
  });

  test('every partition has two names for each service, none of them another’s', () => {
    const hosts = PARTITIONS.flatMap(({ name }) => controlPlaneEndpoints(name).map(({ host }) => host));
    expect(new Set(hosts).size).toBe(PARTITIONS.length * 4);
  });

  test('China is led from Beijing and its accounts from Ningxia', () => {
    expect(leaderRegion('iam', 'aws-cn')).toBe('cn-north-1');
    expect(leaderRegion('account', 'aws-cn')).toBe('cn-northwest-1');
    expect(controlPlaneHost('account', 'aws-cn')).toBe('account.cn-northwest-1.amazonaws.com.cn');
  });

  test('letter case and a port do not matter, other names are unknown', () => {
    expect(controlPlaneEndpointOfHost('IAM.amazonaws.com:443')?.partition).toBe('aws');
    expect(controlPlaneEndpointOfHost('iam.eu-west-1.amazonaws.com')).toBeUndefined();
  });
});
