/**
 * All emulated Regions of a world in one process: opens a listener for each and the admin server beside them, and
 * answers the conductor's calls. The clocks and the journal's writer are handed in.
 */

import { createSecureContext, type SecureContext } from 'node:tls';
import { era as eraNamed } from '../aws/eras.ts';
import { createIdentity, type Identity } from '../identity/identity.ts';
import { createFederation } from '../sts/federation/federation.ts';
import { createServiceFaults, type ServiceFaultOrder } from '../sts/service-faults.ts';
import type { Clock } from '../time/monotonic.ts';
import { openAdminServer } from './admin-server.ts';
import { stsHostsOf } from './region-hosts.ts';
import { createRegionLimits } from './region-limits.ts';
import { openRegionListener } from './region-listener.ts';
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
  /** Takes the control plane of a partition away or brings it back; Regions go on with what they know. */
  setControlPlane(order: ControlPlaneOrder): void;
  /** Both kinds of fault answer to their id. `known` is false when the lease had ended. */
  renewFault(order: { readonly id: string; readonly leaseMs: number }): { readonly known: boolean };
  clearFault(order: { readonly id: string }): { readonly known: boolean };
  regionSwitches(order: { readonly account: string }): { readonly disabledRegions: readonly string[] };
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
  const control = createControl({ identity, faults, regions: config.regions, wallClock });

  const ports: Record<string, number> = {};
  const closers: (() => Promise<void>)[] = [];
  try {
    for (const region of config.regions) {
      const listener = await openRegionListener(
        {
          region,
          extendedRequestId: era.extendedRequestId,
          hosts: stsHostsOf(limits.serve({ region, identity, faults, federation })),
          clock,
          wallClock,
          record: log.record,
        },
        certificates,
      );
      ports[region] = listener.port;
      closers.push(listener.close);
    }
    const admin = await openAdminServer({ token: config.adminToken, control, config });
    closers.push(admin.close);
    return {
      ready: { ports, admin: admin.url },
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
  /** Those that the service runs. */
  readonly regions: readonly string[];
  readonly wallClock: () => number;
}

/** Both kinds of fault under one roof; touches no socket. */
export function createControl({ identity, faults, regions, wallClock }: ControlOptions): ServiceControl {
  const { switches } = identity;
  const disabledRegions = (id: string): readonly string[] =>
    switches.disabledRegions(identity.account(id), regions, wallClock());
  return {
    setFault: faults.set,
    setRegionSwitch: ({ account, region, active, leaseMs, faultId }) => {
      if (leaseMs === undefined) return identity.switchRegion({ account, region, active });
      const id = faultId ?? `${account} ${region}`;
      switches.hold({ id, account, region, active, leaseMs }, identity.account(account));
    },
    setControlPlane: ({ partition, up }) => identity.plane.setUp(partition, up),
    renewFault: ({ id, leaseMs }) => {
      const [error, hold] = [faults.renew(id, leaseMs), switches.renew(id, leaseMs)];
      return { known: error || hold };
    },
    clearFault: ({ id }) => {
      const [error, hold] = [faults.clear(id), switches.release(id)];
      return { known: error || hold };
    },
    regionSwitches: ({ account }) => ({ disabledRegions: disabledRegions(account) }),
    observe: () => ({
      faults: [...faults.held(), ...switches.held()],
      disabledRegions: Object.fromEntries(
        [...identity.plane.state().accounts.keys()].map((id) => [id, disabledRegions(id)]),
      ),
    }),
  };
}

/** Hosts that share a certificate share its context: parsing one costs more than a handshake. */
function secureContexts(certificates: readonly HostCertificate[]): ReadonlyMap<string, SecureContext> {
  const byPem = new Map<string, SecureContext>();
  return new Map(
    certificates.map(({ host, certificatePem, keyPem }) => {
      const context = byPem.get(certificatePem) ?? createSecureContext({ cert: certificatePem, key: keyPem });
      byPem.set(certificatePem, context);
      return [host, context];
    }),
  );
}
