/**
 * Conducts one run from the first process to the last: opens the world, puts callers to work, walks the faults, and
 * closes everything again however it ends. Makes history and computes no figure.
 *
 *     guardian ─▶ world ─▶ callers ─▶ origin ═══ load + faults ═══▶ drained ─▶ closed ─▶ guardian dismissed
 */

import { join } from 'node:path';
import { type PartitionName, partitionOfRegion } from '../aws/partitions.ts';
import { startGuardian } from '../chaos/guardian-client.ts';
import { createInjector, type FaultWatch } from '../chaos/injector.ts';
import { timelineOf } from '../chaos/timeline.ts';
import { wait } from '../chaos/wait.ts';
import { stsLinks } from '../journal/event.ts';
import { RUN_FILES } from '../journal/run-folder.ts';
import type { EngineReady } from '../load/process.ts';
import { ProcessError } from '../process/rpc.ts';
import type { Scenario } from '../scenario/schema.ts';
import { durationUs } from '../time/duration.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { openWorld, type Sabotage, type World, type WorldOptions } from '../world/local-world.ts';
import { performActs } from './acts.ts';
import { type Callers, startCallers } from './callers.ts';
import { controlsOf } from './controls.ts';
import { type PlainCredentials, resolveGroup } from './resolve-group.ts';
import type { RunLog } from './run-log.ts';
import { hostsOf, locationsOf, needsControlPlane } from './scenario-world.ts';
import type { Stop } from './stop.ts';
import { supervise } from './supervise.ts';
import { warmUp } from './warm-up.ts';

export interface ConductOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly folder: string;
  readonly network: WorldOptions['network'];
  readonly withoutFaults: boolean;
  readonly sabotage?: Sabotage;
  readonly log: RunLog;
  readonly stop: Stop;
}

/** Between the order to start and the zero, so that every process is ready for its first arrival. */
const LEAD_MS = 250;
const DRAIN_DEFAULT = '3s';
/** Arrivals under way at once; a caller without a time limit piles them up while its endpoint is silent. */
const MAX_IN_FLIGHT = 20_000;
const PROBE_USER = 'app';

/** Resolves when everything that was started has ended. What went wrong under way stands in the journal. */
export async function conduct(options: ConductOptions): Promise<void> {
  const { log, stop } = options;
  await using open = new AsyncDisposableStack();
  const guardian = startGuardian();
  open.defer(() => guardian.done());
  guardian.folder(options.folder);
  const supervision = supervise(guardian, log, stop);
  const world = open.use(await openWorld({ ...worldOptions(options), onProcess: supervision.started }));
  supervision.hear(world.network);
  const callers = open.use(startCallers());
  supervision.started(callers.child);
  supervision.watch([world.service, world.network, callers.child]);
  supervision.pulse(world.service);
  supervision.pulse(world.network);
  open.defer(async () => supervision.over());
  try {
    await perform(options, world, callers, guardian);
  } catch (error) {
    // A part of ours that ended or fell silent outside the load: told like one that did so under it.
    if (!(error instanceof ProcessError)) throw error;
    stop.now('failure', error.message);
  }
  supervision.over();
  await world.service.call('endLog', undefined).catch((error: Error) => {
    log.write({ kind: 'note', level: 'warning', text: `the service's own log is cut: ${error.message}` });
  });
}

async function perform(
  options: ConductOptions,
  world: World,
  callers: Callers,
  watch: FaultWatch,
): Promise<void> {
  const { log, stop } = options;
  const ready = await openCallers(callers, world, options);
  for (const text of await warmUp(world, PROBE_USER, stop.signal))
    log.write({ kind: 'note', level: 'warning', text });
  log.write({
    kind: 'world.ready',
    era: world.era,
    regions: world.regions,
    links: world.links.map(({ port: _, ...link }) => link),
    accounts: world.accounts.map(({ id, partition }) => ({ id, partition })),
    networkLimits: world.networkLimits,
  });
  const originUs = monotonicUs() + LEAD_MS * 1_000;
  await world.service.call('beginLog', { path: join(options.folder, RUN_FILES.service), originUs });
  if (stop.signal.aborted) await callers.close();
  else await act(options, { world, callers, ready, originUs, watch });
}

