/** Entry of the callers' process: plans the load when opened, walks it when told its zero, reports each second. */

import type {
  CallerRecord,
  CallersDescribed,
  GeneratorEnded,
  GeneratorMeasured,
  LoadEnded,
} from '../journal/event.ts';
import { openSampleWriter, type SampleWriter } from '../journal/sample-writer.ts';
import { serveParent } from '../process/rpc.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { createRandom } from '../time/random.ts';
import { type Arrival, planArrivals } from './arrival-plan.ts';
import {
  type CallerProbe,
  type CallerProbeResult,
  type CallerProber,
  createCallerProber,
} from './caller-probe.ts';
import { createCallersFaults } from './callers-faults.ts';
import { type LoadRun, runLoad } from './engine.ts';
import { createProgramTransport, type ProgramWords } from './program-transport.ts';
import { callerRecords, policyOnHosts, type ResolvedGroup } from './resolved-group.ts';
import { realScheduler } from './scheduler.ts';
import { openSdkTransport } from './sdk-transport.ts';
import { createSignedTransport } from './signed-transport.ts';
import type { Transport } from './transport.ts';
import { transportByGroup, uses } from './transport-by-group.ts';
import { warmUp } from './warm-up.ts';

/** Argument of `open`. */
export interface EngineConfig {
  readonly seed: number;
  readonly durationUs: number;
  /** How long after the load's end answers are still awaited. */
  readonly drainUs: number;
  readonly groups: readonly ResolvedGroup[];
  readonly caPem: string;
  /** `samples.arrows`; must not exist yet. */
  readonly samplesPath: string;
  readonly maxInFlight: number;
  /** For the process that drives k6. */
  readonly k6?: {
    /** Of the program. */
    readonly path: string;
    readonly version: string;
    /** A script of the user's own; the generated one without it. */
    readonly script?: string;
    /** When each fault is in force by the plan, microseconds of the run: for the tags of a script of the user's own. */
    readonly phases?: readonly { readonly name: string; readonly fromUs: number; readonly toUs: number }[];
    /** For the server against which k6's own share is measured; not measured without it. */
    readonly floor?: {
      readonly host: string;
      readonly certificatePem: string;
      readonly keyPem: string;
      readonly caPem: string;
    };
  };
}

/** Answer of `open`: what the journal's `load.started` needs. */
export interface EngineReady {
  /** Arrivals in the whole plan. */
  readonly planned: number;
  readonly callers: readonly CallerRecord[];
  /** What the callers of each group are; none for those of our own making. */
  readonly clients: CallersDescribed['clients'];
  /** What the generator itself adds, where that was measured. */
  readonly floor?: GeneratorMeasured;
}

/** The news `ended`, told when every row is on disk. */
export type EngineEnded = LoadEnded & {
  /** Rows of `samples.arrows`. */
  readonly rows: number;
  /** CPU that this process used from start to end, user and kernel. */
  readonly cpuUs: number;
  /** What a generator that is not ours says. */
  readonly generator?: GeneratorEnded;
  /** The end of what programs wrote that failed, one of each kind. */
  readonly words?: readonly ProgramWords[];
};

interface Opened {
  readonly config: EngineConfig;
  readonly arrivals: readonly Arrival[];
  readonly transport: Transport;
  /** Resolves when nothing that they started is left, with what failed programs said. */
  readonly closeTransports: () => Promise<readonly ProgramWords[]>;
  readonly prober: CallerProber;
  readonly writer: SampleWriter;
}

const faults = createCallersFaults(monotonicUs);
let opened: Opened | undefined;
let run: LoadRun | undefined;
/** Resolves when the news `ended` has been told. */
const closed = Promise.withResolvers<void>();

const { tell } = serveParent({
  open,
  start,
  stop,
  setFault: faults.set,
  renewFault: faults.renew,
  clearFault: faults.clear,
  probe,
});

async function open(config: EngineConfig): Promise<EngineReady> {
  if (opened !== undefined) throw new Error('the engine is open already');
  for (const group of config.groups) policyOnHosts(group);
  const arrivals = planArrivals(config.groups, config.durationUs, createRandom(config.seed).fork('arrivals'));
  const { groups, caPem } = config;
  const surroundings = { groups, caPem, now: monotonicUs, wallClock: Date.now, faults, onStarved: die };
  const signed = createSignedTransport(surroundings);
  const sdk = uses(groups, 'aws-sdk-js')
    ? await openSdkTransport({ ...surroundings, seed: config.seed })
    : undefined;
  const programs = uses(groups, 'program') ? createProgramTransport({ groups, onStarved: die }) : undefined;
  await programs?.ready;
  const transport = transportByGroup(groups, {
    embedded: signed,
    ...(sdk === undefined ? {} : { 'aws-sdk-js': sdk }),
    ...(programs === undefined ? {} : { program: programs }),
  });
  const closeTransports = async (): Promise<readonly ProgramWords[]> => {
    signed.close();
    sdk?.close();
    await programs?.close();
    return programs?.lastWords() ?? [];
  };
  await warmUp();
  const prober = createCallerProber({ groups, send: signed.sendAlone, now: monotonicUs });
  const writer = await openSampleWriter(config.samplesPath);
  opened = { config, arrivals, transport, closeTransports, prober, writer };
  return {
    planned: arrivals.length,
    callers: callerRecords(config.groups),
    clients: [...(sdk?.clients ?? []), ...(programs?.clients ?? [])],
  };
}

/** Also before the load begins and after it has ended: that a path has healed shows only then. */
function probe(order: CallerProbe): Promise<CallerProbeResult> {
  if (opened === undefined) throw new Error('the engine is not open yet');
  return opened.prober.probe(order);
}

function start({ originUs }: { readonly originUs: number }): void {
  if (opened === undefined || run !== undefined) throw new Error('the engine starts once, after open');
  const { config, arrivals, writer, transport, closeTransports } = opened;
  const scheduler = realScheduler(monotonicUs, originUs);
  const cpuAtStart = process.cpuUsage();
  run = runLoad({
    ...config,
    arrivals,
    scheduler,
    transport,
    write: (sample) => writer.write(sample),
    onProgress: (progress) => {
      tell('progress', progress);
      // A journal that cannot be written ends the process: better no run than a run without its rows.
      writer.flush().catch(dieUnwritten);
    },
    onEnded: (ended) => {
      const { user, system } = process.cpuUsage(cpuAtStart);
      Promise.all([writer.close(), closeTransports()]).then(([{ rows }, words]) => {
        tell('ended', { ...ended, rows, cpuUs: user + system, words } satisfies EngineEnded);
        closed.resolve();
      }, dieUnwritten);
    },
  });
}

/** Answers when every row is on disk. */
async function stop(_: { readonly reason: string }): Promise<void> {
  if (run === undefined) {
    await opened?.writer.close();
    return;
  }
  run.stop();
  await closed.promise;
}

function dieUnwritten(error: Error): void {
  die(`the samples cannot be written: ${error.message}`);
}

/** Its last words are what a person reads of it. */
function die(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
