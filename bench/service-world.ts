/** The product's service in a process of its own, told what a world tells it, without the rest of a world. */

import { partitionOfRegion } from '../lib/aws/partitions.ts';
import { REGIONS } from '../lib/aws/regions.ts';
import { defaultAccounts } from '../lib/identity/world-accounts.ts';
import { startChild } from '../lib/process/rpc.ts';
import { stsHostNames } from '../lib/service/region-hosts.ts';
import type { ServiceConfig, ServiceReady } from '../lib/service/service-config.ts';
import { createAuthority } from '../lib/world/certificates.ts';
import { SEED } from './signed-requests.ts';

/** Every Region of every partition. */
export const ALL_REGIONS: readonly string[] = REGIONS.map(({ id }) => id);

export interface Prepared {
  readonly config: ServiceConfig;
  readonly caPem: string;
}

/** What a world makes before its service starts: accounts, keys, and a certificate for each name. */
export async function prepare(regions: readonly string[]): Promise<Prepared> {
  const authority = await createAuthority(Date.now());
  const certificates = await Promise.all(stsHostNames(regions).map((host) => authority.issue(host)));
  const partitions = new Set(regions.map((id) => partitionOfRegion(id)?.name ?? 'aws'));
  return {
    caPem: authority.caPem,
    config: {
      era: '2026',
      regions,
      accounts: defaultAccounts([...partitions], SEED),
      certificates,
      sealKeys: Object.fromEntries([...partitions].map((name, index) => [name, `${10 + index}`.repeat(32)])),
      adminToken: 'of-a-benchmark',
    },
  };
}

export interface OpenService extends AsyncDisposable {
  readonly pid: number;
  readonly ports: ServiceReady['ports'];
}

export async function openBenchService(config: ServiceConfig): Promise<OpenService> {
  const child = startChild({ name: 'service', entry: new URL('../lib/service/process.ts', import.meta.url) });
  const { ports } = await child.call<ServiceReady>('open', config);
  return { pid: child.pid, ports, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}
