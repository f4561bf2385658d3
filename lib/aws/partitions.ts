/**
 * The eight partitions of AWS: separate clouds that share no credentials, with the suffixes of their host names.
 * Their Regions are in regions.ts.
 */

import { REGIONS, type Region, region } from './regions.ts';

export type PartitionName =
  | 'aws'
  | 'aws-cn'
  | 'aws-us-gov'
  | 'aws-iso'
  | 'aws-iso-b'
  | 'aws-iso-e'
  | 'aws-iso-f'
  | 'aws-eusc';

export interface Partition {
  /** As it stands in ARNs. */
  readonly name: PartitionName;
  readonly displayName: string;
  /** Which ids SDKs take for a Region of this partition when they do not know it yet. */
  readonly regionPattern: RegExp;
  readonly dnsSuffix: string;
  readonly dualStackDnsSuffix: string;
  readonly implicitGlobalRegion: string;
  readonly regions: readonly Region[];
}

type PartitionRow = readonly [
  name: PartitionName,
  displayName: string,
  regionPattern: RegExp,
  dnsSuffix: string,
  dualStackDnsSuffix: string,
  implicitGlobalRegion: string,
];

/** Source: the partition data that AWS publishes with botocore (`partitions.json`) and the JavaScript SDK. */
const ROWS: readonly PartitionRow[] = [
  ['aws', 'AWS Standard', /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/, 'amazonaws.com', 'api.aws', 'us-east-1'],
  [
    'aws-cn',
    'AWS China',
    /^cn-\w+-\d+$/,
    'amazonaws.com.cn',
    'api.amazonwebservices.com.cn',
    'cn-northwest-1',
  ],
  ['aws-us-gov', 'AWS GovCloud (US)', /^us-gov-\w+-\d+$/, 'amazonaws.com', 'api.aws', 'us-gov-west-1'],
  ['aws-iso', 'AWS ISO (US)', /^us-iso-\w+-\d+$/, 'c2s.ic.gov', 'api.aws.ic.gov', 'us-iso-east-1'],
  ['aws-iso-b', 'AWS ISOB (US)', /^us-isob-\w+-\d+$/, 'sc2s.sgov.gov', 'api.aws.scloud', 'us-isob-east-1'],
  [
    'aws-iso-e',
    'AWS ISOE (Europe)',
    /^eu-isoe-\w+-\d+$/,
    'cloud.adc-e.uk',
    'api.cloud-aws.adc-e.uk',
    'eu-isoe-west-1',
  ],
  ['aws-iso-f', 'AWS ISOF', /^us-isof-\w+-\d+$/, 'csp.hci.ic.gov', 'api.aws.hci.ic.gov', 'us-isof-south-1'],
  [
    'aws-eusc',
    'AWS EUSC',
    /^eusc-(de)-\w+-\d+$/,
    'amazonaws.eu',
    'api.amazonwebservices.eu',
    'eusc-de-east-1',
  ],
];

export const PARTITIONS: readonly Partition[] = ROWS.map(
  ([name, displayName, regionPattern, dnsSuffix, dualStackDnsSuffix, implicitGlobalRegion]) => ({
    name,
    displayName,
    regionPattern,
    dnsSuffix,
    dualStackDnsSuffix,
    implicitGlobalRegion,
    regions: REGIONS.filter((entry) => entry.partition === name),
  }),
);

const BY_NAME: ReadonlyMap<string, Partition> = new Map(PARTITIONS.map((entry) => [entry.name, entry]));

export function partition(name: PartitionName): Partition {
  const found = BY_NAME.get(name);
  if (found === undefined) throw new Error(`no partition is called '${name}'`);
  return found;
}

/** The partition of a Region of the table; patterns are not consulted. */
export function partitionOfRegion(id: string): Partition | undefined {
  const found = region(id);
  return found === undefined ? undefined : partition(found.partition);
}

/**
 * The partition that SDKs assume for any Region id: the exact id first, then the pseudo Region of a partition
 * (`aws-global`), then the first pattern that matches, and `aws` for everything else.
 */
export function partitionAssumedFor(id: string): Partition {
  const exact =
    partitionOfRegion(id) ?? BY_NAME.get(id.endsWith('-global') ? id.slice(0, -'-global'.length) : '');
  return exact ?? PARTITIONS.find((entry) => entry.regionPattern.test(id)) ?? partition('aws');
}
