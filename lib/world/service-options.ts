/** Hands what a scenario says of its service and accounts to the service in the service's own words. Pure. */

import { partitionOfRegion } from '../aws/partitions.ts';
import type { AccountConfig } from '../identity/world-accounts.ts';
import type { ServiceFacts } from '../scenario/service-facts.ts';
import type { AccountsSpec, ServiceSpec } from '../scenario/service-spec.ts';
import type { ServiceConfig } from '../service/service-config.ts';

export function settingsOf(
  { regions }: ServiceFacts,
  { replicaDelayMs }: ServiceSpec,
): Pick<ServiceConfig, 'regionSettings' | 'replicaDelayMs'> {
  return {
    regionSettings: Object.fromEntries(
      regions.map(({ region, pace, quotas }) => [
        region,
        { ...(pace === null ? {} : { pace }), ...(quotas === null ? {} : { quotas }) },
      ]),
    ),
    ...(replicaDelayMs === undefined ? {} : { replicaDelayMs }),
  };
}

/** Each account with what is said of the Regions of its partition. */
export function settledAccounts(
  accounts: readonly AccountConfig[],
  spec: AccountsSpec | undefined,
): readonly AccountConfig[] {
  if (spec === undefined) return accounts;
  const { activatedRegions, deactivatedRegions, optedOutRegions, globalTokenVersion } = spec;
  return accounts.map((account) => {
    const own = (regions: readonly string[]): string[] =>
      regions.filter((region) => partitionOfRegion(region)?.name === account.partition);
    return {
      ...account,
      activatedRegions: own(activatedRegions),
      disabledRegions: own(deactivatedRegions),
      optedOutRegions: own(optedOutRegions),
      // The global endpoint is partition aws's alone.
      ...(globalTokenVersion === undefined || account.partition !== 'aws' ? {} : { globalTokenVersion }),
    };
  });
}