async function openCallers(callers: Callers, world: World, options: ConductOptions): Promise<EngineReady> {
  const { load } = options.scenario;
  const groups = await Promise.all(
    load.groups.map(async (group) => resolveGroup(group, world, await sessionOf(group, world))),
  );
  return callers.open({
    seed: options.seed,
    durationUs: durationUs(load.duration),
    drainUs: durationUs(load.drain ?? DRAIN_DEFAULT),
    groups,
    caPem: world.caPem,
    samplesPath: join(options.folder, RUN_FILES.samples),
    maxInFlight: MAX_IN_FLIGHT,
  });
}

interface Stage {
  readonly world: World;
  readonly callers: Callers;
  readonly ready: EngineReady;
  readonly originUs: number;
  readonly watch: FaultWatch;
}

/** Load and faults side by side on one clock. A failure of either ends both. */
async function act(
  options: ConductOptions,
  { world, callers, ready, originUs, watch }: Stage,
): Promise<void> {
  const { scenario, log, stop } = options;
  const loadUs = durationUs(scenario.load.duration);
  log.write({
    kind: 'load.started',
    originUs,
    durationUs: loadUs,
    planned: ready.planned,
    callers: ready.callers,
  });
  const injector = createInjector({
    ...controlsOf(world, PROBE_USER, options.sabotage?.deafLinks),
    journal: (body) => {
      // What nobody wrote down must not be done: nobody could heal it.
      if (!log.write(body)) throw log.failed.reason;
    },
    clock: monotonicUs,
    seed: options.seed,
    watch,
  });
  const faults = options.withoutFaults ? [] : scenario.faults;
  const view = { links: world.links, regions: world.regions, accounts: world.accounts };
  const walking = injector
    .run(timelineOf(faults, loadUs, view), originUs, stop.signal)
    .catch((error: Error) => stop.now('failure', `a fault could not be carried out: ${error.message}`));
  const loading = callers
    .run({
      originUs,
      leadMs: LEAD_MS,
      onProgress: (progress) => void log.write(progress),
      signal: stop.signal,
    })
    .then((ended) => void log.write(ended))
    .catch((error: Error) => {
      stop.now('failure', error.message);
      callers.child.kill();
    });
  const acting = performActs(
    scenario.acts,
    {
      call: ({ region, location = locationsOf(scenario)[0] ?? '', as }, order) =>
        world.callControlPlane({
          link: world.controlPlaneLink(location, partitionNameOf(region)),
          user: as,
          ...order,
        }),
      wait,
      clock: monotonicUs,
      originUs,
      journal: (body) => void log.write(body),
    },
    stop.signal,
  ).catch((error: Error) => stop.now('failure', `an act could not be carried out: ${error.message}`));
  await Promise.all([walking, loading, acting]);
}

function worldOptions({ scenario, seed, network, sabotage }: ConductOptions): WorldOptions {
  return {
    era: scenario.era,
    regions: scenario.regions,
    global: scenario.global,
    accounts: scenario.accounts,
    service: scenario.service,
    settingsFromLog: true,
    locations: locationsOf(scenario),
    hosts: hostsOf(scenario),
    network,
    seed,
    edges: false,
    controlPlane: needsControlPlane(scenario),
    ...(sabotage === undefined ? {} : { sabotage }),
  };
}

function partitionNameOf(region: string): PartitionName {
  const partition = partitionOfRegion(region);
  if (partition === undefined) throw new Error(`no Region is called '${region}'`);
  return partition.name;
}

/** A session of the group's own partition, for groups that present temporary credentials. */
async function sessionOf(
  group: Scenario['load']['groups'][number],
  world: World,
): Promise<PlainCredentials | undefined> {
  if (group.credential !== 'session') return undefined;
  const link = stsLinks(world.links).find((candidate) => candidate.partition === group.partition);
  if (link === undefined) {
    throw new Error(
      `group '${group.name}' holds credentials of ${group.partition}, which has no endpoint here`,
    );
  }
  const { answer, errorCode } = await world.call({
    link,
    operation: 'GetSessionToken',
    user: group.principal,
    timeLimitMs: 5_000,
  });
  if (answer?.credentials === undefined) {
    throw new ProcessError('service', `no session for group '${group.name}' from ${link.host}: ${errorCode}`);
  }
  const { accessKeyId, secretAccessKey, sessionToken } = answer.credentials;
  return { accessKeyId, secretAccessKey, sessionToken };
}
