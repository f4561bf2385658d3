/**
 * All emulated Regions of a world in one process, and the control planes of its partitions: opens a listener for each
 * and the admin server beside them, and answers the conductor's calls. The clocks and the journal's writer are handed in.
 */

import { createSecureContext, type SecureContext } from 'node:tls';
import { era as eraNamed } from '../aws/eras.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { createIdentity, type Identity } from '../identity/identity.ts';
import { createFederation } from '../sts/federation/federation.ts';
import { createServiceFaults, type ServiceFaultOrder } from '../sts/service-faults.ts';
import type { Clock } from '../time/monotonic.ts';
import { openAdminServer } from './admin-server.ts';
import { type ControlPlaneHolds, createControlPlaneHolds } from './control-plane-holds.ts';
import { later } from './later.ts';
import { stsHostsOf } from './region-hosts.ts';
import { createRegionLimits } from './region-limits.ts';
import { openRegionListener } from './region-listener.ts';
import type { Host } from './request-listener.ts';
import type {
  ControlPlaneOrder,
  HostCertificate,
  RegionSwitchOrder,
  ServiceConfig,
  ServiceObservation,
  ServiceReady,
} from './service-config.ts';
import { createServiceLog, type ServiceLog, type ServiceWriter } from './service-log.ts';

export interface ServiceEffects {
  readonly clock: Clock;
  /** Epoch milliseconds of the machine; the configured offset is added to it. */
  readonly wallClock: () => number;
  readonly openWriter: (path: string) => Promise<ServiceWriter>;
  /** Fetches a document from a loopback address: how keys of token issuers come in. */
  readonly fetchText: (url: string) => Promise<string>;
}

export interface ServiceControl {
  setFault(order: ServiceFaultOrder): void;
  setRegionSwitch(order: RegionSwitchOrder): void;
  /**
   * Takes the control plane of a partition away or brings it back; Regions go on with what they know. With a lease it
   * is a fault that ends by itself; the plane is down while an administrator or any fault wants it so.
   */
  setControlPlane(order: ControlPlaneOrder): void;
  /** Every kind of fault answers to their id. `known` is false when the lease had ended. */
  renewFault(order: { readonly id: string; readonly leaseMs: number }): { readonly known: boolean };
  clearFault(order: { readonly id: string }): { readonly known: boolean };
  regionSwitches(order: { readonly account: string }): { readonly disabledRegions: readonly string[] };
  /** Of each partition that has an account. */
  controlPlanes(): Readonly<Partial<Record<PartitionName, 'up' | 'down'>>>;
  /** How long a change takes to reach each Region, milliseconds. */
  replicaDelaysMs(): Readonly<Record<string, number>>;
  observe(): ServiceObservation;
}

export interface Service {
  readonly ready: ServiceReady;
  readonly control: ServiceControl;
  readonly log: Pick<ServiceLog, 'begin' | 'end'>;
  close(): Promise<void>;
}

