/**
 * Conducts one run from the first process to the last: opens the world, puts callers to work, walks the faults, and
 * closes everything again however it ends. Makes history and computes no figure.
 *
 *     guardian ─▶ world ─▶ callers ─▶ origin ═══ load + faults ═══▶ drained ─▶ closed ─▶ guardian dismissed
 */

import { join } from 'node:path';
import { type PartitionName, partitionOfRegion } from '../aws/partitions.ts';
import type { FaultWatch } from '../chaos/faults-in-force.ts';
import { startGuardian } from '../chaos/guardian-client.ts';
import { createInjector } from '../chaos/injector.ts';
import { timelineOf } from '../chaos/timeline.ts';
import { wait } from '../chaos/wait.ts';
import type { EventBody } from '../journal/event.ts';
import { RUN_FILES } from '../journal/run-folder.ts';
import type { EngineConfig, EngineReady } from '../load/process.ts';
import { ClosingStack } from '../process/closing-stack.ts';
import { ProcessError } from '../process/rpc.ts';
import type { Scenario } from '../scenario/schema.ts';
import { durationUs } from '../time/duration.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { openWorld, type Sabotage, type World, type WorldOptions } from '../world/local-world.ts';
import { CalledOff } from '../world/opening.ts';
import { performActs } from './acts.ts';
import { type Callers, startCallers } from './callers.ts';
import { watchClocks } from './clock-watch.ts';
import { controlsOf } from './controls.ts';
import type { EngineName } from './engines.ts';
import { openCallers } from './open-callers.ts';
import { createProber } from './prober.ts';
import { dialledEvents, environmentsOf, programEdges } from './program-groups.ts';
import type { RunLog } from './run-log.ts';
import { hostsOf, locationsOf, needsControlPlane, viewOf } from './scenario-world.ts';
import type { Stop } from './stop.ts';
import { watchStopConditions } from './stop-conditions.ts';
import { supervise } from './supervise.ts';
import { warmUp } from './warm-up.ts';

export interface ConductOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly folder: string;
  readonly network: WorldOptions['network'];
  readonly engine: EngineName;
  /** Of the machine, for the engine of that name. */
  readonly k6?: EngineConfig['k6'];
  readonly withoutFaults: boolean;
  readonly sabotage?: Sabotage;
  readonly log: RunLog;
  readonly stop: Stop;
}

/** Between the order to start and the zero, so that every process is ready for its first arrival. */
const LEAD_MS = 250;
/** k6 still has to hand the word on to each of its VUs. */
const LEAD_K6_MS = 1_000;
const PROBE_USER = 'app';

