/**
 * From nothing to the first verified answer, with every Region of every partition up, in multiples of what Node takes
 * to start and end empty. Once with the certificates made beforehand, which is what the service itself costs, and
 * once from a process that starts with nothing and makes them too. With the compile cache that bin/regionfall keeps.
 */

import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { spreadOf } from './bench-kit.ts';
import { openReplay } from './replay.ts';
import { ALL_REGIONS, openBenchService, type Prepared, prepare } from './service-world.ts';
import { signedRequests } from './signed-requests.ts';
import { printTarget } from './target.ts';

const ROUNDS = 9;
/** A start that makes its certificates too takes a second: every third round has one. */
const EVERY = 3;
const REGION = 'eu-west-1';
const HOST = `sts.${REGION}.amazonaws.com`;

if (process.env['ROLE'] === 'from nothing') {
  // In a child: what the bench's own process has had compiled and imported long ago is new here.
  await using service = await serveFirst(await prepare(ALL_REGIONS));
  process.send?.('answered');
  await once(process, 'disconnect');
  void service;
} else await measure();

async function measure(): Promise<void> {
  const cache = await mkdtemp(join(tmpdir(), 'regionfall-bench-'));
  process.env['NODE_COMPILE_CACHE'] = cache;
  const prepared = await prepare(ALL_REGIONS);
  const timesMs: Record<'empty' | 'prepared' | 'nothing', number[]> = {
    empty: [],
    prepared: [],
    nothing: [],
  };
  for (let round = -1; round < ROUNDS; round += 1) {
    const [empty, ready] = [await emptyMs(), await preparedMs(prepared)];
    const nothing = round % EVERY === 0 || round < 0 ? await fromNothingMs() : Number.NaN;
    // The first round fills the caches.
    if (round < 0) continue;
    timesMs.empty.push(empty);
    timesMs.prepared.push(ready);
    timesMs.nothing.push(nothing);
  }
  await rm(cache, { recursive: true });

  const taken = (times: readonly number[]) => spreadOf(times.filter((ms) => !Number.isNaN(ms)));
  const ratio = (times: readonly number[]) =>
    taken(times.map((ms, round) => ms / (timesMs.empty[round] ?? Number.NaN)));
  const median = (times: readonly number[]): string => `${taken(times).median.toFixed(0)} ms`;
  process.stdout.write(
    `${ALL_REGIONS.length} Regions up and the first verified AssumeRole over TLS, in empty starts of ${median(timesMs.empty)} (node ${process.version})\n`,
  );
  printTarget(`certificates made beforehand (${median(timesMs.prepared)})`, ratio(timesMs.prepared), {
    atMost: 6,
  });
  process.stdout.write(
    `  from nothing, certificates and a parent process included (${median(timesMs.nothing)}): ${ratio(timesMs.nothing).median.toFixed(1)}\n`,
  );
}

async function emptyMs(): Promise<number> {
  const startedUs = monotonicUs();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return (monotonicUs() - startedUs) / 1_000;
}

async function preparedMs(prepared: Prepared): Promise<number> {
  const startedUs = monotonicUs();
  await using service = await serveFirst(prepared);
  void service;
  return (monotonicUs() - startedUs) / 1_000;
}

async function fromNothingMs(): Promise<number> {
  const startedUs = monotonicUs();
  const child = fork(new URL(import.meta.url), [], {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
      ROLE: 'from nothing',
    },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  await once(child, 'message');
  const elapsedMs = (monotonicUs() - startedUs) / 1_000;
  child.disconnect();
  await once(child, 'exit');
  return elapsedMs;
}

/** Starts the service and returns it when it has answered one client. */
async function serveFirst(prepared: Prepared) {
  const service = await openBenchService(prepared.config);
  const replay = await openReplay({
    port: service.ports[REGION] ?? 0,
    connections: 1,
    requests: signedRequests('AssumeRole', REGION, 1),
    tls: { caPem: prepared.caPem, servername: HOST },
  });
  await replay.run(1);
  replay.close();
  return service;
}
