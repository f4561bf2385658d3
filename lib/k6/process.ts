/**
 * Entry of the callers' process when k6 makes the calls: starts k6 when opened, gives it the word when told its zero,
 * and turns what it says into the rows, the progress and the end that the embedded engine would have told.
 */

import type { GeneratorEnded } from '../journal/event.ts';
import { openSampleWriter, type SampleWriter } from '../journal/sample-writer.ts';
import { type Arrival, planArrivals } from '../load/arrival-plan.ts';
import type { EngineConfig, EngineEnded, EngineReady } from '../load/process.ts';
import { callerRecords } from '../load/resolved-group.ts';
import { serveParent } from '../process/rpc.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { createRandom } from '../time/random.ts';
import { bundleScript, GENERATED_SCRIPT } from './bundle.ts';
import { type ControlServer, openControlServer } from './control-server.ts';
import { measureFloor } from './floor.ts';
import { type K6Child, type K6Exit, startK6 } from './k6-child.ts';
import { k6ConfigOf, k6HostsOf } from './k6-config.ts';
import { createK6Journal, type K6Journal } from './k6-journal.ts';
import { wallOffsetUs } from './wall-offset.ts';

interface Opened {
  readonly config: EngineConfig;
  readonly k6: NonNullable<EngineConfig['k6']>;
  readonly child: K6Child;
  readonly control: ControlServer;
  readonly journal: K6Journal;
  readonly writer: SampleWriter;
}

/** From the start of k6 to its first question: it makes every VU before. */
const READY_WITHIN_MS = 60_000;
const SECOND_MS = 1_000;
/** No word for so long although arrivals are due: k6 has stalled, and the conductor must not be told that all is well. */
const SILENT_AFTER_US = 3_000_000;
/** Of its clock against ours in the course of a load; more would show in the figures. */
const DRIFT_US_MOST = 1_000;

let opened: Opened | undefined;
let stopping = false;
let started = false;
const closed = Promise.withResolvers<void>();

const { tell } = serveParent({
  open,
  start,
  stop,
  setFault: refuse,
  renewFault: refuse,
  clearFault: refuse,
  probe: refuse,
});

async function open(config: EngineConfig): Promise<EngineReady> {
  const { k6 } = config;
  if (opened !== undefined || k6 === undefined) throw new Error('opened once, and told which k6');
  const arrivals: readonly Arrival[] =
    k6.script === undefined
      ? planArrivals(config.groups, config.durationUs, createRandom(config.seed).fork('arrivals'))
      : [];
  const { code } = await bundleScript(k6.script ?? GENERATED_SCRIPT, { conducted: k6.script !== undefined });
  const onProcess = (started: { readonly name: string; readonly pid: number }): void =>
    tell('child', started);
  const floor =
    k6.floor === undefined || k6.script !== undefined
      ? undefined
      : await measureFloor({
          path: k6.path,
          version: k6.version,
          script: code,
          config: k6ConfigOf(config, ''),
          certificate: k6.floor,
          wallClock: Date.now,
          onProcess,
        });
  const writer = await openSampleWriter(config.samplesPath);
  const control = await openControlServer();
  const journal = createK6Journal({
    groups: config.groups,
    arrivals: k6.script === undefined ? arrivals : undefined,
    write: (sample) => writer.write(sample),
  });
  const child = await startK6({
    path: k6.path,
    version: k6.version,
    script: code,
    config: k6ConfigOf(config, control.url),
    hosts: k6HostsOf(config.groups),
    caPem: config.caPem,
    onAttempt: journal.attempt,
    onDropped: journal.dropped,
  });
  onProcess({ name: 'k6', pid: child.pid });
  opened = { config, k6, child, control, journal, writer };
  await readyOrEnded(control, child);
  await child.forgetKeys();
  const settings = k6.script === undefined ? 'one VU for each caller' : 'a script of its own';
  return {
    planned: arrivals.length,
    callers: callerRecords(config.groups),
    clients: config.groups.map(({ name: group }) => ({ group, client: `k6 ${k6.version}`, settings })),
    ...(floor === undefined ? {} : { floor }),
  };
}

