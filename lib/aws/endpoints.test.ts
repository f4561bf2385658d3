import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { describeWithVectors, readVectorJson } from '../../test/vectors.ts';
import {
  type EndpointParameters,
  endpointOfHost,
  endpointsOfRegion,
  GLOBAL_ENDPOINT,
  regionalHost,
  resolveEndpoint,
} from './endpoints.ts';
import { PARTITIONS, partition, partitionAssumedFor, partitionOfRegion } from './partitions.ts';
import { REGIONS } from './regions.ts';

interface PublishedPartitions {
  readonly partitions: readonly {
    readonly id: string;
    readonly regionRegex: string;
    readonly outputs: Readonly<Record<string, unknown>>;
    readonly regions: Readonly<Record<string, { readonly description?: string }>>;
  }[];
}

const SETTINGS = [
  { useFips: false, useDualStack: false },
  { useFips: true, useDualStack: false },
  { useFips: false, useDualStack: true },
  { useFips: true, useDualStack: true },
] as const;

describe('the resolver inside @aws-sdk/client-sts', async () => {
  const known = await sdkPartitions();
  const ids = known.partitions.flatMap((entry) => Object.keys(entry.regions));

  it('knows the Regions of our table and no others', () => {
    expect(ids.filter((id) => !id.endsWith('-global')).sort()).toEqual(REGIONS.map(({ id }) => id).sort());
  });

  it.each(ids)('agrees with ours on every kind of endpoint of %s', (id) => {
    for (const setting of SETTINGS) {
      for (const useGlobalEndpoint of [false, true]) {
        const parameters = { region: id, ...setting, useGlobalEndpoint };
        expect(resolveEndpoint(parameters), JSON.stringify(parameters)).toEqual(sdkEndpoint(parameters));
      }
    }
  });

  it('agrees with ours on Regions that nobody knows yet', () => {
    for (const id of [
      'us-east-9',
      'eu-isoe-north-2',
      'cn-west-1',
      'us-gov-north-1',
      'eusc-de-west-7',
      'moon-1',
    ]) {
      for (const setting of SETTINGS) {
        expect(resolveEndpoint({ region: id, ...setting })).toEqual(sdkEndpoint({ region: id, ...setting }));
      }
    }
  });

  it('has the same partitions', () => expectSamePartitions(known, true));
});

describeWithVectors("botocore's published data", 'sts', (folder) => {
  const { testCases } = readVectorJson(folder, 'endpoint-tests-1.json') as {
    testCases: readonly PublishedCase[];
  };

  it('has 69 cases', () => expect(testCases).toHaveLength(69));

  it.each(testCases.map((entry, index) => ({ entry, title: `${index + 1}: ${entry.documentation}` })))(
    'resolves as in case $title',
    ({ entry }) => {
      const { Region, UseFIPS, UseDualStack, UseGlobalEndpoint, Endpoint } = entry.params ?? {};
      const resolve = () =>
        resolveEndpoint({
          region: Region,
          useFips: UseFIPS,
          useDualStack: UseDualStack,
          useGlobalEndpoint: UseGlobalEndpoint,
          endpoint: Endpoint,
        });
      const expected = entry.expect;
      if (expected.error !== undefined) return expect(resolve).toThrow(expected.error);
      const { host, signingRegion } = resolve();
      expect(`https://${host}`).toBe(expected.endpoint?.url);
      const scheme = expected.endpoint?.properties?.authSchemes?.[0];
      expect(signingRegion).toBe(scheme?.signingRegion ?? Region ?? '');
    },
  );

  it('describes partitions that are all in our table', () => {
    // It is older than the SDK's by two Regions.
    expectSamePartitions(readVectorJson(folder, 'partitions.json') as PublishedPartitions, false);
  });
});

