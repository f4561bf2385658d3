/**
 * Every Region of every partition, with what decides whether STS answers there for an account. The one table from
 * which host names, certificates, links and scenarios are made.
 */

import type { PartitionName } from './partitions.ts';

export interface Region {
  readonly id: string;
  /** As consoles print it: `Europe (Ireland)`. */
  readonly name: string;
  readonly partition: PartitionName;
  /** `opt-in`: an account must enable the Region before anything answers it there (launched after 20 March 2019). */
  readonly enabledBy: 'default' | 'opt-in';
  /**
   * The account's own switch for STS in this Region: `fixed-on` cannot be turned off, `switchable` is on until turned
   * off, `follows-opt-in` is on exactly while the account has enabled the Region.
   */
  readonly stsSwitch: 'fixed-on' | 'switchable' | 'follows-opt-in';
  /** Whether old SDKs, and new ones in legacy mode, send callers of this Region to the global endpoint. */
  readonly legacyGlobal: boolean;
}

type RegionClass = Pick<Region, 'enabledBy' | 'stsSwitch' | 'legacyGlobal'>;

const HOME: RegionClass = { enabledBy: 'default', stsSwitch: 'fixed-on', legacyGlobal: true };
const CLASSIC: RegionClass = { enabledBy: 'default', stsSwitch: 'switchable', legacyGlobal: true };
/** Enabled by default and yet never sent to the global endpoint: Seoul, Osaka, and Ningxia in its own partition. */
const REGIONAL: RegionClass = { enabledBy: 'default', stsSwitch: 'switchable', legacyGlobal: false };
const OPT_IN: RegionClass = { enabledBy: 'opt-in', stsSwitch: 'follows-opt-in', legacyGlobal: false };
/**
 * No switch is documented for the partitions that use this, Beijing aside (which is documented as always on); the
 * harness takes them as always on.
 */
const FIXED: RegionClass = { enabledBy: 'default', stsSwitch: 'fixed-on', legacyGlobal: false };

/**
 * Sources: ids and names from the partition data that AWS publishes with botocore and the JavaScript SDK; classes
 * from the IAM User Guide, "Manage AWS STS in an AWS Region", and from the published endpoint rule set of STS. That
 * me-west-1 and sa-west-1 are opt-in follows from their launch dates.
 */
const TABLE: Readonly<Record<PartitionName, readonly (readonly [string, string, RegionClass])[]>> = {
  aws: [
    ['us-east-1', 'US East (N. Virginia)', HOME],
    ['us-east-2', 'US East (Ohio)', CLASSIC],
    ['us-west-1', 'US West (N. California)', CLASSIC],
    ['us-west-2', 'US West (Oregon)', CLASSIC],
    ['ca-central-1', 'Canada (Central)', CLASSIC],
    ['sa-east-1', 'South America (Sao Paulo)', CLASSIC],
    ['eu-central-1', 'Europe (Frankfurt)', CLASSIC],
    ['eu-west-1', 'Europe (Ireland)', CLASSIC],
    ['eu-west-2', 'Europe (London)', CLASSIC],
    ['eu-west-3', 'Europe (Paris)', CLASSIC],
    ['eu-north-1', 'Europe (Stockholm)', CLASSIC],
    ['ap-south-1', 'Asia Pacific (Mumbai)', CLASSIC],
    ['ap-northeast-1', 'Asia Pacific (Tokyo)', CLASSIC],
    ['ap-northeast-2', 'Asia Pacific (Seoul)', REGIONAL],
    ['ap-northeast-3', 'Asia Pacific (Osaka)', REGIONAL],
    ['ap-southeast-1', 'Asia Pacific (Singapore)', CLASSIC],
    ['ap-southeast-2', 'Asia Pacific (Sydney)', CLASSIC],
    ['ap-east-1', 'Asia Pacific (Hong Kong)', OPT_IN],
    ['me-south-1', 'Middle East (Bahrain)', OPT_IN],
    ['af-south-1', 'Africa (Cape Town)', OPT_IN],
    ['eu-south-1', 'Europe (Milan)', OPT_IN],
    ['ap-southeast-3', 'Asia Pacific (Jakarta)', OPT_IN],
    ['me-central-1', 'Middle East (UAE)', OPT_IN],
    ['eu-central-2', 'Europe (Zurich)', OPT_IN],
    ['eu-south-2', 'Europe (Spain)', OPT_IN],
    ['ap-south-2', 'Asia Pacific (Hyderabad)', OPT_IN],
    ['ap-southeast-4', 'Asia Pacific (Melbourne)', OPT_IN],
    ['il-central-1', 'Israel (Tel Aviv)', OPT_IN],
    ['ca-west-1', 'Canada West (Calgary)', OPT_IN],
    ['ap-southeast-5', 'Asia Pacific (Malaysia)', OPT_IN],
    ['ap-southeast-7', 'Asia Pacific (Thailand)', OPT_IN],
    ['mx-central-1', 'Mexico (Central)', OPT_IN],
    ['ap-east-2', 'Asia Pacific (Taipei)', OPT_IN],
    ['ap-southeast-6', 'Asia Pacific (New Zealand)', OPT_IN],
    ['me-west-1', 'Middle East (Saudi Arabia)', OPT_IN],
    ['sa-west-1', 'South America (Chile)', OPT_IN],
  ],
  'aws-cn': [
    ['cn-north-1', 'China (Beijing)', FIXED],
    ['cn-northwest-1', 'China (Ningxia)', REGIONAL],
  ],
  'aws-us-gov': [
    ['us-gov-east-1', 'AWS GovCloud (US-East)', FIXED],
    ['us-gov-west-1', 'AWS GovCloud (US-West)', FIXED],
  ],
  'aws-iso': [
    ['us-iso-east-1', 'US ISO East', FIXED],
    ['us-iso-west-1', 'US ISO WEST', FIXED],
  ],
  'aws-iso-b': [
    ['us-isob-east-1', 'US ISOB East (Ohio)', FIXED],
    ['us-isob-west-1', 'US ISOB West', FIXED],
  ],
  'aws-iso-e': [['eu-isoe-west-1', 'EU ISOE West', FIXED]],
  'aws-iso-f': [
    ['us-isof-south-1', 'US ISOF SOUTH', FIXED],
    ['us-isof-east-1', 'US ISOF EAST', FIXED],
  ],
  'aws-eusc': [['eusc-de-east-1', 'AWS European Sovereign Cloud (Germany)', FIXED]],
};

export const REGIONS: readonly Region[] = Object.entries(TABLE).flatMap(([partition, rows]) =>
  rows.map(([id, name, regionClass]) => ({
    id,
    name,
    partition: partition as PartitionName,
    ...regionClass,
  })),
);

const BY_ID: ReadonlyMap<string, Region> = new Map(REGIONS.map((entry) => [entry.id, entry]));

export function region(id: string): Region | undefined {
  return BY_ID.get(id);
}

export { nearestName } from './nearest-name.ts';
