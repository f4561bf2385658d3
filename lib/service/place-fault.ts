/** Puts a fault of any kind in force, where that kind belongs, and returns what ends it. Leases are not its affair. */

import type { PartitionName } from '../aws/partitions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { HeldSettings } from '../identity/held-settings.ts';
import type { Identity } from '../identity/identity.ts';
import type { RequestFault, ServiceFaults } from '../sts/service-faults.ts';
import type { CertificateStore } from './certificate-store.ts';
import type { CertificateFault, ServiceFaultOrder, SettingFault } from './fault-order.ts';

export interface FaultPlaces {
  readonly identity: Identity;
  readonly faults: ServiceFaults;
  readonly settings: HeldSettings;
  readonly certificates: Pick<CertificateStore, 'replace'>;
  /** Those that the service runs. */
  readonly regions: readonly string[];
  /** Names that STS answers to in these Regions. */
  readonly hosts: readonly string[];
}

/**
 * @param ended Called when somebody else has ended the fault.
 * @throws {UsageError} for whatever this world has not, with its name; nothing is in force then.
 */
export function placeFault(order: ServiceFaultOrder, ended: () => void, places: FaultPlaces): () => void {
  switch (order.kind) {
    case 'error':
    case 'html':
    case 'late':
    case 'quota-used-up':
      checkRequests(order, places);
      return places.faults.place(order);
    case 'certificate':
      checkCertificates(order);
      return places.certificates.replace(order.certificates);
    default:
      return placeSetting(order, ended, places);
  }
}

function placeSetting(order: SettingFault, ended: () => void, places: FaultPlaces): () => void {
  const { identity, settings, regions } = places;
  const { plane, switches } = identity;
  switch (order.kind) {
    case 'region-off':
      checkRegion(order.region, regions);
      return switches.holdOff(identity.account(order.account), order.region, ended);
    case 'opt-in-withdrawn':
      checkRegion(order.region, regions);
      return switches.holdOptedOut(identity.account(order.account), order.region);
    case 'control-plane-down':
      return plane.holdDown(partitionOf(order.partition, identity));
    case 'replica-stale':
      checkRegion(order.region, regions);
      return plane.holdReplica(order.region);
    case 'keys-deleted':
      return settings.deleteKeys(identity.account(order.account).id, order.user);
    case 'role-deleted':
      return settings.deleteRole(identity.account(order.account).id, order.role);
    case 'token-version':
      return settings.setTokenVersion(identity.account(order.account).id, order.version);
    default:
      return order satisfies never;
  }
}

/** What STS itself cannot know; the rest it checks. */
function checkRequests(order: RequestFault, { identity, hosts }: FaultPlaces): void {
  const { account } = order.kind === 'quota-used-up' ? order : order.requests;
  if (account !== undefined) identity.account(account);
  if (order.kind === 'quota-used-up') return;
  const { era } = identity;
  const stranger = order.requests.hosts?.find((host) => !hosts.includes(host));
  if (stranger !== undefined) {
    throw refusal(`STS answers under no name '${stranger}' in this world`, 'write host names in lower case');
  }
  const unknown = order.requests.operations?.find((operation) => !era.actions.has(operation));
  if (unknown !== undefined) {
    throw refusal(
      `STS has no operation '${unknown}' in the era ${era.name}`,
      `it has ${[...era.actions].join(', ')}`,
    );
  }
}

function checkCertificates({ hosts, certificates }: CertificateFault): void {
  const missing = hosts.find((host) => !certificates.some((certificate) => certificate.host === host));
  if (missing !== undefined) throw refusal(`no certificate is given for '${missing}'`, 'give one a host');
  const extra = certificates.find(({ host }) => !hosts.includes(host));
  if (extra !== undefined) throw refusal(`'${extra.host}' is not among the hosts`, 'name it there as well');
}

function checkRegion(region: string, regions: readonly string[]): void {
  if (regions.includes(region)) return;
  throw refusal(`no Region '${region}' in this world`, `it has ${regions.join(', ')}`);
}

function partitionOf(name: string, { plane }: Identity): PartitionName {
  const partitions = new Set([...plane.state().accounts.values()].map(({ partition }) => partition));
  for (const partition of partitions) if (partition === name) return partition;
  throw refusal(`no account in a partition '${name}' in this world`, `it has ${[...partitions].join(', ')}`);
}

function refusal(message: string, hint: string): UsageError {
  return new UsageError(message, { code: 'RF-SERVICE-FAULT', hint });
}
