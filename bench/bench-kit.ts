/**
 * What every benchmark shares: contestants run in interleaved rounds (A B A B), because absolute figures of a
 * noisy machine move by tens of percent between minutes while ratios taken in one run hold. CPU time is the
 * measure; it survives a disturbed machine, requests per second do not. Prints medians and ranges.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { pin, SERVER_CORE } from './pinning.ts';

/** What one round of one contestant cost. `units` are requests, rows, operations: whatever is compared. */
export interface RoundCost {
  readonly units: number;
  /** Microseconds of CPU, user and kernel, of the process under test. */
  readonly cpuUs: number;
}

export interface Contestant {
  readonly name: string;
  round(): Promise<RoundCost>;
}

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export interface ContestantResult {
  readonly name: string;
  readonly cpuUsPerUnit: Spread;
  /** Of each round, in order. */
  readonly costs: readonly number[];
  /** This contestant's CPU per unit over the first contestant's, taken round by round. */
  readonly costRatio: Spread;
}

/**
 * Warm-up rounds first, then `rounds` interleaved ones. The first contestant is the base of the ratios. A server's
 * code is compiled in several steps, the last after some twenty thousand requests.
 */
export async function compare(
  contestants: readonly Contestant[],
  rounds: number,
  warmUpRounds = 1,
): Promise<readonly ContestantResult[]> {
  const costs = contestants.map(() => [] as number[]);
  for (const contestant of contestants) {
    for (let round = 0; round < warmUpRounds; round += 1) await contestant.round();
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      const { units, cpuUs } = await contestant.round();
      costs[index]?.push(cpuUs / units);
    }
  }
  const base = costs[0] ?? [];
  return contestants.map(({ name }, index) => {
    const own = costs[index] ?? [];
    return {
      name,
      cpuUsPerUnit: spreadOf(own),
      costs: own,
      costRatio: spreadOf(own.map((cost, round) => cost / (base[round] ?? Number.NaN))),
    };
  });
}

/** How many units one does on a core while the other does one, round by round. */
export function speedAgainst(one: ContestantResult | undefined, other: ContestantResult | undefined): Spread {
  const costs = one?.costs ?? [];
  return spreadOf(costs.map((cost, round) => (other?.costs[round] ?? Number.NaN) / cost));
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    lowest: at(0),
    highest: at(sorted.length - 1),
  };
}

/** `12.3 [11.9–13.0]`. */
export function formatSpread({ median, lowest, highest }: Spread, digits = 2): string {
  return `${median.toFixed(digits)} [${lowest.toFixed(digits)}–${highest.toFixed(digits)}]`;
}

/** The table of a comparison; speed is the inverse of cost, so 0.5 means half as many units per core. */
export function printComparison(title: string, results: readonly ContestantResult[]): void {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const lines = [`${title}  (${process.version}, ${cpus().length} cores, ${model})`];
  for (const { name, cpuUsPerUnit, costRatio } of results) {
    const speed = {
      median: 1 / costRatio.median,
      lowest: 1 / costRatio.highest,
      highest: 1 / costRatio.lowest,
    };
    lines.push(
      `  ${name.padEnd(44)} ${formatSpread(cpuUsPerUnit, 1).padStart(22)} µs CPU   speed ${formatSpread(speed)}`,
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** CPU microseconds, user and kernel, that a process has used so far (Linux; resolution 10 ms). */
export function cpuUsOfProcess(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command name is in parentheses and may hold spaces; the numbered fields start after it, at field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const TICK_US = 10_000;
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

export interface MeasuredServer {
  readonly port: number;
  readonly pid: number;
  /** CPU microseconds so far, from the child's own `process.cpuUsage`: finer than the ticks of /proc. */
  cpuUs(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a module that calls {@link reportServer}, on a core of its own; resolves when it listens. */
export async function startMeasuredServer(
  entry: URL,
  environment: Readonly<Record<string, string>> = {},
): Promise<MeasuredServer> {
  const child = fork(entry, [], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const { port } = await nextMessage<{ port: number }>(child);
  pin(child.pid ?? 0, SERVER_CORE);
  return {
    port,
    pid: child.pid ?? 0,
    cpuUs: async () => {
      child.send('cpu');
      return (await nextMessage<{ cpuUs: number }>(child)).cpuUs;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.disconnect();
      }),
  };
}

/** In the child: says which port it listens on and answers questions about its CPU time until the parent goes. */
export function reportServer(port: number): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuUs: user + system });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port });
}

function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the measured server ended early'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as Message);
    });
  });
}
