/**
 * One real run on a disk that fails in one of its processes, held to the promise: the load stops within two seconds,
 * nothing is left, the run ends as trouble of the machine, and its folder says why.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../../lib/errors/regionfall-error.ts';
import type { JournalEvent } from '../../lib/journal/event.ts';
import { readEvents, readSamples } from '../../lib/journal/reader.ts';
import { RESERVE_NAME } from '../../lib/journal/reserve.ts';
import { openRunFolder, RUN_FILES } from '../../lib/journal/run-folder.ts';
import { monotonicUs } from '../../lib/time/monotonic.ts';
import { isAlive } from '../processes.ts';
import { failingDiskEnvironment } from './failing-disk.preload.ts';
import { type DiskError, type FailWrites, failWrites } from './failing-disk.ts';
import { runSmall } from './small-run.ts';

export type Writer = 'conductor' | 'callers' | 'service';

export interface DiskRun {
  /** The disk failed; false when the run made fewer writes than that. */
  readonly hit: boolean;
  /** Sentences; none when all was as promised. */
  readonly problems: readonly string[];
}

export interface DiskRunOptions {
  /** An empty folder of its own. */
  readonly place: string;
  readonly writer: Writer;
  readonly code: DiskError;
  /** So many writes succeed first. */
  readonly after: number;
}

const STOPS_WITHIN_US = 2_000_000;

export async function runOnFailingDisk({ place, writer, code, after }: DiskRunOptions): Promise<DiskRun> {
  const runs = join(place, 'runs');
  const events: JournalEvent[] = [];
  let failedUs: number | undefined;
  const disk: FailWrites = { folder: runs, after, code };
  const inConductor = writer === 'conductor';
  // A full disk has room again when the run gives up what it had kept; a broken one stays broken.
  const until = (): boolean => code === 'ENOSPC' && failedUs !== undefined && !reserveIn(runs);
  const onFirst = (): void => {
    failedUs = monotonicUs();
  };
  const files = { callers: RUN_FILES.samples, service: RUN_FILES.service };
  const momentPath = join(place, 'failed-at');
  let error: unknown;
  {
    using _ = inConductor ? failWrites({ ...disk, until, onFirst }) : undefined;
    const childEnvironment = inConductor
      ? {}
      : failingDiskEnvironment({ disk: { ...disk, endings: [files[writer]] }, momentPath });
    await runSmall(place, { sabotage: { childEnvironment }, onEvent: (event) => events.push(event) }).catch(
      (reason: unknown) => {
        error = reason;
      },
    );
  }
  if (existsSync(momentPath)) failedUs = Number(readFileSync(momentPath, 'utf8'));
  if (error === undefined && failedUs === undefined) return { hit: false, problems: [] };
  const told = error instanceof EnvironmentError && error.exitCode === 3;
  return {
    hit: true,
    problems: [
      ...(told
        ? []
        : [`not told as trouble of the machine: ${(error as Error | undefined)?.stack ?? 'a verdict'}`]),
      ...leftOf(events),
      ...(await folderProblems(runs, code, events, failedUs, inConductor)),
    ],
  };
}

function leftOf(events: readonly JournalEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'process.started' && isAlive(event.pid) ? [`left running: ${event.name}`] : [],
  );
}

async function folderProblems(
  runs: string,
  code: DiskError,
  seen: readonly JournalEvent[],
  failedUs: number | undefined,
  inConductor: boolean,
): Promise<readonly string[]> {
  const name = existsSync(runs) ? readdirSync(runs)[0] : undefined;
  const started = seen.find((event) => event.kind === 'load.started');
  if (name === undefined || !existsSync(join(runs, name, RUN_FILES.events)))
    return started === undefined ? [] : ['no folder is left of a load that had begun'];
  const folder = join(runs, name);
  const { complete, reason } = await openRunFolder(folder);
  const problems: string[] = [];
  if (complete) problems.push('the folder is called complete');
  // Where the disk is broken for good, nobody can write down why.
  if (!(inConductor && code === 'EIO') && !reason.includes(code)) problems.push(`no reason in: ${reason}`);
  const lost = inConductor && code === 'EIO';
  const journal = readEvents(join(folder, RUN_FILES.events));
  const of = (kind: JournalEvent['kind']): number => journal.filter((event) => event.kind === kind).length;
  if (!lost && of('fault.applied') > of('fault.lifted')) problems.push('a fault is not told to be lifted');
  const samples = join(folder, RUN_FILES.samples);
  if (started !== undefined && failedUs !== undefined && existsSync(samples)) {
    const lastUs = readSamples(samples).startedUs.reduce((one, other) => Math.max(one, other), 0);
    const lateUs = started.originUs + lastUs - failedUs;
    if (lateUs > STOPS_WITHIN_US) problems.push(`the load went on for ${Math.round(lateUs / 1_000)} ms`);
  }
  return problems;
}

function reserveIn(runs: string): boolean {
  return existsSync(runs) && readdirSync(runs).some((name) => existsSync(join(runs, name, RESERVE_NAME)));
}
