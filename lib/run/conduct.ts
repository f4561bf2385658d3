/**
 * Conducts one run from the first process to the last: opens the world, puts callers to work, walks the faults, and
 * closes everything again however it ends. Makes history and computes no figure.
 *
 *     guardian ─▶ world ─▶ callers ─▶ origin ═══ load + faults ═══▶ drained ─▶ closed ─▶ guardian dismissed
 */

import { join } from 'node:path';
import { type Guardian, startGuardian } from '../chaos/guardian-client.ts';
import { createInjector } from '../chaos/injector.ts';
import { timelineOf } from '../chaos/timeline.ts';
import { RUN_FILES } from '../journal/run-folder.ts';
import type { Child } from '../process/rpc.ts';
import type { Scenario } from '../scenario/schema.ts';
import { durationUs } from '../time/duration.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { openWorld, type Sabotage, type World, type WorldOptions } from '../world/local-world.ts';
import { startCallers } from './callers.ts';
import { controlsOf } from './controls.ts';
import { type PlainCredentials, resolveGroup } from './resolve-group.ts';
import type { RunLog } from './run-log.ts';
import { hostsOf, locationsOf } from './scenario-world.ts';
import type { Stop } from './stop.ts';

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

/** @returns Rows of `service.arrows`. */
export async function conduct(options: ConductOptions): Promise<{ readonly serviceRows: number }> {
  const { scenario, log, stop } = options;
  await using open = new AsyncDisposableStack();
  const guardian = startGuardian();
  guardian.folder(options.folder);
  open.defer(() => guardian.done());
  const watch = watcher(log, guardian);
  const world = open.use(await openWorld({ ...worldOptions(options), onProcess: watch.started }));
  const callers = open.use(startCallers());
  watch.started(callers.child);
  const ending = open.use(endWatch([world.service, world.network, callers.child], log, stop));

  const groups = await Promise.all(
    scenario.load.groups.map(async (group) => resolveGroup(group, world, await sessionOf(group, world))),
  );
  const loadUs = durationUs(scenario.load.duration);
  const ready = await callers.open({
    seed: options.seed,
    durationUs: loadUs,
    drainUs: durationUs(scenario.load.drain ?? DRAIN_DEFAULT),
    groups,
    caPem: world.caPem,
    samplesPath: join(options.folder, RUN_FILES.samples),
    maxInFlight: MAX_IN_FLIGHT,
  });
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
  log.write({
    kind: 'load.started',
    originUs,
    durationUs: loadUs,
    planned: ready.planned,
    callers: ready.callers,
  });
  const stopLoad = (): void => {
    callers.stop('the run is stopped').catch((error: Error) => {
      log.write({ kind: 'note', level: 'warning', text: error.message });
      callers.child.kill();
    });
  };
  stop.signal.addEventListener('abort', stopLoad, { once: true });
  const injector = createInjector({
    ...controlsOf(world, PROBE_USER, options.sabotage?.deafLinks),
    journal: (body) => void log.write(body),
    clock: monotonicUs,
    seed: options.seed,
    watch: guardian,
  });
  const faults = options.withoutFaults ? [] : scenario.faults;
  const view = { links: world.links, regions: world.regions, accounts: world.accounts };
  const walking = injector
    .run(timelineOf(faults, loadUs, view), originUs, stop.signal)
    .catch((error: Error) => stop.now('failure', `a fault could not be carried out: ${error.message}`));
  const loading = callers
    .run(originUs, LEAD_MS, (progress) => void log.write(progress))
    .then(({ rows: _, ...ended }) => void log.write(ended))
    .catch((error: Error) => {
      stop.now('failure', error.message);
      callers.child.kill();
    });
  await Promise.all([walking, loading]);

  ending.expected();
  const serviceRows = await world.service
    .call<{ rows: number }>('endLog', undefined)
    .then(({ rows }) => rows)
    .catch((error: Error) => {
      log.write({ kind: 'note', level: 'warning', text: `the service's own log is cut: ${error.message}` });
      return 0;
    });
  return { serviceRows };
}

function worldOptions({ scenario, seed, network, sabotage }: ConductOptions): WorldOptions {
  return {
    regions: scenario.regions,
    global: scenario.global,
    locations: locationsOf(scenario),
    hosts: hostsOf(scenario),
    network,
    seed,
    edges: false,
    ...(sabotage === undefined ? {} : { sabotage }),
  };
}

/** A session of the group's own partition, for groups that present temporary credentials. */
async function sessionOf(
  group: Scenario['load']['groups'][number],
  world: World,
): Promise<PlainCredentials | undefined> {
  if (group.credential !== 'session') return undefined;
  const link = world.links.find((candidate) => candidate.partition === group.partition);
  if (link === undefined)
    throw new Error(
      `group '${group.name}' holds credentials of ${group.partition}, which has no endpoint here`,
    );
  const { answer, errorCode } = await world.call({
    link,
    operation: 'GetSessionToken',
    user: group.principal,
    timeLimitMs: 5_000,
  });
  if (answer?.credentials === undefined) {
    throw new Error(`no session for group '${group.name}' from ${link.host}: ${errorCode}`);
  }
  const { accessKeyId, secretAccessKey, sessionToken } = answer.credentials;
  return { accessKeyId, secretAccessKey, sessionToken };
}

interface Watcher {
  started(process: { readonly name: string; readonly pid: number }): void;
}

/** The guardian knows of a process before the process can do anything. */
function watcher(log: RunLog, guardian: Guardian): Watcher {
  return {
    started: ({ name, pid }) => {
      guardian.watch({ name, pid });
      log.write({ kind: 'process.started', name, pid });
    },
  };
}

/** A process of ours that ends before it should is our failure, and never counted against STS. */
function endWatch(children: readonly Child[], log: RunLog, stop: Stop): Disposable & { expected(): void } {
  let expected = false;
  let logged = true;
  for (const child of children) {
    void child.exited.then(({ code, signal }) => {
      if (!logged) return;
      log.write({ kind: 'process.exited', name: child.name, pid: child.pid, code, signal, expected });
      if (!expected)
        stop.now(
          'failure',
          `the ${child.name} process ended (${signal ?? `code ${code}`}) ${child.stderrTail()}`.trim(),
        );
    });
  }
  return {
    expected: () => {
      expected = true;
    },
    [Symbol.dispose]: () => {
      expected = true;
      logged = false;
    },
  };
}
