/**
 * All emulated Regions of a world in one process: opens a listener for each and the admin server beside them, and
 * answers the conductor's calls. The clocks and the journal's writer are handed in.
 */

import { createSecureContext, type SecureContext } from 'node:tls';
import { createIdentity } from '../identity/identity.ts';
import type { Clock } from '../time/monotonic.ts';
import { openAdminServer } from './admin-server.ts';
import { hostsOfRegion, openRegionListener } from './region-listener.ts';
import { createRegionService } from './region-service.ts';
import type {
  HostCertificate,
  RegionSwitchOrder,
  ServiceConfig,
  ServiceFaultOrder,
  ServiceObservation,
  ServiceReady,
} from './service-config.ts';
import { createServiceFaults } from './service-faults.ts';
import { createServiceLog, type ServiceLog, type ServiceWriter } from './service-log.ts';

export interface ServiceEffects {
  readonly clock: Clock;
  /** Epoch milliseconds of the machine; the configured offset is added to it. */
  readonly wallClock: () => number;
  readonly openWriter: (path: string) => Promise<ServiceWriter>;
}

export interface ServiceControl {
  setFault(order: ServiceFaultOrder): void;
  setRegionSwitch(order: RegionSwitchOrder): void;
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
  const identity = createIdentity(config, clock);
  const faults = createServiceFaults(config.regions, clock);
  const log = createServiceLog(effects.openWriter);
  const certificates = secureContexts(config.certificates);
  const control = createControl(identity, faults);

  const ports: Record<string, number> = {};
  const closers: (() => Promise<void>)[] = [];
  try {
    for (const region of config.regions) {
      const listener = await openRegionListener(
        {
          service: createRegionService({ region, identity, faults }),
          hosts: hostsOfRegion(region),
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
      log,
      close: async () => void (await Promise.all(closers.map((close) => close()))),
    };
  } catch (error) {
    await Promise.all(closers.map((close) => close()));
    throw error;
  }
}

/** Both kinds of fault under one roof; touches no socket. */
export function createControl(
  { accounts, switches }: ReturnType<typeof createIdentity>,
  faults: ReturnType<typeof createServiceFaults>,
): ServiceControl {
  return {
    setFault: faults.set,
    setRegionSwitch: ({ account, region, active, leaseMs, faultId }) => {
      if (leaseMs === undefined) return switches.set({ account, region, active });
      switches.hold({ id: faultId ?? `${account} ${region}`, account, region, active, leaseMs });
    },
    renewFault: ({ id, leaseMs }) => {
      const [error, hold] = [faults.renew(id, leaseMs), switches.renew(id, leaseMs)];
      return { known: error || hold };
    },
    clearFault: ({ id }) => {
      const [error, hold] = [faults.clear(id), switches.release(id)];
      return { known: error || hold };
    },
    regionSwitches: ({ account }) => ({ disabledRegions: switches.disabledRegions(account) }),
    observe: () => ({
      faults: [...faults.held(), ...switches.held()],
      disabledRegions: Object.fromEntries(accounts.map(({ id }) => [id, switches.disabledRegions(id)])),
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