describe('the endpoints', () => {
  it('have host names that name one endpoint each', () => {
    const all = [GLOBAL_ENDPOINT, ...REGIONS.flatMap(({ id }) => endpointsOfRegion(id))];
    expect(new Set(all.map(({ host }) => host)).size).toBe(all.length);
    for (const endpoint of all) expect(endpointOfHost(endpoint.host)).toBe(endpoint);
  });

  it('are four of every Region but three in GovCloud, whose regional one is the FIPS one', () => {
    for (const { id, partition: name } of REGIONS) {
      const kinds = endpointsOfRegion(id).map(({ kind }) => kind);
      expect(kinds).toEqual(
        name === 'aws-us-gov'
          ? ['regional', 'dual-stack', 'fips-dual-stack']
          : ['regional', 'fips', 'dual-stack', 'fips-dual-stack'],
      );
    }
  });

  it('sign for their own Region, and the global one for us-east-1', () => {
    for (const { id } of REGIONS) {
      for (const endpoint of endpointsOfRegion(id))
        expect(endpoint).toMatchObject({ region: id, signingRegion: id });
    }
    expect(GLOBAL_ENDPOINT).toMatchObject({
      host: 'sts.amazonaws.com',
      region: '',
      signingRegion: 'us-east-1',
    });
  });

  it('are found by a Host header in capitals and with a port', () => {
    expect(endpointOfHost('STS.EU-West-1.amazonaws.com:443')?.region).toBe('eu-west-1');
    expect(endpointOfHost('sts.amazonaws.com')).toBe(GLOBAL_ENDPOINT);
  });

  it.each([
    '',
    'amazonaws.com',
    'sts.eu-west-9.amazonaws.com',
    'sts.cn-north-1.amazonaws.com',
    'sts.amazonaws.com.cn',
  ])("do not include '%s'", (host) => expect(endpointOfHost(host)).toBeUndefined());

  it('refuse a Region that is none', () => {
    expect(() => endpointsOfRegion('eu-west-9')).toThrow("no Region is called 'eu-west-9'");
    expect(() => regionalHost('eu-west-9')).toThrow("no Region is called 'eu-west-9'");
  });

  it('have a regional host name in each partition', () => {
    expect(regionalHost('eu-west-1')).toBe('sts.eu-west-1.amazonaws.com');
    expect(regionalHost('cn-north-1')).toBe('sts.cn-north-1.amazonaws.com.cn');
    expect(regionalHost('eusc-de-east-1')).toBe('sts.eusc-de-east-1.amazonaws.eu');
    for (const { id } of REGIONS) expect(regionalHost(id)).toBe(endpointsOfRegion(id)[0]?.host);
  });
});

describe('a partition', () => {
  it('is found by the exact id of a Region only', () => {
    expect(partitionOfRegion('us-gov-west-1')).toBe(partition('aws-us-gov'));
    expect(partitionOfRegion('us-gov-west-9')).toBeUndefined();
  });

  it('is assumed for an unknown Region from its shape', () => {
    expect(partitionAssumedFor('us-gov-west-9').name).toBe('aws-us-gov');
    expect(partitionAssumedFor('aws-iso-global').name).toBe('aws-iso');
    expect(partitionAssumedFor('nowhere').name).toBe('aws');
  });

  it('matches the ids of its own Regions and of no other', () => {
    for (const { id, partition: name } of REGIONS) {
      expect(
        PARTITIONS.filter(({ regionPattern }) => regionPattern.test(id)).map((entry) => entry.name),
      ).toEqual([name]);
    }
  });
});

interface PublishedCase {
  readonly documentation: string;
  readonly params?: {
    readonly Region?: string;
    readonly UseFIPS?: boolean;
    readonly UseDualStack?: boolean;
    readonly UseGlobalEndpoint?: boolean;
    readonly Endpoint?: string;
  };
  readonly expect: {
    readonly error?: string;
    readonly endpoint?: {
      readonly url: string;
      readonly properties?: { readonly authSchemes?: readonly { readonly signingRegion: string }[] };
    };
  };
}

function expectSamePartitions(published: PublishedPartitions, newest: boolean): void {
  expect(published.partitions.map(({ id }) => id).sort()).toEqual(PARTITIONS.map(({ name }) => name).sort());
  for (const { id, regionRegex, outputs, regions } of published.partitions) {
    const ours = PARTITIONS.find(({ name }) => name === id);
    expect(ours).toMatchObject({
      dnsSuffix: outputs['dnsSuffix'],
      dualStackDnsSuffix: outputs['dualStackDnsSuffix'],
      implicitGlobalRegion: outputs['implicitGlobalRegion'],
    });
    expect(ours?.regionPattern.source).toBe(new RegExp(regionRegex.replaceAll('\\-', '-')).source);
    const real = Object.entries(regions).filter(([name]) => !name.endsWith('-global'));
    for (const [region, { description }] of real) {
      expect(ours?.regions.find((entry) => entry.id === region)?.name).toBe(description);
    }
    if (newest) expect(real).toHaveLength(ours?.regions.length ?? 0);
  }
}

const client = new STSClient({
  region: 'us-east-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
});

function sdkEndpoint(parameters: EndpointParameters): { host: string; signingRegion: string } {
  const { region = '', useFips = false, useDualStack = false, useGlobalEndpoint = false } = parameters;
  const endpoint = client.config.endpointProvider({
    Region: region,
    UseFIPS: useFips,
    UseDualStack: useDualStack,
    UseGlobalEndpoint: useGlobalEndpoint,
  });
  const schemes = endpoint.properties?.['authSchemes'] as readonly { signingRegion: string }[] | undefined;
  return { host: endpoint.url.host, signingRegion: schemes?.[0]?.signingRegion ?? region };
}

/** The SDK exports a look-up only; its table is a file of its own. */
async function sdkPartitions(): Promise<PublishedPartitions> {
  const sts = createRequire(import.meta.url).resolve('@aws-sdk/client-sts');
  const core = createRequire(sts).resolve('@aws-sdk/core/client');
  const table = join(core, '../../../../dist-es/submodules/client/util-endpoints/lib/aws/partitions.js');
  const loaded = (await import(pathToFileURL(table).href)) as { partitionsInfo: PublishedPartitions };
  return loaded.partitionsInfo;
}
