/**
 * When a fault begins against when it was planned to: the injector walks a timeline of short faults over a network
 * process, as in a run, and for each it is told how late its order was given, how long until it was confirmed, and how
 * late it was lifted. On the embedded network and, where there is one, on Toxiproxy. Some 20 s each.
 */

import type { FaultControl, NetworkFault } from '../lib/chaos/control.ts';
import { faultSchema } from '../lib/chaos/fault-kinds.ts';
import { createInjector } from '../lib/chaos/injector.ts';
import { timelineOf } from '../lib/chaos/timeline.ts';
import type { EventBody } from '../lib/journal/event.ts';
import type { NetworkConfig, NetworkReady } from '../lib/network/network-config.ts';
import { startChild } from '../lib/process/rpc.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { findTool } from '../lib/tools/find-tool.ts';
import { formatSpread, spreadOf } from './bench-kit.ts';
import { openEndpoint } from './link-kit.ts';
import { printTarget } from './target.ts';

const FAULTS = 60;
const EVERY_MS = 250;
const FOR_MS = 100;
const LEAD_MS = 4_000;
const HOST = 'sts.eu-west-1.amazonaws.com';
const LINK = `eu-west-1->${HOST}`;
const NOTHING = { setFault: async () => {}, renewFault: async () => {}, clearFault: async () => {} };

await using endpoint = await openEndpoint();
await measure('embedded', { kind: 'embedded' });
const toxiproxy = await findTool('toxiproxy');
if (toxiproxy.found) await measure('Toxiproxy', { kind: 'toxiproxy', toxiproxyPath: toxiproxy.path });

async function measure(name: string, kind: Pick<NetworkConfig, 'kind' | 'toxiproxyPath'>): Promise<void> {
  await using child = startChild({
    name: 'network',
    entry: new URL('../lib/network/process.ts', import.meta.url),
  });
  const link = { id: LINK, location: 'eu-west-1', host: HOST, roundTripMs: 3 };
  await child.call<NetworkReady>(
    'open',
    { ...kind, links: [{ ...link, upstreamPort: endpoint.echoPort }], edges: [], seed: 7 },
    60_000,
  );
  const network: FaultControl<NetworkFault> = {
    setFault: (fault) => child.call('setFault', fault),
    renewFault: (lease) => child.call('renewFault', lease),
    clearFault: (fault) => child.call('clearFault', fault),
  };
  const told: (EventBody & { readonly atUs: number })[] = [];
  const injector = createInjector({
    network,
    service: NOTHING,
    callers: NOTHING,
    // What is measured is the order and its answer; proof is another matter.
    prober: { probe: async () => ({ observed: 'ok', elapsedMs: 1 }) },
    journal: (body) => void told.push({ ...body, atUs: monotonicUs() }),
    clock: monotonicUs,
  });
  const faults = Array.from({ length: FAULTS }, (_, index) =>
    faultSchema.parse({
      name: `f${index}`,
      kind: 'refused',
      target: { region: 'eu-west-1' },
      at: `${LEAD_MS + index * EVERY_MS}ms`,
      for: `${FOR_MS}ms`,
    }),
  );
  const timeline = timelineOf(faults, (LEAD_MS + FAULTS * EVERY_MS) * 1_000, {
    links: [{ ...link, servingRegion: 'eu-west-1', partition: 'aws', modelled: false }],
    regions: ['eu-west-1'],
    accounts: [],
    groups: [],
    replicaDelayMsMax: 0,
    seed: 7,
  });
  const originUs = monotonicUs();
  await injector.run(timeline, originUs, new AbortController().signal);
  const late: number[] = [];
  const confirmed: number[] = [];
  const lifted: number[] = [];
  for (const event of told) {
    if (event.kind !== 'fault.applied' && event.kind !== 'fault.lifted') continue;
    const planned = timeline.faults.find((fault) => fault.name === event.fault);
    if (planned === undefined) continue;
    const dueUs = originUs + (event.kind === 'fault.applied' ? planned.fromUs : planned.toUs);
    const lateMs = (event.requestedUs - dueUs) / 1_000;
    (event.kind === 'fault.applied' ? late : lifted).push(lateMs);
    if (event.kind === 'fault.applied') confirmed.push((event.atUs - event.requestedUs) / 1_000);
  }
  process.stdout.write(`${FAULTS} faults on the ${name} network, median and range\n`);
  printTarget('order given after its planned moment', spreadOf(late), { atMost: 5 }, ' ms');
  printTarget('confirmed after the order', spreadOf(confirmed), { atMost: 10 }, ' ms');
  process.stdout.write(
    `  order to lift given after its planned moment: ${formatSpread(spreadOf(lifted), 2)} ms\n`,
  );
}
