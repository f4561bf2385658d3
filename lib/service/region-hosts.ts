/** Which names a Region of the service answers to, and what answers under each. */

import { endpointsOfRegion, GLOBAL_ENDPOINT } from '../aws/endpoints.ts';
import { DEFAULT_ERA, type Era, era as eraNamed } from '../aws/eras.ts';
import { region as regionNamed } from '../aws/regions.ts';
import type { RegionService } from '../sts/region-service.ts';
import type { Host } from './request-listener.ts';

/** STS names of a Region: its own, and the global one where the Region may have to serve it. */
export function stsHostsOf(service: RegionService, era: GlobalServing = TODAY): Map<string, Host> {
  const hosts = new Map<string, Host>();
  for (const { host, signingRegion } of endpointsOfRegion(service.region)) {
    hosts.set(host, { signingRegion, signingService: 'sts', global: false, answer: service.answer });
  }
  if (mayServeGlobal(service.region, era)) {
    const { host, signingRegion } = GLOBAL_ENDPOINT;
    hosts.set(host, { signingRegion, signingService: 'sts', global: true, answer: service.answer });
  }
  return hosts;
}

/** All STS host names that Regions like these answer to. */
export function stsHostNames(regions: readonly string[], era: GlobalServing = TODAY): string[] {
  const own = regions.flatMap((region) => endpointsOfRegion(region).map(({ host }) => host));
  return regions.some((region) => mayServeGlobal(region, era)) ? [...own, GLOBAL_ENDPOINT.host] : own;
}

type GlobalServing = Pick<Era, 'globalServedNearCaller'>;

const TODAY: GlobalServing = eraNamed(DEFAULT_ERA);

/** Regions of partition aws that are enabled by default serve global callers near them since April 2025. */
function mayServeGlobal(region: string, { globalServedNearCaller }: GlobalServing): boolean {
  if (!globalServedNearCaller) return region === GLOBAL_ENDPOINT.signingRegion;
  const facts = regionNamed(region);
  return facts?.partition === GLOBAL_ENDPOINT.partition && facts.enabledBy === 'default';
}
