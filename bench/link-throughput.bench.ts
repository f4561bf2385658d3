/**
 * What an embedded link costs a stream, against a direct connection to the same sink, and how near a cold call over it
 * comes to the three round trips that a path has: TCP, TLS 1.3, request. Takes some 20 s.
 */

import { formatSpread, spreadOf } from './bench-kit.ts';
import { coldCallMs, openBenchLinks, openEndpoint, pourMbPerSecond } from './link-kit.ts';
import { printTarget } from './target.ts';

const ROUNDS = 9;
const MEGABYTES = 200;
/** Short enough that the window of a link does not bound the stream. */
const STREAM_MS = 0.1;
const COLD_MS = 100;
const COLD_CALLS = 40;

await using endpoint = await openEndpoint();
const kind = { kind: 'embedded' } as const;

{
  await using links = await openBenchLinks(kind, endpoint.sinkPort, [STREAM_MS]);
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const direct = await pourMbPerSecond(endpoint.sinkPort, MEGABYTES);
    const linked = await pourMbPerSecond(links.port(STREAM_MS), MEGABYTES);
    if (round < 0) continue; // It warms up.
    rates.push(linked);
    ratios.push(linked / direct);
  }
  process.stdout.write(
    `a stream of ${MEGABYTES} MB over an embedded link: ${formatSpread(spreadOf(rates), 0)} MB/s, ${formatSpread(spreadOf(ratios))} of direct\n`,
  );
}

{
  await using links = await openBenchLinks(kind, endpoint.httpsPort, [COLD_MS]);
  const off: number[] = [];
  const direct: number[] = [];
  for (let call = -3; call < COLD_CALLS; call += 1) {
    const directMs = await coldCallMs(endpoint.httpsPort, endpoint.caPem);
    const linkedMs = await coldCallMs(links.port(COLD_MS), endpoint.caPem);
    if (call < 0) continue; // It warms up.
    direct.push(directMs);
    off.push(Math.abs(linkedMs / (3 * COLD_MS) - 1) * 100);
  }
  process.stdout.write(
    `a cold call over ${COLD_MS} ms (TCP, TLS 1.3, request); directly it takes ${formatSpread(spreadOf(direct))} ms\n`,
  );
  printTarget('off from three round trips', spreadOf(off), { atMost: 2 }, ' %');
}
