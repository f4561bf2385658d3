/**
 * What k6 itself adds: the same script at the same rate against a server beside it that answers everything at once. k6
 * queues inside itself, and that wait is in all that it measures; figures below this floor are k6's, not the service's.
 */

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { GeneratorMeasured } from '../journal/event.ts';
import { openControlServer } from './control-server.ts';
import { startK6 } from './k6-child.ts';
import type { K6Config } from './script/config.ts';

export interface FloorOptions {
  /** Of k6. */
  readonly path: string;
  readonly version: string;
  /** The generated script. */
  readonly script: string;
  /** Of the run; its targets and its length are replaced. */
  readonly config: K6Config;
  /** For the server, with the authority that k6 trusts in this. */
  readonly certificate: FloorCertificate;
  readonly wallClock: () => number;
  readonly onProcess: (process: { readonly name: string; readonly pid: number }) => void;
}

export interface FloorCertificate {
  readonly host: string;
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly caPem: string;
}

const MEASURED_US = 2_000_000;
const DRAIN_US = 500_000;
const LEAD_MS = 300;
/** Connections are opened in the first moments, which are no measure of what follows. */
const SETTLED_US = 500_000;

const ANSWER =
  '<AssumeRoleResponse><ResponseMetadata><RequestId>null</RequestId></ResponseMetadata></AssumeRoleResponse>';

/** Undefined when k6 made too few calls for a floor. */
export async function measureFloor(options: FloorOptions): Promise<GeneratorMeasured | undefined> {
  const { config, certificate, script, path, wallClock } = options;
  const { host, certificatePem: cert, keyPem: key } = certificate;
  const server = createServer({ cert, key }, (request, response) => {
    request.resume().on('end', () => response.end(ANSWER));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const control = await openControlServer();
  const latenciesUs: number[] = [];
  let originUs = 0;
  try {
    const child = await startK6({
      path,
      version: options.version,
      script,
      config: {
        ...config,
        durationUs: Math.min(MEASURED_US, config.durationUs),
        drainUs: DRAIN_US,
        control: control.url,
        groups: config.groups.map((group) => ({
          ...group,
          // One endpoint, always asked: what a policy does in a fault is no part of the floor.
          policy: { kind: 'pinned', endpoint: host, attemptTimeLimitMs: null },
          targets: [{ host, signingRegion: 'us-east-1', port }],
        })),
      },
      hosts: { [`${host}:${port}`]: `127.0.0.1:${port}` },
      caPem: certificate.caPem,
      onAttempt: ({ outcome, plannedUs, endedUs }) => {
        if (outcome === 'ok' && plannedUs - originUs >= SETTLED_US) latenciesUs.push(endedUs - plannedUs);
      },
      onDropped: () => {},
    });
    options.onProcess({ name: 'k6', pid: child.pid });
    const ready = await Promise.race([control.asked.then(() => true), child.exited.then(() => false)]);
    if (ready) {
      const originMs = wallClock() + LEAD_MS;
      originUs = originMs * 1_000;
      control.start(originMs);
    }
    await child.exited;
  } finally {
    control.close();
    server.close();
    server.closeAllConnections();
  }
  latenciesUs.sort((one, other) => one - other);
  const at = (share: number): number =>
    (latenciesUs[Math.min(latenciesUs.length - 1, Math.floor(share * latenciesUs.length))] ?? 0) / 1_000;
  if (latenciesUs.length < SAMPLES_LEAST) return undefined;
  return {
    kind: 'generator.measured',
    engine: 'k6',
    ratePerSecond: config.groups.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0),
    samples: latenciesUs.length,
    floorMsMedian: at(0.5),
    floorMsP99: at(0.99),
  };
}

/** Fewer tell nothing about a tail. */
const SAMPLES_LEAST = 20;
