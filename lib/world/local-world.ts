/**
 * Assembles a world on this machine: the service and the network as processes of their own, certificates and keys
 * made for it, links from every caller location to every endpoint. Closing it ends everything it started.
 */

import { randomBytes } from 'node:crypto';
import { controlPlaneHost } from '../aws/control-plane-endpoints.ts';
import type { Credentials } from '../aws/credentials.ts';
import { Secret } from '../aws/credentials.ts';
import { endpointOfHost } from '../aws/endpoints.ts';
import { DEFAULT_ERA, type EraName, era as eraNamed } from '../aws/eras.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { IAM, type QueryService, STS } from '../aws/sts-request.ts';
import { EnvironmentError, UsageError } from '../errors/regionfall-error.ts';
import { type AccountConfig, defaultAccounts } from '../identity/world-accounts.ts';
import type { NetworkConfig, NetworkReady } from '../network/network-config.ts';
import { killMarked, markOf, type ProcessMark } from '../process/process-identity.ts';
import { type Child, type ProcessError, startChild } from '../process/rpc.ts';
import { type ServiceFacts, serviceFactsOf } from '../scenario/service-facts.ts';
import { type AccountsSpec, type ServiceSpec, serviceSpecSchema } from '../scenario/service-spec.ts';
import type { ServiceConfig, ServiceReady } from '../service/service-config.ts';
import { requireTool } from '../tools/require-tool.ts';
import { VERSION } from '../version.ts';
import { createAuthority } from './certificates.ts';
import { type CallOutcome, callQuery, type ProbeOperation } from './prober.ts';
import { settingsOf, settledAccounts } from './service-options.ts';
import { type TopologyLink, topologyOf } from './topology.ts';
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
  /** Opens a CONNECT proxy per location, for programs that know nothing of us. */
  readonly edges: boolean;
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
  readonly sabotage?: Sabotage;
}

/** Test-only: ways to break the product on purpose, so that every check of it can be seen to fail. */
export interface Sabotage {
  /** Pairs of partitions that share one token key: the wall between them is known to be open. */
  readonly sharedSealKeys?: readonly (readonly [PartitionName, PartitionName])[];
  /** Links confirm every order and carry out none: no network fault can bite. */
  readonly deafLinks?: boolean;
}

export interface WorldLink extends TopologyLink {
  /** On 127.0.0.1. */
  readonly port: number;
}

export interface World {
  readonly era: EraName;
  /** What the service was told to be. */
  readonly serviceFacts: ServiceFacts;
  readonly regions: readonly string[];
  readonly links: readonly WorldLink[];
  readonly accounts: readonly AccountConfig[];
  readonly caPem: string;
  readonly admin: { readonly url: string; readonly token: string };
  /** Port of the CONNECT proxy per location; empty without edges. */
  readonly edges: Readonly<Record<string, number>>;
  readonly networkLimits: readonly string[];
  readonly service: Child;
  readonly network: Child;
  /** To any host name of the world, the control plane's included. */
  link(location: string, host: string): WorldLink;
  /** To IAM of the partition, by its ordinary name. @throws when the world was opened without its control plane. */
  controlPlaneLink(location: string, partition: PartitionName): WorldLink;
  /** Long-term keys of a user of the partition's account. */
  credentials(partition: PartitionName, user: string): Credentials;
  /** One call as `user` over a link; never rejects. */
  call(options: CallOptions): Promise<CallOutcome>;
  /** One call of IAM, the emulator's own actions included, as `user` over a link to it; never rejects. */
  callControlPlane(options: ControlPlaneCallOptions): Promise<CallOutcome>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface CallOptions {
  readonly link: WorldLink;
  readonly operation: ProbeOperation;
  readonly user: string;
  readonly timeLimitMs: number;
}

export interface ControlPlaneCallOptions {
  readonly link: WorldLink;
  readonly user: string;
  /** `RegionfallSetStsRegionStatus`. */
  readonly action: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly timeLimitMs: number;
}

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
  const authority = await createAuthority(Date.now());
  const certificates = await Promise.all(
    topology.endpoints.map((endpoint) => authority.issue(endpoint.host)),
  );
  const adminToken = randomBytes(32).toString('base64url');
  const toxiproxyPath = options.network === 'toxiproxy' ? (await requireTool('toxiproxy')).path : undefined;

