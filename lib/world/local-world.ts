/**
 * Assembles a world on this machine: the service and the network as processes of their own, certificates and keys
 * made for it, links from every caller location to every endpoint. Closing it ends everything it started.
 */

import { randomBytes } from 'node:crypto';
import { controlPlaneHost } from '../aws/control-plane-endpoints.ts';
import { DEFAULT_ERA, type EraName, era as eraNamed } from '../aws/eras.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { type AccountConfig, defaultAccounts } from '../identity/world-accounts.ts';
import type { Calibration } from '../journal/event.ts';
import type { EdgeConfig, NetworkConfig, NetworkReady } from '../network/network-config.ts';
import { ClosingStack } from '../process/closing-stack.ts';
import { entryUrl } from '../process/entry.ts';
import { joinChild } from '../process/hosting.ts';
import { killMarked, markOf, type ProcessMark } from '../process/process-identity.ts';
import { type Child, startChild } from '../process/rpc.ts';
import { type ServiceFacts, serviceFactsOf } from '../scenario/service-facts.ts';
import { type AccountsSpec, type ServiceSpec, serviceSpecSchema } from '../scenario/service-spec.ts';
import type { ServiceConfig, ServiceReady } from '../service/service-config.ts';
import { requireTool } from '../tools/require-tool.ts';
import { givenToxiproxyUrl } from '../tools/toxiproxy-url.ts';
import { type CertificateTrouble, createAuthority, type HostCertificate } from './certificates.ts';
import { opening } from './opening.ts';
import { givenServiceSocket, SERVICE_ENTRY } from './service-entry.ts';
import { settingsOf, settledAccounts } from './service-options.ts';
import { type TopologyLink, topologyOf, type WorldLink } from './topology.ts';
import { type WorldCalls, worldCalls } from './world-calls.ts';
import { partitionsOf } from './world-regions.ts';

export interface WorldOptions {
  /** The default era without it. */
  readonly era?: EraName;
  readonly regions: readonly string[];
  readonly global: boolean;
  readonly locations: readonly string[];
  /** Only these endpoints; all STS names of the Regions without it. */
  readonly hosts?: readonly string[];
  readonly network: 'embedded' | 'toxiproxy';
  readonly seed: number;
  /** CONNECT proxies to open, for programs that know nothing of us. */
  readonly edges: readonly EdgeConfig[];
  /** Told of each process before it is asked to do anything. */
  readonly onProcess?: (process: { readonly name: string; readonly pid: number }) => void;
  /** Port of the admin API on 127.0.0.1; a free one without it. */
  readonly adminPort?: number;
  /** What the Regions bear; without it the usual quotas, and answers as fast as they come. */
  readonly service?: ServiceSpec;
  /** Quotas and pace hold only from the begin of the service's log: a run warms up before. */
  readonly settingsFromLog?: boolean;
  /** How the accounts stand at the start. */
  readonly accounts?: AccountsSpec;
  /** IAM, Account Management and token issuers under their names, with links to them; none without it. */
  readonly controlPlane?: boolean;
  /** Ends the opening at once; see {@link openWorld}. */
  readonly signal?: AbortSignal;
  readonly sabotage?: Sabotage;
}

/** Test-only: ways to break the product on purpose, so that every check of it can be seen to fail. */
export interface Sabotage {
  /** Pairs of partitions that share one token key: the wall between them is known to be open. */
  readonly sharedSealKeys?: readonly (readonly [PartitionName, PartitionName])[];
  /** Network, service and callers confirm every order and carry out none: no fault can bite. */
  readonly toothless?: true;
  /** Set in every process that is started: a test may want to bend the clock that they see. */
  readonly childEnvironment?: Readonly<Record<string, string>>;
}

