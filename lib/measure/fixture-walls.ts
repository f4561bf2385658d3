/**
 * A synthetic run against the walls between aws, aws-cn and aws-us-gov, for tests: one caller per ordered pair and
 * kind of credential, each asking the other's endpoint with what it has. On request the wall has a hole.
 */
import type { CallerRecord, EventBody, JournalEvent, LinkRecord } from '../journal/event.ts';
import type { Sample } from '../journal/sample.ts';
import { tableOfSamples } from '../journal/sample-table.ts';
import { type History, historyOf } from './history.ts';

export interface WallFixtureOptions {
  /** Endpoint partition that takes session credentials of the other partition for its own. Default: none. */
  readonly hole?: { readonly credentials: string; readonly endpoint: string };
  /** An ordered pair that nobody tries. Default: all are tried. */
  readonly untried?: { readonly credentials: string; readonly endpoint: string };
}

const HOSTS = {
  aws: { region: 'eu-west-1', host: 'sts.eu-west-1.amazonaws.com' },
  'aws-cn': { region: 'cn-north-1', host: 'sts.cn-north-1.amazonaws.com.cn' },
  'aws-us-gov': { region: 'us-gov-west-1', host: 'sts.us-gov-west-1.amazonaws.com' },
} as const;

type Name = keyof typeof HOSTS;
const NAMES = Object.keys(HOSTS) as Name[];
const TRIES = 10;
const STEP_US = 50_000;

export function fixtureWalls(options: WallFixtureOptions = {}): History {
  const callers = NAMES.flatMap((from) =>
    NAMES.flatMap((to) =>
      (['long-term', 'session'] as const)
        .filter(() => options.untried?.credentials !== from || options.untried.endpoint !== to)
        .map((credential) => callerOf(from, to, credential)),
    ),
  );
  const samples = callers.flatMap((caller, number) =>
    Array.from({ length: TRIES }, (_, round) =>
      sampleOf(caller, round * callers.length + number, round, options),
    ),
  );
  return historyOf(eventsOf(callers, samples), tableOfSamples(samples));
}

function callerOf(from: Name, to: Name, credential: CallerRecord['credential']): CallerRecord {
  const group = `${from}-at-${to}-${credential}`;
  return {
    name: `${group}-1`,
    group,
    location: HOSTS[from].region,
    partition: from,
    credential,
    policy: 'pinned',
    endpoints: [HOSTS[to].host],
    attemptTimeLimitMs: 1_000,
  };
}

function sampleOf(caller: CallerRecord, arrival: number, round: number, options: WallFixtureOptions): Sample {
  const [host = ''] = caller.endpoints;
  const endpoint = NAMES.find((name) => HOSTS[name].host === host) ?? 'aws';
  const { hole } = options;
  const through =
    hole?.credentials === caller.partition &&
    hole.endpoint === endpoint &&
    caller.credential === 'session' &&
    round === 3;
  const accepted = caller.partition === endpoint || through;
  const plannedUs = arrival * STEP_US;
  return {
    plannedUs,
    startedUs: plannedUs + 100,
    endedUs: plannedUs + 2_100,
    caller: caller.name,
    location: caller.location,
    endpoint: host,
    servingRegion: HOSTS[endpoint].region,
    operation: 'GetCallerIdentity',
    arrival,
    attempt: 1,
    outcome: accepted ? 'ok' : 'failed',
    status: accepted ? 200 : 403,
    errorCode: accepted ? '' : 'InvalidClientTokenId',
    reused: round > 0,
    connectUs: -1,
    tlsUs: -1,
    waitUs: 1_900,
    requestId: `wall-${arrival}`,
  };
}

function eventsOf(callers: readonly CallerRecord[], samples: readonly Sample[]): JournalEvent[] {
  const originUs = 1_000_000_000;
  const durationUs = samples.length * STEP_US;
  const ok = samples.filter((sample) => sample.outcome === 'ok').length;
  const planned = samples.length;
  const counts = { planned, ok, failed: planned - ok, indeterminate: 0, dropped: 0 };
  const stamp = (runUs: number, body: EventBody): JournalEvent => ({
    monoUs: originUs + runUs,
    wallMs: Date.UTC(2026, 10, 24, 21) + Math.round(runUs / 1_000),
    ...body,
  });
  return [
    stamp(-900_000, {
      kind: 'run.opened',
      runId: '20261124T210000Z-partition-wall',
      scenario: 'partition-wall',
      seed: 7,
      versions: { regionfall: '0.1.0', node: '26.10.0' },
      machine: { platform: 'linux-x64', cpus: 2, memoryMb: 8192 },
      engine: 'embedded',
      network: 'embedded',
    }),
    stamp(-400_000, {
      kind: 'world.ready',
      era: '2026',
      regions: NAMES.map((name) => HOSTS[name].region),
      links: NAMES.flatMap((from) => NAMES.map((to) => linkOf(from, to))),
      accounts: NAMES.map((partition, index) => ({ id: `11112222333${index}`, partition })),
      networkLimits: [],
    }),
    stamp(0, { kind: 'load.started', originUs, durationUs, planned, callers }),
    stamp(durationUs, { kind: 'load.ended', counts, attempts: planned, stoppedEarly: false, lagMsMax: 2 }),
  ];
}

function linkOf(from: Name, to: Name): LinkRecord {
  const location = HOSTS[from].region;
  const { host, region: servingRegion } = HOSTS[to];
  const roundTripMs = from === to ? 0.6 : 180;
  return {
    id: `${location}->${host}`,
    location,
    host,
    servingRegion,
    partition: to,
    roundTripMs,
    modelled: true,
  };
}
