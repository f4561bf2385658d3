/**
 * A world for a user's own tests: emulated STS in several Regions on this machine, faults that are proved, and the ways
 * for an application to live in it. Closing it ends everything it started, and so does the death of the test's process.
 */

import type { Agent } from 'node:https';
import { DEFAULT_ERA, type EraName, era as eraNamed } from '../aws/eras.ts';
import { type PartitionName, partitionOfRegion } from '../aws/partitions.ts';
import { startGuardian } from '../chaos/guardian-client.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { EventBody } from '../journal/event.ts';
import { ClosingStack } from '../process/closing-stack.ts';
import { controlsOf } from '../run/controls.ts';
import { createProber } from '../run/prober.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { openWorld, type WorldOptions } from '../world/local-world.ts';
import { programEnvironment } from '../world/program-environment.ts';
import { privateProgramFiles } from '../world/program-files.ts';
import { type UpAccount, upJson } from '../world/up-json.ts';
import type { TestFault } from './fault-order.ts';
import { createHeldFaults, type HeldFault } from './held-faults.ts';
import { createLinkAgent } from './link-agent.ts';

export interface TestWorldOptions {
  /** eu-west-1, eu-central-1 and us-east-1 without it. The global endpoint is there when us-east-1 is. */
  readonly regions?: readonly string[];
  /** Where callers may stand; the Regions themselves without it. */
  readonly locations?: readonly string[];
  /** `toxiproxy` needs Toxiproxy on this machine; `embedded`, the default, nothing. */
  readonly network?: WorldOptions['network'];
  /** How STS was at the time; 2026 without it. */
  readonly era?: EraName;
  /** Decides whatever is drawn; 1 without it. */
  readonly seed?: number;
}

/** Who asks, and from where. */
export interface Standing {
  /** One of the world's locations; the first without it. */
  readonly location?: string;
  /** User of the account in the location's partition: `admin`, who may do anything, or `app`, the default. */
  readonly as?: string;
}

/** For the constructor of a client of the AWS SDK for JavaScript: `new STSClient(world.clientConfig('eu-west-1'))`. */
export interface ClientConfig {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly requestHandler: { readonly httpsAgent: Agent };
}

export interface TestWorld extends AsyncDisposable {
  readonly regions: readonly string[];
  readonly locations: readonly string[];
  /** One for each AWS partition, each with the users `admin` and `app` and the role `app`. Their keys open nothing else. */
  readonly accounts: readonly UpAccount[];
  /** Host name → `127.0.0.1:port` that speaks TLS for it, as seen from the first location. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** The authority that signed the endpoints' certificates, PEM. */
  readonly caPem: string;
  /**
   * Breaks something, and resolves when real requests have shown that it is broken.
   * @throws UsageError RF-FAULT-INVALID; EnvironmentError RF-FAULT-TOOTHLESS, RF-WORLD-ENDED. Nothing is broken then.
   */
  fault(fault: TestFault): Promise<HeldFault>;
  /** For HTTPS of this process: every AWS host name of the world, and no other name, as seen from the location. */
  agent(standing?: Pick<Standing, 'location'>): Agent;
  /** @param region The one whose endpoint the client is to ask. */
  clientConfig(region: string, standing?: Standing): ClientConfig;
  /** For a program in any language, to be started with it as its whole environment. */
  environment(standing?: Standing): Record<string, string>;
  /** What was broken, what real requests saw of it, and when it healed; oldest first. */
  events(): readonly EventBody[];
}

const DEFAULT_REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1'] as const;
const USER = 'app';

/** @throws UsageError for a Region that is none; EnvironmentError when the machine lacks something. Nothing is left then. */
export async function startWorld(options: TestWorldOptions = {}): Promise<TestWorld> {
  const { regions = DEFAULT_REGIONS, network = 'embedded', era = DEFAULT_ERA, seed = 1 } = options;
  const { locations = regions } = options;
  const [home] = locations;
  if (home === undefined) {
    throw new UsageError('a world needs a Region, and a location to see it from', {
      code: 'RF-REGION-UNKNOWN',
      hint: "startWorld({ regions: ['eu-west-1', 'eu-central-1'] })",
    });
  }
  await using opened = new ClosingStack();
  const guardian = startGuardian();
  opened.defer(() => guardian.done());
  const world = opened.use(
    await openWorld({
      era,
      regions,
      locations,
      global: regions.includes('us-east-1'),
      network,
      seed,
      edges: locations.map((location) => ({ name: location, location })),
      controlPlane: true,
      onProcess: guardian.watch,
    }),
  );
  const files = opened.use(await privateProgramFiles(world.caPem));
  const described = upJson(world, files.ca);
  const events: EventBody[] = [];
  const faults = createHeldFaults({
    ...controlsOf(world, NO_CALLERS),
    prober: createProber(world, NO_CALLERS, USER),
    journal: (body) => void events.push(body),
    clock: monotonicUs,
    watch: guardian,
    view: {
      links: world.links,
      regions,
      accounts: world.accounts,
      groups: [],
      replicaDelayMsMax: eraNamed(era).replicaDelayMs.maximum,
      seed,
    },
  });
  opened.defer(() => faults.end());
  const agents = new Map<string, Agent>();
  opened.defer(() => {
    for (const agent of agents.values()) agent.destroy();
  });

  const standingAt = (location: string = home): string => {
    if (locations.includes(location)) return location;
    throw new UsageError(`this world has no location '${location}'`, {
      code: 'RF-LOCATION-UNKNOWN',
      hint: `it has ${locations.join(', ')}`,
    });
  };
  const agentAt = (location: string): Agent => {
    const links = world.links.filter((link) => link.location === location);
    const agent = agents.get(location) ?? createLinkAgent({ links, caPem: world.caPem });
    agents.set(location, agent);
    return agent;
  };
  const partitionOf = (region: string): PartitionName => {
    if (!regions.includes(region)) {
      throw new UsageError(`this world has no Region '${region}'`, {
        code: 'RF-REGION-UNKNOWN',
        hint: `it has ${regions.join(', ')}`,
      });
    }
    return partitionOfRegion(region)?.name ?? 'aws';
  };

  const closing = opened.move();
  return {
    regions,
    locations,
    accounts: described.accounts,
    endpoints: described.endpoints,
    caPem: world.caPem,
    fault: (fault) => faults.hold(fault),
    agent: ({ location } = {}) => agentAt(standingAt(location)),
    clientConfig: (region, { location, as = USER } = {}) => {
      const { accessKeyId, secretAccessKey } = world.credentials(partitionOf(region), as);
      return {
        region,
        credentials: { accessKeyId, secretAccessKey: secretAccessKey.reveal() },
        requestHandler: { httpsAgent: agentAt(standingAt(location)) },
      };
    },
    environment: ({ location, as = USER } = {}) => {
      const place = standingAt(location);
      const way = { by: 'proxy', edge: place } as const;
      const placed = { location: place, way, principal: as, files, inherited: process.env };
      return programEnvironment(described, placed);
    },
    events: () => [...events],
    [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose](),
  };
}

/** Faults of callers are refused before anything is ordered of them. */
const NO_CALLERS = {
  call: (): Promise<never> => Promise.reject(new Error('a world of a test has no callers of its own')),
};
