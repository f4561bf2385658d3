/**
 * What other Regions cost a Region. First: the p99 of one that is alone in its process against that of one with every
 * Region of every partition beside it. Second: its p99 while another is sent ten times what it can serve, against the
 * same requests spread evenly over the others. Slices alternate, so that the machine disturbs both sides alike.
 */

import { REGIONS } from '../lib/aws/regions.ts';
import { spreadOf } from './bench-kit.ts';
import { openFlood } from './flood.ts';
import { pin, pinClient, SERVER_CORE } from './pinning.ts';
import { openReplay, type Replay } from './replay.ts';
import { ALL_REGIONS, openBenchService, prepare } from './service-world.ts';
import { signedRequests } from './signed-requests.ts';
import { printTarget } from './target.ts';

const REGION = 'eu-west-1';
const WARM_UP_REQUESTS = 10_000;

pinClient();
const prepared = await prepare(ALL_REGIONS);
await besideOthers();
await besideFlooded();
process.exit();

async function besideOthers(): Promise<void> {
  const GROUPS = 8;
  const SLICES = 16;
  const REQUESTS = 100;
  await using alone = await openBenchService({ ...prepared.config, regions: [REGION] });
  await using among = await openBenchService(prepared.config);
  pin(alone.pid, SERVER_CORE);
  pin(among.pid, SERVER_CORE);
  const sides = [await caller(alone.ports, 1), await caller(among.ports, 1)];
  for (const side of sides) await side.run(WARM_UP_REQUESTS);
  const groups = await alternate(GROUPS, SLICES, sides, (side, timesUs) => side.run(REQUESTS, timesUs));
  process.stdout.write(
    `One Region over one kept-alive TLS connection, ${GROUPS} x ${SLICES * REQUESTS} answers on either side (${process.version})\n`,
  );
  printRatio(`p99 with ${ALL_REGIONS.length} Regions up against that with one`, groups);
  for (const side of sides) side.close();
}

async function besideFlooded(): Promise<void> {
  const GROUPS = 5;
  const SLICES = 2;
  const REQUESTS = 320;
  const SERVICE_MS = 20;
  const CONCURRENCY = 4;
  const CAPACITY_PER_SECOND = (CONCURRENCY * 1_000) / SERVICE_MS;
  const OBSERVER_CONNECTIONS = 16;
  const FLOOD_PER_SECOND = 10 * CAPACITY_PER_SECOND;
  const serviceTime = { kind: 'constant', ms: SERVICE_MS } as const;
  const others = REGIONS.filter(
    ({ id, partition, enabledBy }) => partition === 'aws' && enabledBy === 'default' && id !== REGION,
  ).map(({ id }) => id);
  const regionSettings = Object.fromEntries(
    ALL_REGIONS.map((id) => [
      id,
      {
        pace: {
          concurrency: id === REGION ? OBSERVER_CONNECTIONS : CONCURRENCY,
          queueLimit: 40,
          serviceTime,
        },
      },
    ]),
  );
  await using service = await openBenchService({ ...prepared.config, regionSettings });
  pin(service.pid, SERVER_CORE);
  const observer = await caller(service.ports, OBSERVER_CONNECTIONS);
  const target = (id: string) => ({
    port: service.ports[id] ?? 0,
    servername: `sts.${id}.amazonaws.com`,
    request: signedRequests('AssumeRole', id, 1)[0] ?? new Uint8Array(0),
  });
  const options = { caPem: prepared.caPem, ratePerSecond: FLOOD_PER_SECOND, connections: 64 };
  const spread = await openFlood({ ...options, targets: others.map(target) });
  const flood = await openFlood({ ...options, targets: others.slice(0, 1).map(target) });
  for (const background of [spread, flood]) await background.during(() => observer.run(1_000));
  const groups = await alternate(GROUPS, SLICES, [spread, flood], (background, timesUs) =>
    background.during(() => observer.run(REQUESTS, timesUs)),
  );
  process.stdout.write(
    `One Region at a pace of ${SERVICE_MS} ms while others get ${FLOOD_PER_SECOND} requests a second, which is ten times what one can serve\n`,
  );
  printRatio(`p99 with one other flooded against all others loaded evenly`, groups);
  const share = ({ answered, refused }: typeof flood.counts): string =>
    `${Math.round((100 * refused) / answered)} % of ${answered}`;
  process.stdout.write(
    `    turned away: ${share(flood.counts)} by the flooded Region, ${share(spread.counts)} by the evenly loaded\n`,
  );
  for (const background of [spread, flood]) background.close();
  observer.close();
}

function caller(ports: Readonly<Record<string, number>>, connections: number): Promise<Replay> {
  return openReplay({
    port: ports[REGION] ?? 0,
    connections,
    requests: signedRequests('AssumeRole', REGION),
    tls: { caPem: prepared.caPem, servername: `sts.${REGION}.amazonaws.com` },
  });
}

/** Microseconds of each side, a list per group. The side that goes first changes from slice to slice. */
async function alternate<Side>(
  groupCount: number,
  slices: number,
  sides: readonly Side[],
  measure: (side: Side, timesUs: number[]) => Promise<void>,
): Promise<readonly (readonly number[])[][]> {
  const groups: number[][][] = [];
  for (let group = 0; group < groupCount; group += 1) {
    const times = sides.map(() => [] as number[]);
    for (let slice = 0; slice < slices; slice += 1) {
      const order = slice % 2 === 0 ? sides.keys() : sides.map((_, index) => index).reverse();
      for (const index of order) {
        const side = sides[index];
        if (side !== undefined) await measure(side, times[index] ?? []);
      }
    }
    groups.push(times);
  }
  return groups;
}

function printRatio(what: string, groups: readonly (readonly (readonly number[])[])[]): void {
  const p99 = (times: readonly number[] = []): number =>
    times.toSorted((one, other) => one - other)[Math.floor(times.length * 0.99)] ?? Number.NaN;
  printTarget(what, spreadOf(groups.map(([base, other]) => p99(other) / p99(base))), { atMost: 1.1 });
  const ms = (side: number): string =>
    `${(spreadOf(groups.map((times) => p99(times[side]))).median / 1_000).toFixed(2)} ms`;
  process.stdout.write(`    ${ms(1)} against ${ms(0)}\n`);
}
