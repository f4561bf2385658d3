/** Report inputs for tests: the fixture run of measure, judged, and a run across partitions with a hole in a wall. */
import type { CallerRecord, JournalEvent, LinkRecord } from '../../lib/journal/event.ts';
import type { Sample } from '../../lib/journal/sample.ts';
import { tableOfSamples } from '../../lib/journal/sample-table.ts';
import type { Expectation } from '../../lib/measure/expectation.ts';
import { type FixtureOptions, fixtureHistory } from '../../lib/measure/fixture-history.ts';
import { type History, historyOf } from '../../lib/measure/history.ts';
import { judge } from '../../lib/measure/verdict.ts';
import type { ServiceFacts } from '../../lib/scenario/service-facts.ts';
import type { ReportInput } from './report-input.ts';

export const FIXTURE_EXPECTATIONS: readonly Expectation[] = [
  {
    kind: 'recovery',
    name: 'callers are served elsewhere within 5 s',
    fault: 'outage',
    group: 'app',
    milestone: 'failedOver',
    within: '5s',
  },
  { kind: 'lost-requests', name: 'few requests are lost', group: 'app', atMost: 20 },
  {
    kind: 'isolation',
    name: 'other Regions do not feel it',
    errorIncreaseAtMost: 0.01,
    p99IncreaseAtMost: '50ms',
  },
];

const QUESTION =
  'When eu-west-1 refuses connections, are its callers served elsewhere, and do they come home?';

/** One Region has a pace of its own; the others answer as they can. */
export function fixtureService(regions: readonly string[]): ServiceFacts {
  return {
    era: '2026',
    regions: regions.map((region, index) => ({
      region,
      pace:
        index === 0
          ? {
              concurrency: 8,
              queueLimit: 200,
              serviceTime: { kind: 'lognormal', medianMs: 6, p99Ms: 30 },
            }
          : null,
      quotas: { ratePerSecond: 600, burst: 600 },
      replicaDelayMs: 1_000 + 250 * index,
    })),
  };
}

export function inputOf(history: History, expectations = FIXTURE_EXPECTATIONS): ReportInput {
  return {
    history,
    judged: judge(history, expectations),
    scenario: { name: history.scenario, question: QUESTION },
    service: fixtureService(history.regions),
    provenance: { hash: '3f1c9b5a7e'.repeat(6).padEnd(64, '0'), complete: true, reason: '' },
  };
}

export function fixtureInput(options: FixtureOptions = {}): ReportInput {
  return inputOf(fixtureHistory(options));
}

const PARTITIONS = {
  aws: 'sts.eu-west-1.amazonaws.com',
  'aws-cn': 'sts.cn-north-1.amazonaws.com.cn',
  'aws-us-gov': 'sts.us-gov-west-1.amazonaws.com',
} as const;

/** Each partition's credentials at each endpoint; those of aws-cn are let in at aws-us-gov when `leak` is set. */
export function wallsHistory(leak: boolean): History {
  const names = Object.keys(PARTITIONS) as (keyof typeof PARTITIONS)[];
  const callers = names.flatMap((partition) => names.map((at): CallerRecord => callerOf(partition, at)));
  const links = Object.entries(PARTITIONS).map(
    ([partition, host]): LinkRecord => ({
      id: `eu-west-1->${host}`,
      location: 'eu-west-1',
      host,
      servingRegion: host.split('.')[1] ?? '',
      partition,
      roundTripMs: 1,
      modelled: partition === 'aws-cn',
    }),
  );
  const samples = callers.flatMap((caller, index) =>
    Array.from({ length: 40 }, (_, round) => wallSample(caller, index * 40 + round, leak)),
  );
  const counts = {
    planned: samples.length,
    ok: samples.filter((sample) => sample.outcome === 'ok').length,
    failed: samples.filter((sample) => sample.outcome === 'failed').length,
    indeterminate: 0,
    dropped: 0,
  };
  const wallMs = Date.UTC(2026, 10, 24, 21);
  const events: JournalEvent[] = [
    {
      kind: 'world.ready',
      monoUs: 0,
      wallMs,
      era: '2026',
      regions: links.map((link) => link.servingRegion),
      links,
      accounts: [],
      networkLimits: ['The embedded network has no loss.'],
    },
    {
      kind: 'load.started',
      monoUs: 1_000,
      wallMs,
      originUs: 1_000,
      durationUs: 10_000_000,
      planned: samples.length,
      callers,
    },
    {
      kind: 'load.ended',
      monoUs: 10_001_000,
      wallMs,
      counts,
      attempts: samples.length,
      stoppedEarly: false,
      lagMsMax: 0.2,
    },
  ];
  return { ...historyOf(events, tableOfSamples(samples)), scenario: 'partition-wall', runId: 'walls' };
}

function callerOf(partition: keyof typeof PARTITIONS, at: keyof typeof PARTITIONS): CallerRecord {
  return {
    name: `${partition}-at-${at}-1`,
    group: `${partition}-at-${at}`,
    location: 'eu-west-1',
    partition,
    credential: 'long-term',
    policy: 'pinned',
    endpoints: [PARTITIONS[at]],
    attemptTimeLimitMs: 1_000,
  };
}

function wallSample(caller: CallerRecord, arrival: number, leak: boolean): Sample {
  const [endpoint = ''] = caller.endpoints;
  const home = PARTITIONS[caller.partition as keyof typeof PARTITIONS] === endpoint;
  const accepted =
    home ||
    (leak && caller.partition === 'aws-cn' && endpoint === PARTITIONS['aws-us-gov'] && arrival % 13 === 0);
  const plannedUs = (arrival % 40) * 250_000 + 1_000;
  return {
    plannedUs,
    startedUs: plannedUs + 100,
    endedUs: plannedUs + 2_100 + (arrival % 7) * 50,
    caller: caller.name,
    location: caller.location,
    endpoint,
    servingRegion: endpoint.split('.')[1] ?? '',
    operation: 'GetCallerIdentity',
    arrival,
    attempt: 1,
    outcome: accepted ? 'ok' : 'failed',
    status: accepted ? 200 : 403,
    errorCode: accepted ? '' : 'InvalidClientTokenId',
    reused: true,
    connectUs: -1,
    tlsUs: -1,
    waitUs: 2_000,
    requestId: `request-${arrival}`,
  };
}
