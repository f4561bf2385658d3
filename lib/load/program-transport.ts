/**
 * Carries an arrival by running a program once: any program, of which nothing is known but its exit code and how long
 * it took. Which endpoint it asked, and how often, only the service and the edge of its group have seen.
 */

import { basename, isAbsolute } from 'node:path';
import type { CallersDescribed } from '../journal/event.ts';
import { entryUrl } from '../process/entry.ts';
import { type Child, startChild } from '../process/rpc.ts';
import { starvation } from '../process/starvation.ts';
import type { KeeperOrder } from './program-keeper.ts';
import type { ProgramEnd } from './program-runs.ts';
import { callerName, type ResolvedGroup } from './resolved-group.ts';
import type { AbandonCode, AttemptResult, Transport } from './transport.ts';

export interface ProgramTransportOptions {
  /** Of the load; those that are no programs are left alone. */
  readonly groups: readonly ResolvedGroup[];
  /** Told in a sentence when this machine could start no program, or lost those that ran: what is measured then is us. */
  readonly onStarved: (sentence: string) => void;
}

export interface ProgramTransport extends Transport {
  readonly clients: CallersDescribed['clients'];
  /** Resolves when the first program can be started. */
  readonly ready: Promise<void>;
  /** Whether a group runs as many programs as it may: one more would measure this machine. */
  isFull(group: number): boolean;
  /** The end of what the last failed run of each kind wrote, without the secrets that it was given. */
  lastWords(): readonly ProgramWords[];
  /** Kills what still runs. Resolves when nothing of it is left. */
  close(): Promise<void>;
}

export interface ProgramWords {
  readonly group: string;
  readonly errorCode: string;
  readonly text: string;
}

/** Programs of one group at once. A JVM takes a tenth of a gigabyte, and a hanging client stays for a minute. */
export const PROGRAMS_AT_ONCE = 50;

const ENTRY = entryUrl('./program-keeper.ts', import.meta.url);

export function createProgramTransport({ groups, onStarved }: ProgramTransportOptions): ProgramTransport {
  const keeper = startChild({ name: 'programs', entry: ENTRY });
  const running = new Map<number, Running>();
  const words = new Map<string, ProgramWords>();
  const counts = groups.map(() => 0);
  let runs = 0;
  let closing = false;

  const settle = (run: number, result: AttemptResult): void => {
    const found = running.get(run);
    if (found === undefined) return;
    running.delete(run);
    counts[found.group] = (counts[found.group] ?? 0) - 1;
    found.settle(result);
  };
  keeper.onNews('ended', ({ run, end }: { readonly run: number; readonly end: ProgramEnd }) => {
    const group = groups[running.get(run)?.group ?? -1];
    if (group === undefined) return;
    const starved = starvedBy(end);
    if (starved !== undefined) onStarved(starved);
    const result = resultOf(end);
    if (end.kind !== 'not-started' && end.said !== '' && result.outcome !== 'ok') {
      const { errorCode } = result;
      words.set(`${group.name} ${errorCode}`, { group: group.name, errorCode, text: end.said });
    }
    settle(run, result);
  });
  void keeper.exited.then(({ code, signal }) => {
    if (!closing) onStarved(`the process that ran the programs ended (${signal ?? `code ${code}`})`);
  });
  const order = (method: 'start' | 'kill', argument: KeeperOrder | { readonly run: number }): void => {
    // One that has ended says so itself.
    keeper.call(method, argument, ORDER_DEADLINE_MS).catch(() => {});
  };

  return {
    clients: groups.flatMap(describe),
    ready: readiness(keeper),
    isFull: (group) => (counts[group] ?? 0) >= PROGRAMS_AT_ONCE,
    lastWords: () => [...words.values()],
    send: ({ group: index, caller }, done) => {
      const group = groups[index];
      const { client, environment } = group ?? {};
      if (group === undefined || client?.kind !== 'program' || environment === undefined) {
        throw new RangeError(`group ${index} runs no program`);
      }
      runs += 1;
      const run = runs;
      running.set(run, { group: index, settle: done });
      counts[index] = (counts[index] ?? 0) + 1;
      const { command, timeLimitMs } = client;
      order('start', {
        run,
        command,
        environment: { ...environment, ...namedAs(callerName(group, caller)) },
        timeLimitMs,
      });
      return {
        abandon: (errorCode) => {
          if (!running.has(run)) return;
          order('kill', { run });
          settle(run, lost(errorCode));
        },
      };
    },
    close: async () => {
      closing = true;
      await keeper[Symbol.asyncDispose]();
    },
  };
}

interface Running {
  readonly group: number;
  readonly settle: (result: AttemptResult) => void;
}

/** The keeper only passes an order on; one that is stopped for so long is as good as gone. */
const ORDER_DEADLINE_MS = 60_000;

async function readiness(keeper: Child): Promise<void> {
  await keeper.call('ready', undefined);
}

/** AWS clients put this into their user agent, and the service reads it there. */
function namedAs(caller: string): Record<string, string> {
  return { AWS_EXECUTION_ENV: `regionfall-${caller}` };
}

function describe({ name: group, client }: ResolvedGroup): CallersDescribed['clients'] {
  if (client.kind !== 'program') return [];
  const { command, timeLimitMs } = client;
  const settings = timeLimitMs === null ? 'as it comes' : `killed after ${timeLimitMs} ms`;
  // Where this machine keeps its programs is of no interest to whoever reads the report.
  return [
    { group, client: command.map((word) => (isAbsolute(word) ? basename(word) : word)).join(' '), settings },
  ];
}

function resultOf(end: ProgramEnd): AttemptResult {
  switch (end.kind) {
    case 'exited':
      return end.code === 0 ? { ...UNKNOWN, outcome: 'ok' } : failed(`EXIT_${end.code}`);
    case 'signalled':
      return failed(end.signal);
    case 'too-long':
      return lost('ETIMEDOUT');
    case 'not-started':
      return failed(end.errno);
    default:
      return end satisfies never;
  }
}

/** Whom it asked, and what came back, the program keeps to itself: its row stands under its group's first endpoint. */
const UNKNOWN: AttemptResult = {
  outcome: 'failed',
  status: 0,
  errorCode: '',
  servingRegion: '',
  requestId: '',
  reused: false,
  connectUs: -1,
  tlsUs: -1,
  waitUs: -1,
};

function failed(errorCode: string): AttemptResult {
  return { ...UNKNOWN, errorCode };
}

function lost(errorCode: AbandonCode): AttemptResult {
  return { ...UNKNOWN, outcome: 'indeterminate', errorCode };
}

function starvedBy(end: ProgramEnd): string | undefined {
  if (end.kind !== 'not-started') return undefined;
  if (end.errno === 'EAGAIN')
    return 'no more programs could be started: there may be no more processes (EAGAIN)';
  return starvation('the process that runs the programs', end.errno);
}