  await using opened = new AsyncDisposableStack();
  // What the network started outlives it when it is killed: ended last, when the network has had its chance.
  const grandchildren: ProcessMark[] = [];
  opened.defer(() => grandchildren.forEach(killMarked));
  const adopt = ({ pid }: { readonly pid: number }): void => {
    const mark = markOf(pid);
    if (mark !== undefined) grandchildren.push(mark);
  };
  const begin = (name: string, entry: URL): Child => {
    const child = opened.use(startChild({ name, entry }));
    options.onProcess?.({ name, pid: child.pid });
    return child;
  };
  const service = begin('service', new URL('../service/process.ts', import.meta.url));
  const network = begin('network', new URL('../network/process.ts', import.meta.url));
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
  );
  const networkReady = await opening(
    network.call<NetworkReady>(
      'open',
      {
        kind: options.network,
        ...(toxiproxyPath === undefined ? {} : { toxiproxyPath }),
        links: topology.links.map((link) => ({
          id: link.id,
          location: link.location,
          host: link.host,
          upstreamPort: listenerOf(link, serviceReady),
          roundTripMs: link.roundTripMs,
        })),
        edgeLocations: options.edges ? [...options.locations] : [],
        seed: options.seed,
      } satisfies NetworkConfig,
      60_000,
    ),
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

  const credentials = (partition: PartitionName, user: string): Credentials => {
    const account = found(
      accounts.find((candidate) => candidate.partition === partition),
      `an account in ${partition}`,
    );
    const principal = account.users.find((candidate) => candidate.name === user);
    if (principal === undefined) {
      throw new UsageError(`account ${account.id} has no user '${user}'`, {
        code: 'RF-PRINCIPAL-UNKNOWN',
        hint: `it has ${account.users.map((candidate) => candidate.name).join(', ')}`,
      });
    }
    return { accessKeyId: principal.accessKeyId, secretAccessKey: new Secret(principal.secretAccessKey) };
  };

  const linkTo = (location: string, host: string): WorldLink =>
    found(
      links.find((link) => link.location === location && link.host === host),
      `a link from ${location} to ${host}`,
    );
  const callAs = (service: QueryService, call: ControlPlaneCallOptions): Promise<CallOutcome> => {
    const { link, user, action, parameters = {}, timeLimitMs } = call;
    return callQuery({
      service,
      host: link.host,
      port: link.port,
      // The global name of STS is signed for one Region and served in another.
      signingRegion: endpointOfHost(link.host)?.signingRegion ?? link.servingRegion,
      operation: action,
      parameters,
      credentials: credentials(link.partition, user),
      caPem: authority.caPem,
      userAgent: `regionfall/${VERSION} probe`,
      timeLimitMs,
    });
  };

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
    service,
    network,
    credentials,
    link: linkTo,
    controlPlaneLink: (location, partition) => linkTo(location, controlPlaneHost('iam', partition)),
    call: ({ operation, ...call }) => {
      const account = accounts.find((candidate) => candidate.partition === call.link.partition);
      return callAs(STS, { ...call, action: operation, parameters: parametersOf(operation, account) });
    },
    callControlPlane: (call) => callAs(IAM, call),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** What a probe or a caller sends along: the role that every account of a world has. */
function parametersOf(operation: ProbeOperation, account: AccountConfig | undefined): Record<string, string> {
  if (operation === 'AssumeRole') {
    return {
      RoleArn: account?.roles[0]?.arn ?? '',
      RoleSessionName: 'regionfall-probe',
      DurationSeconds: '900',
    };
  }
  return operation === 'GetSessionToken' ? { DurationSeconds: '3600' } : {};
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

/** An error while a world opens is the machine's: a port, a missing part, a child that ended. */
async function opening<Value>(attempt: Promise<Value>): Promise<Value> {
  try {
    return await attempt;
  } catch (cause) {
    const { message, code, hint } = cause as ProcessError;
    throw new EnvironmentError(`the world did not open: ${message}`, {
      code: code?.startsWith('RF-') ? (code as `RF-${string}`) : 'RF-WORLD-NOT-OPEN',
      hint: hint ?? 'regionfall doctor',
      cause,
    });
  }
}

function listenerOf({ service, servingRegion, id }: TopologyLink, ready: ServiceReady): number {
  const ports = service === 'sts' ? ready.ports : ready.controlPlanePorts;
  return found(ports[servingRegion], `a listener in ${servingRegion} for ${id}`);
}

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`the world lacks ${what}`);
  return value;
}