async function readyOrEnded(control: ControlServer, child: K6Child): Promise<void> {
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => {
      child.stop();
      reject(new Error(`k6 was not ready within ${READY_WITHIN_MS / 1_000} s`));
    }, READY_WITHIN_MS);
  });
  const gone = child.exited.then((exit) => {
    throw new Error(`k6 ended before the load: ${exitText(exit)}`);
  });
  try {
    await Promise.race([control.asked, gone, late]);
  } finally {
    clearTimeout(deadline);
    // Its end is somebody else's news from here on.
    gone.catch(() => {});
  }
}

function start({ originUs }: { readonly originUs: number }): void {
  if (opened === undefined || started) throw new Error('k6 starts once, after open');
  started = true;
  const { config, k6, child, control, journal, writer } = opened;
  const offsetAtStart = wallOffsetUs(monotonicUs, Date.now);
  const cpuAtStart = process.cpuUsage();
  const originWallUs = originUs + offsetAtStart;
  journal.begin(originWallUs);
  control.start(originWallUs / 1_000);
  const runUs = (): number => monotonicUs() - originUs;
  let heardUs = 0;
  let lines = 0;
  const progress = setInterval(() => {
    const nowUs = runUs();
    if (nowUs < 0) return;
    const attempts = child.reader.counts.attempts;
    if (attempts > lines || !journal.waits(nowUs)) heardUs = nowUs;
    lines = attempts;
    // Without progress the conductor takes the measuring for stalled, as it is.
    if (nowUs - heardUs <= SILENT_AFTER_US) tell('progress', journal.progress(nowUs));
    writer.flush().catch(dieUnwritten);
  }, SECOND_MS);
  child.exited.then(async (exit) => {
    clearInterval(progress);
    control.close();
    if (!stopping && !endsWell(exit)) die(`k6 ended in the middle of the load: ${exitText(exit)}`);
    // What is planned is due until the end of the load, also when k6 has nothing more to do.
    const leftMs = (config.durationUs - runUs()) / 1_000;
    if (!stopping && leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
    const nowUs = Math.min(runUs(), config.durationUs + config.drainUs);
    const ended = journal.end(nowUs, stopping);
    tell('progress', journal.progress(nowUs));
    const { rows } = await writer.close();
    const { user, system } = process.cpuUsage(cpuAtStart);
    const offsetAtEnd = wallOffsetUs(monotonicUs, Date.now);
    const { requests, attempts, strangers, iterations, dropped } = child.reader.counts;
    const generator: GeneratorEnded = {
      kind: 'generator.ended',
      engine: 'k6',
      version: k6.version,
      exitCode: exit.code,
      signal: exit.signal,
      requests,
      strangers,
      attempts,
      iterations: { complete: iterations, dropped },
      clockDriftUs: Math.round(offsetAtEnd - offsetAtStart),
      clockDriftUsMost: DRIFT_US_MOST,
    };
    tell('ended', { ...ended, rows, cpuUs: user + system, generator } satisfies EngineEnded);
    closed.resolve();
  }, dieUnwritten);
}

/** Answers when every row is on disk. */
async function stop(_: { readonly reason: string }): Promise<void> {
  stopping = true;
  if (opened === undefined) return;
  opened.child.stop();
  if (started) {
    await closed.promise;
    return;
  }
  await opened.child.exited;
  opened.control.close();
  await opened.writer.close();
}

/** The run refuses such scenarios before it begins; see run/engines.ts. */
function refuse(): never {
  throw new Error('k6 cannot change the surroundings of its callers while it runs');
}

/** Thresholds of a script that were not held (99), and a test that ended itself, are results and no failures. */
function endsWell({ code }: K6Exit): boolean {
  return code === 0 || code === 99 || code === 108 || code === 110;
}

function exitText({ code, signal, said }: K6Exit): string {
  return `${signal ?? `code ${code}`}${said === '' ? '' : `: ${said}`}`;
}

function dieUnwritten(error: Error): void {
  die(`the samples cannot be written: ${error.message}`);
}

/** Its last words are what a person reads of it. */
function die(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
