/**
 * All emulated Regions of a world in one process, and the control planes of its partitions: opens a listener for each
 * and the admin server beside them, and answers the conductor's calls. The clocks and the journal's writer are handed in.
 */

import { era as eraNamed } from '../aws/eras.ts';
import { createHeldSettings } from '../identity/held-settings.ts';
import { createIdentity } from '../identity/identity.ts';
import { createFederation } from '../sts/federation/federation.ts';
import { createServiceFaults } from '../sts/service-faults.ts';
import type { Clock } from '../time/monotonic.ts';
import { openAdminServer } from './admin-server.ts';
import { createCertificateStore } from './certificate-store.ts';
import { later } from './later.ts';
import { stsHostNames, stsHostsOf } from './region-hosts.ts';
import { createRegionLimits } from './region-limits.ts';
import { openRegionListener, type RegionListener } from './region-listener.ts';
import type { Host } from './request-listener.ts';
import type { ServiceConfig, ServiceReady } from './service-config.ts';
import { createControl, type ServiceControl } from './service-control.ts';
import { createServiceLog, type ServiceLog, type ServiceWriter } from './service-log.ts';

export interface ServiceEffects {
  readonly clock: Clock;
  /** Epoch milliseconds of the machine; the configured offset is added to it. */
  readonly wallClock: () => number;
  readonly openWriter: (path: string) => Promise<ServiceWriter>;
  /** Fetches a document from a loopback address: how keys of token issuers come in. */
  readonly fetchText: (url: string) => Promise<string>;
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
  const listeners: { readonly hosts: ReadonlyMap<string, Host>; readonly listener: RegionListener }[] = [];
  const certificates = createCertificateStore(config.certificates, (changed) => {
    for (const { hosts, listener } of listeners) {
      if (changed.some((host) => hosts.has(host))) listener.forgetSessions();
    }
  });
  const control = createControl({
    identity,
    faults,
    settings: createHeldSettings(identity.plane, era),
    certificates,
    regions: config.regions,
    hosts: stsHostNames(config.regions, era),
    wallClock,
    later,
  });

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
      certificates.certificates,
    );
    listeners.push({ hosts, listener });
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