export async function openService(config: ServiceConfig, effects: ServiceEffects): Promise<Service> {
  const { clock } = effects;
  const offsetMs = config.wallOffsetMs ?? 0;
  const wallClock = (): number => effects.wallClock() + offsetMs;
  const era = eraNamed(config.era);
  const identity = createIdentity({ ...config, era }, clock);
  const faults = createServiceFaults(config.regions, clock);
  const federation = createFederation(clock, effects.fetchText);
  const limits = createRegionLimits(config, clock);
  const log = createServiceLog(effects.openWriter);
  const certificates = secureContexts(config.certificates);
  const holds = createControlPlaneHolds(identity.plane, later);
  const control = createControl({ identity, faults, holds, regions: config.regions, wallClock });

  const ports: Record<string, number> = {};
  const controlPlanePorts: Record<string, number> = {};
  const closers: (() => Promise<void>)[] = [];
  const open = async (
    region: string,
    hosts: ReadonlyMap<string, Host>,
    extendedRequestId: boolean,
  ): Promise<number> => {
    const listener = await openRegionListener(
      { region, extendedRequestId, hosts, clock, wallClock, record: log.record },
      certificates,
    );
    closers.push(listener.close);
    return listener.port;
  };
  try {
    for (const region of config.regions) {
      const hosts = stsHostsOf(limits.serve({ region, identity, faults, federation }), era);
      ports[region] = await open(region, hosts, era.extendedRequestId);
    }
    if (config.controlPlane) {
      const { controlPlaneHosts } = await import('./control-plane-front.ts');
      const { accounts, seed = 0 } = config;
      for (const [region, hosts] of controlPlaneHosts({ identity, federation, accounts, seed })) {
        // The extended request id is STS's own.
        controlPlanePorts[region] = await open(region, hosts, false);
      }
    }
    const admin = await openAdminServer({ token: config.adminToken, control, config });
    closers.push(admin.close);
    return {
      ready: { ports, controlPlanePorts, admin: admin.url },
      control,
      log: {
        begin: (order) => {
          limits.begin();
          return log.begin(order);
        },
        end: log.end,
      },
      close: async () => void (await Promise.all(closers.map((close) => close()))),
    };
  } catch (error) {
    await Promise.all(closers.map((close) => close()));
    throw error;
  }
}

export interface ControlOptions {
  readonly identity: Identity;
  readonly faults: ReturnType<typeof createServiceFaults>;
  readonly holds: ControlPlaneHolds;
  /** Those that the service runs. */
  readonly regions: readonly string[];
  readonly wallClock: () => number;
}

/** Every kind of fault under one roof; touches no socket. */
export function createControl({
  identity,
  faults,
  holds,
  regions,
  wallClock,
}: ControlOptions): ServiceControl {
  const { switches, plane } = identity;
  const disabledRegions = (id: string): readonly string[] =>
    switches.disabledRegions(identity.account(id), regions, wallClock());
  return {
    setFault: faults.set,
    setRegionSwitch: ({ account, region, active, leaseMs, faultId }) => {
      if (leaseMs === undefined) return identity.switchRegion({ account, region, active });
      const id = faultId ?? `${account} ${region}`;
      switches.hold({ id, account, region, active, leaseMs }, identity.account(account));
    },
    setControlPlane: holds.set,
    renewFault: ({ id, leaseMs }) => {
      const renewed = [faults, switches, holds].map((holder) => holder.renew(id, leaseMs));
      return { known: renewed.includes(true) };
    },
    clearFault: ({ id }) => {
      const cleared = [faults.clear(id), switches.release(id), holds.release(id)];
      return { known: cleared.includes(true) };
    },
    regionSwitches: ({ account }) => ({ disabledRegions: disabledRegions(account) }),
    controlPlanes: () =>
      Object.fromEntries(
        [...plane.state().accounts.values()].map(({ partition }) => [
          partition,
          plane.isUp(partition) ? ('up' as const) : ('down' as const),
        ]),
      ),
    replicaDelaysMs: () =>
      Object.fromEntries(regions.map((region) => [region, plane.replica(region).delayMs])),
    observe: () => ({
      faults: [...faults.held(), ...switches.held(), ...holds.held()],
      disabledRegions: Object.fromEntries(
        [...plane.state().accounts.keys()].map((id) => [id, disabledRegions(id)]),
      ),
    }),
  };
}

/**
 * Hosts that share a certificate share its context: parsing one costs more than a handshake. Of two hundred hosts a
 * world uses a few, so each is parsed when it is first asked for.
 */
function secureContexts(certificates: readonly HostCertificate[]): ReadonlyMap<string, () => SecureContext> {
  const byPem = new Map<string, SecureContext>();
  return new Map(
    certificates.map(({ host, certificatePem, keyPem }) => [
      host,
      () => {
        const context =
          byPem.get(certificatePem) ?? createSecureContext({ cert: certificatePem, key: keyPem });
        byPem.set(certificatePem, context);
        return context;
      },
    ]),
  );
}
