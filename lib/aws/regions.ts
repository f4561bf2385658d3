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
  /**
   * Year and month in which it opened, `2007-12`: what an era reads to know whether there is such a Region. General
   * knowledge, good to about a month; ISO Regions and those of 2025 and later less so.
   */
  readonly launched: string;
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
const TABLE: Readonly<
  Record<PartitionName, readonly (readonly [id: string, name: string, launched: string, RegionClass])[]>
> = {
  aws: [
    ['us-east-1', 'US East (N. Virginia)', '2006-08', HOME],
    ['us-east-2', 'US East (Ohio)', '2016-10', CLASSIC],
    ['us-west-1', 'US West (N. California)', '2009-12', CLASSIC],
    ['us-west-2', 'US West (Oregon)', '2011-11', CLASSIC],
    ['ca-central-1', 'Canada (Central)', '2016-12', CLASSIC],
    ['sa-east-1', 'South America (Sao Paulo)', '2011-12', CLASSIC],
    ['eu-central-1', 'Europe (Frankfurt)', '2014-10', CLASSIC],
    ['eu-west-1', 'Europe (Ireland)', '2007-12', CLASSIC],
    ['eu-west-2', 'Europe (London)', '2016-12', CLASSIC],
    ['eu-west-3', 'Europe (Paris)', '2017-12', CLASSIC],
    ['eu-north-1', 'Europe (Stockholm)', '2018-12', CLASSIC],
    ['ap-south-1', 'Asia Pacific (Mumbai)', '2016-06', CLASSIC],
    ['ap-northeast-1', 'Asia Pacific (Tokyo)', '2011-03', CLASSIC],
    ['ap-northeast-2', 'Asia Pacific (Seoul)', '2016-01', REGIONAL],
    ['ap-northeast-3', 'Asia Pacific (Osaka)', '2018-02', REGIONAL],
    ['ap-southeast-1', 'Asia Pacific (Singapore)', '2010-04', CLASSIC],
    ['ap-southeast-2', 'Asia Pacific (Sydney)', '2012-11', CLASSIC],
    ['ap-east-1', 'Asia Pacific (Hong Kong)', '2019-04', OPT_IN],
    ['me-south-1', 'Middle East (Bahrain)', '2019-07', OPT_IN],
    ['af-south-1', 'Africa (Cape Town)', '2020-04', OPT_IN],
    ['eu-south-1', 'Europe (Milan)', '2020-04', OPT_IN],
    ['ap-southeast-3', 'Asia Pacific (Jakarta)', '2021-12', OPT_IN],
    ['me-central-1', 'Middle East (UAE)', '2022-08', OPT_IN],
    ['eu-central-2', 'Europe (Zurich)', '2022-11', OPT_IN],
    ['eu-south-2', 'Europe (Spain)', '2022-11', OPT_IN],
    ['ap-south-2', 'Asia Pacific (Hyderabad)', '2022-11', OPT_IN],
    ['ap-southeast-4', 'Asia Pacific (Melbourne)', '2023-01', OPT_IN],
    ['il-central-1', 'Israel (Tel Aviv)', '2023-08', OPT_IN],
    ['ca-west-1', 'Canada West (Calgary)', '2023-12', OPT_IN],
    ['ap-southeast-5', 'Asia Pacific (Malaysia)', '2024-08', OPT_IN],
    ['ap-southeast-7', 'Asia Pacific (Thailand)', '2025-01', OPT_IN],
    ['mx-central-1', 'Mexico (Central)', '2025-01', OPT_IN],
    ['ap-east-2', 'Asia Pacific (Taipei)', '2025-06', OPT_IN],
    ['ap-southeast-6', 'Asia Pacific (New Zealand)', '2025-09', OPT_IN],
    ['me-west-1', 'Middle East (Saudi Arabia)', '2026-06', OPT_IN],
    ['sa-west-1', 'South America (Chile)', '2026-06', OPT_IN],
  ],
  'aws-cn': [
    ['cn-north-1', 'China (Beijing)', '2014-08', FIXED],
    ['cn-northwest-1', 'China (Ningxia)', '2017-12', REGIONAL],
  ],
  'aws-us-gov': [
    ['us-gov-east-1', 'AWS GovCloud (US-East)', '2018-11', FIXED],
    ['us-gov-west-1', 'AWS GovCloud (US-West)', '2011-08', FIXED],
  ],
  'aws-iso': [
    ['us-iso-east-1', 'US ISO East', '2014-09', FIXED],
    ['us-iso-west-1', 'US ISO WEST', '2021-12', FIXED],
  ],
  'aws-iso-b': [
    ['us-isob-east-1', 'US ISOB East (Ohio)', '2017-11', FIXED],
    ['us-isob-west-1', 'US ISOB West', '2025-06', FIXED],
  ],
  'aws-iso-e': [['eu-isoe-west-1', 'EU ISOE West', '2024-10', FIXED]],
  'aws-iso-f': [
    ['us-isof-south-1', 'US ISOF SOUTH', '2025-01', FIXED],
    ['us-isof-east-1', 'US ISOF EAST', '2025-01', FIXED],
  ],
  'aws-eusc': [['eusc-de-east-1', 'AWS European Sovereign Cloud (Germany)', '2026-01', FIXED]],
};

export const REGIONS: readonly Region[] = Object.entries(TABLE).flatMap(([partition, rows]) =>
  rows.map(([id, name, launched, regionClass]) => ({
    id,
    name,
    launched,
    partition: partition as PartitionName,
    ...regionClass,
  })),
);

const BY_ID: ReadonlyMap<string, Region> = new Map(REGIONS.map((entry) => [entry.id, entry]));

export function region(id: string): Region | undefined {
  return BY_ID.get(id);
}

export { nearestName } from './nearest-name.ts';
