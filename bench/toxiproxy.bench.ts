/**
 * How exactly Toxiproxy adds the latency that the calibration of the run says it adds, what it costs a stream, and what
 * a cold call over it looks like. Without a Toxiproxy it says so and ends. Takes some 30 s.
 */

import { findTool } from '../lib/tools/find-tool.ts';
import { formatSpread, spreadOf } from './bench-kit.ts';
import {
  coldCallMs,
  openBenchLinks,
  openEndpoint,
  pourMbPerSecond,
  quantile,
  roundTripsUs,
} from './link-kit.ts';
import { printTarget } from './target.ts';

const ROUNDS = 7;
const PROBES = 80;
const MEAN_GAP_MS = 3;
const MEGABYTES = 200;
/** Whole milliseconds, as Toxiproxy takes them, and some that it cannot. */
const ASKED_MS = [1, 3.5, 10, 50, 100, 200];
const COLD_MS = 100;

const finding = await findTool('toxiproxy');
if (!finding.found) {
  process.stdout.write(`  ${finding.missing}; get it: ${finding.hint}\n`);
  process.exit(0);
}
await using endpoint = await openEndpoint();
const kind = { kind: 'toxiproxy', toxiproxyPath: finding.path } as const;
await latency();
await throughput();
await coldCall();

async function latency(): Promise<void> {
  await using links = await openBenchLinks(kind, endpoint.echoPort, ASKED_MS);
  process.stdout.write(`the calibration of this run (Toxiproxy ${finding.found ? finding.version : ''})\n`);
  for (const { injectedMs, lateMsMedian, lateMsP99 } of links.calibration?.points ?? []) {
    process.stdout.write(
      `  injected ${String(injectedMs).padStart(3)} ms   late by ${lateMsMedian.toFixed(3)} ms median, ${lateMsP99.toFixed(3)} ms p99\n`,
    );
  }
  process.stdout.write(`measured less expected, ${ROUNDS} rounds of ${PROBES} probes, medians\n`);
  const offMs = ASKED_MS.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, askedMs] of ASKED_MS.entries()) {
      const [direct, linked] = await Promise.all([
        roundTripsUs(endpoint.echoPort, PROBES, MEAN_GAP_MS),
        roundTripsUs(links.port(askedMs), PROBES, MEAN_GAP_MS),
      ]);
      offMs[index]?.push((quantile(linked, 0.5) - quantile(direct, 0.5)) / 1_000 - expectedMs(askedMs));
    }
  }
  for (const [index, askedMs] of ASKED_MS.entries()) {
    const off = offMs[index] ?? [];
    process.stdout.write(
      `  asked ${String(askedMs).padStart(5)} ms   expected ${expectedMs(askedMs).toFixed(3)} ms   off by ${formatSpread(spreadOf(off), 3)} ms\n`,
    );
  }
  const worst = Array.from({ length: ROUNDS }, (_, round) =>
    quantile(
      offMs.map((off) => Math.abs(off[round] ?? 0)),
      0.5,
    ),
  );
  printTarget(
    'off from what the calibration expects, median of the links',
    spreadOf(worst),
    { atMost: 0.1, farOff: 20 },
    ' ms',
    3,
  );

  function expectedMs(askedMs: number): number {
    return (
      links.calibration?.links.find(({ roundTripMs }) => roundTripMs === askedMs)?.expectedMs ?? Number.NaN
    );
  }
}

async function throughput(): Promise<void> {
  await using links = await openBenchLinks(kind, endpoint.sinkPort, [0.1]);
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const direct = await pourMbPerSecond(endpoint.sinkPort, MEGABYTES);
    const linked = await pourMbPerSecond(links.port(0.1), MEGABYTES);
    if (round < 0) continue; // It warms up.
    rates.push(linked);
    ratios.push(linked / direct);
  }
  process.stdout.write(
    `a stream of ${MEGABYTES} MB over a proxy: ${formatSpread(spreadOf(rates), 0)} MB/s, ${formatSpread(spreadOf(ratios))} of direct\n`,
  );
}

async function coldCall(): Promise<void> {
  await using links = await openBenchLinks(kind, endpoint.httpsPort, [COLD_MS]);
  const times: number[] = [];
  for (let round = -3; round < 5 * ROUNDS; round += 1) {
    const ms = await coldCallMs(links.port(COLD_MS), endpoint.caPem);
    if (round >= 0) times.push(ms / COLD_MS);
  }
  process.stdout.write(
    `a cold call over ${COLD_MS} ms (TCP, TLS 1.3, request): ${formatSpread(spreadOf(times))} round trips where a path has 3: the connect is answered at once\n`,
  );
}