/** Resolves when everything that was started has ended. What went wrong under way stands in the journal. */
export async function conduct(options: ConductOptions): Promise<void> {
  const { log, stop } = options;
  await using open = new ClosingStack();
  const guardian = startGuardian();
  open.defer(() => guardian.done());
  guardian.folder(options.folder);
  const supervision = supervise(guardian, log, stop);
  const world = await openOrCallOff(options, supervision.started);
  if (world === undefined) return;
  open.use(world);
  supervision.hear(world.network);
  const callers = open.use(
    startCallers({
      engine: options.engine,
      env: options.sabotage?.childEnvironment,
      onProcess: supervision.started,
    }),
  );
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

/** Undefined when the run was stopped before there was a world; the journal knows by whom. */
async function openOrCallOff(
  options: ConductOptions,
  onProcess: NonNullable<WorldOptions['onProcess']>,
): Promise<World | undefined> {
  try {
    return await openWorld({ ...worldOptions(options), onProcess, signal: options.stop.signal });
  } catch (error) {
    if (error instanceof CalledOff) return undefined;
    throw error;
  }
}

async function perform(
  options: ConductOptions,
  world: World,
  callers: Callers,
  watch: FaultWatch,
): Promise<void> {
  const { log, stop } = options;
  const { scenario } = options;
  await using programs = await environmentsOf(world, scenario);
  const ready = await openCallers(callers, world, { ...options, environments: programs.of });
  for (const text of await warmUp(world, PROBE_USER, stop.signal))
    log.write({ kind: 'note', level: 'warning', text });
  log.write({
    kind: 'world.ready',
    era: world.era,
    regions: world.regions,
    links: world.links.map(({ port: _, ...link }) => link),
    accounts: world.accounts.map(({ id, partition }) => ({ id, partition })),
    networkLimits: world.networkLimits,
    ...(world.calibration === undefined ? {} : { calibration: world.calibration }),
  });
  const leadMs = options.engine === 'k6' ? LEAD_K6_MS : LEAD_MS;
  const originUs = monotonicUs() + leadMs * 1_000;
  await world.service.call('beginLog', { path: join(options.folder, RUN_FILES.service), originUs });
  using _clocks = watchClocks(log, stop, originUs);
  if (stop.signal.aborted) await callers.close();
  else await act(options, { world, callers, ready, originUs, leadMs, watch });
}

interface Stage {
  readonly world: World;
  readonly callers: Callers;
  readonly ready: EngineReady;
  readonly originUs: number;
  readonly leadMs: number;
  readonly watch: FaultWatch;
}

/** Load and faults side by side on one clock. A failure of either ends both. */
async function act(
  options: ConductOptions,
  { world, callers, ready, originUs, leadMs, watch }: Stage,
): Promise<void> {
  const { scenario, log, stop } = options;
  const loadUs = durationUs(scenario.load.duration);
  if (ready.clients.length > 0) log.write({ kind: 'callers.described', clients: ready.clients });
  if (ready.floor !== undefined) log.write(ready.floor);
  log.write({
    kind: 'load.started',
    originUs,
    durationUs: loadUs,
    planned: ready.planned,
    callers: ready.callers,
  });
  const conditions = watchStopConditions({ conditions: scenario.stop, links: world.links, loadUs });
  const tell = (body: EventBody): boolean => {
    const written = log.write(body);
    const breach = conditions.hear(body, monotonicUs() - originUs);
    if (breach !== undefined) stop.now('stop-condition', breach);
    return written;
  };
  const injector = createInjector({
    ...controlsOf(world, callers.child, options.sabotage?.toothless),
    prober: createProber(world, callers.child, PROBE_USER),
    journal: (body) => {
      // What nobody wrote down must not be done: nobody could heal it.
      if (!tell(body)) throw log.failed.reason;
    },
    clock: monotonicUs,
    watch,
  });
  const faults = options.withoutFaults ? [] : scenario.faults;
  const view = viewOf(scenario, options.seed, world);
  const walking = injector
    .run(timelineOf(faults, loadUs, view), originUs, stop.signal)
    .catch((error: Error) => stop.now('failure', `a fault could not be carried out: ${error.message}`));
  const loading = callers
    .run({
      originUs,
      leadMs,
      onProgress: (progress) => void tell(progress),
      signal: stop.signal,
    })
    .then(async ({ load, generator, words }) => {
      log.write(load);
      if (generator !== undefined) log.write(generator);
      if (generator !== undefined && Math.abs(generator.clockDriftUs) > generator.clockDriftUsMost) {
        const ms = (generator.clockDriftUs / 1_000).toFixed(1);
        const text = `the clock of ${generator.engine} and that of the run moved apart by ${ms} ms in the course of the load`;
        log.write({ kind: 'note', level: 'warning', text });
      }
      for (const { group, errorCode, text } of words)
        log.write({ kind: 'note', level: 'info', text: `${group}, ${errorCode}: ${text}` });
      for (const dialled of await dialledEvents(world, scenario)) log.write(dialled);
    })
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
    edges: programEdges(scenario),
    controlPlane: needsControlPlane(scenario),
    ...(sabotage === undefined ? {} : { sabotage }),
  };
}

function partitionNameOf(region: string): PartitionName {
  const partition = partitionOfRegion(region);
  if (partition === undefined) throw new Error(`no Region is called '${region}'`);
  return partition.name;
}