export interface World extends WorldCalls {
  readonly era: EraName;
  /** What the service was told to be. */
  readonly serviceFacts: ServiceFacts;
  readonly regions: readonly string[];
  readonly links: readonly WorldLink[];
  readonly accounts: readonly AccountConfig[];
  readonly caPem: string;
  readonly admin: { readonly url: string; readonly token: string };
  /** Port of each CONNECT proxy, by its name. */
  readonly edges: Readonly<Record<string, number>>;
  readonly networkLimits: readonly string[];
  /** Undefined where the network needs none. */
  readonly calibration: Calibration | undefined;
  readonly service: Child;
  readonly network: Child;
  /** To any host name of the world, the control plane's included. */
  link(location: string, host: string): WorldLink;
  /** To IAM of the partition, by its ordinary name. @throws when the world was opened without its control plane. */
  controlPlaneLink(location: string, partition: PartitionName): WorldLink;
  /** Certificates for these names that a client must refuse, for the service to show. */
  troubledCertificates(
    hosts: readonly string[],
    trouble: CertificateTrouble,
  ): Promise<readonly HostCertificate[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

const NETWORK_ENTRY = entryUrl('../network/process.ts', import.meta.url);

/** Taking our proxies off a Toxiproxy that was given to us is one call for each. */
const CLOSE_DEADLINE_MS = 3_000;

/**
 * @throws EnvironmentError when the machine lacks something; CalledOff when the signal came first. Nothing is left then.
 */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { era = DEFAULT_ERA, regions, service: spec = serviceSpecSchema.parse({}) } = options;
  const partitions = partitionsOf(regions, era);
  const accounts = settledAccounts(defaultAccounts(partitions, options.seed), options.accounts);
  const { controlPlane = false } = options;
  const topology = topologyOf({
    ...options,
    era: eraNamed(era),
    ...(controlPlane ? { controlPlaneOf: accounts } : {}),
  });
  const serviceFacts = serviceFactsOf({ era, regions, service: spec }, options.seed);
  const { signal } = options;
  const authority = await createAuthority(Date.now());
  const certificates = await opening(
    Promise.all(topology.endpoints.map((endpoint) => authority.issue(endpoint.host))),
    signal,
  );
  const adminToken = randomBytes(32).toString('base64url');
  const toxiproxy = options.network === 'toxiproxy' ? await opening(findToxiproxy(), signal) : {};

  await using opened = new ClosingStack();
  // What the network started outlives it when it is killed: ended last, when the network has had its chance.
  const grandchildren: ProcessMark[] = [];
  opened.defer(() => grandchildren.forEach(killMarked));
  const adopt = ({ pid }: { readonly pid: number }): void => {
    const mark = markOf(pid);
    if (mark !== undefined) grandchildren.push(mark);
  };
  const env = options.sabotage?.childEnvironment ?? {};
  const serviceSocket = givenServiceSocket();
  const begin = async (name: string, child: Child | Promise<Child>): Promise<Child> => {
    // One that comes when nobody wants it any more is let go all the same.
    opened.defer(async () => (await Promise.resolve(child).catch(() => undefined))?.[Symbol.asyncDispose]());
    const begun = await opening(Promise.resolve(child), signal);
    options.onProcess?.({ name, pid: begun.pid });
    return begun;
  };
  const service = await begin(
    'service',
    serviceSocket === undefined
      ? startChild({ name: 'service', entry: SERVICE_ENTRY, env })
      : joinChild({ name: 'service', socketPath: serviceSocket, env }),
  );
  const network = await begin('network', startChild({ name: 'network', entry: NETWORK_ENTRY, env }));
  // One that cannot any more, or has ended, is ended all the same.
  opened.defer(() => network.call<void>('close', undefined, CLOSE_DEADLINE_MS).catch(() => {}));
  const serviceReady = await opening(
    service.call<ServiceReady>('open', {
      era,
      regions: [...regions],
      accounts,
      seed: options.seed,
      ...settingsOf(serviceFacts, spec),
      settingsFromLog: options.settingsFromLog ?? false,
      certificates,
      sealKeys: sealKeysOf(partitions, options.sabotage?.sharedSealKeys ?? []),
      adminToken,
      controlPlane,
      ...(options.adminPort === undefined ? {} : { adminPort: options.adminPort }),
    } satisfies ServiceConfig),
    signal,
  );
  const networkReady = await opening(
    network.call<NetworkReady>(
      'open',
      {
        kind: options.network,
        ...toxiproxy,
        links: topology.links.map((link) => ({
          id: link.id,
          location: link.location,
          host: link.host,
          upstreamPort: listenerOf(link, serviceReady),
          roundTripMs: link.roundTripMs,
        })),
        edges: options.edges,
        seed: options.seed,
      } satisfies NetworkConfig,
      60_000,
    ),
    signal,
  );
  network.onNews('replaced', adopt);
  for (const process of networkReady.pids) {
    adopt(process);
    options.onProcess?.(process);
  }
  const ports = new Map(networkReady.links.map((link) => [link.id, link.port]));
  const links: readonly WorldLink[] = topology.links.map((link) => ({
    ...link,
    port: found(ports.get(link.id), `a port for ${link.id}`),
  }));

  const linkTo = (location: string, host: string): WorldLink =>
    found(
      links.find((link) => link.location === location && link.host === host),
      `a link from ${location} to ${host}`,
    );
  const closing = opened.move();
  return {
    era,
    serviceFacts,
    regions,
    links,
    accounts,
    caPem: authority.caPem,
    admin: { url: serviceReady.admin, token: adminToken },
    edges: networkReady.edges,
    networkLimits: networkReady.limits,
    calibration: networkReady.calibration ?? undefined,
    service,
    network,
    troubledCertificates: (hosts, trouble) =>
      Promise.all(hosts.map((host) => authority.issueTroubled(host, trouble))),
    link: linkTo,
    controlPlaneLink: (location, partition) => linkTo(location, controlPlaneHost('iam', partition)),
    ...worldCalls(accounts, authority.caPem),
    [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose](),
  };
}

/** One that somebody gave, or else the program to start one of our own. */
async function findToxiproxy(): Promise<Pick<NetworkConfig, 'toxiproxyPath' | 'toxiproxyUrl'>> {
  const toxiproxyUrl = givenToxiproxyUrl();
  return toxiproxyUrl === undefined
    ? { toxiproxyPath: (await requireTool('toxiproxy')).path }
    : { toxiproxyUrl };
}

function sealKeysOf(
  partitions: readonly PartitionName[],
  shared: readonly (readonly [PartitionName, PartitionName])[],
): Record<string, string> {
  const keys: Record<string, string> = {};
  for (const name of partitions) keys[name] = randomBytes(32).toString('hex');
  for (const [one, other] of shared) keys[other] = keys[one] ?? '';
  return keys;
}

function listenerOf({ service, servingRegion, id }: TopologyLink, ready: ServiceReady): number {
  const ports = service === 'sts' ? ready.ports : ready.controlPlanePorts;
  return found(ports[servingRegion], `a listener in ${servingRegion} for ${id}`);
}

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`the world lacks ${what}`);
  return value;
}
