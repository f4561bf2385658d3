/**
 * A small synthetic run for tests: Regions eu-west-1, eu-central-1 and us-east-1 and the global endpoint; callers
 * of `app` in eu-west-1 lose their Region to a refused outage, are served by eu-central-1 and come home, while
 * three pinned control groups look on. Arithmetic instead of sockets, and a seed instead of chance.
 */
import type { CallerRecord, EventBody, FaultPlanned, JournalEvent, LinkRecord } from '../journal/event.ts';
import type { Outcome, Sample } from '../journal/sample.ts';
import { tableOfSamples } from '../journal/sample-table.ts';
import { createRandom, type Random } from '../time/random.ts';
import {
  callersOf,
  FIXTURE_GROUPS,
  FIXTURE_HOME,
  FIXTURE_LINKS,
  FIXTURE_REGIONS,
  linkTo,
} from './fixture-world.ts';
import { type History, historyOf } from './history.ts';

export interface FixtureOptions {
  /** Default 7. */
  readonly seed?: number;
  /** Whether there is an outage at all. Default true. */
  readonly outage?: boolean;
  /** The probe's answer while the outage is on. Default true. */
  readonly proved?: boolean;
  /** Reason of an abort after the last sample. Default: not aborted. */
  readonly aborted?: string;
  /** What of the harness broke after the last sample. Default: nothing. */
  readonly failure?: string;
  /** Share of arrivals that the generator drops, 0 to 1. Default 0. */
  readonly droppedShare?: number;
  /** Worst lateness of the generator in milliseconds. Default 3. */
  readonly lagMsMax?: number;
  /** Share of arrivals that start as late as that, 0 to 1. Default 0. */
  readonly lateShare?: number;
  /** Whether callers of `app` have somewhere else to go. Default true. */
  readonly failover?: boolean;
}

/** Times of the fixture, in microseconds of the run. */
export const FIXTURE = {
  originUs: 5_000_000_000,
  durationUs: 60_000_000,
  outage: 'outage',
  appliedRequestedUs: 20_000_000,
  appliedUs: 20_002_400,
  liftedRequestedUs: 40_000_000,
  liftedUs: 40_003_100,
  failBackAfterUs: 2_000_000,
} as const;

export function fixtureHistory(options: FixtureOptions = {}): History {
  const { events, samples } = fixtureRun(options);
  return historyOf(events, tableOfSamples(samples));
}

/** The fixture's run with its samples changed. */
export function altered(
  change: (samples: readonly Sample[]) => readonly Sample[],
  options?: FixtureOptions,
): History {
  const { events, samples } = fixtureRun(options);
  return historyOf(events, tableOfSamples(change(samples)));
}

/** The same run as the journal would hold it. */
export function fixtureRun(options: FixtureOptions = {}): {
  readonly events: readonly JournalEvent[];
  readonly samples: readonly Sample[];
} {
  const random = createRandom(`fixture/${options.seed ?? 7}`);
  const callers = FIXTURE_GROUPS.flatMap((group) => callersOf(group, options.failover ?? true));
  const samples = samplesOf(callers, options, random);
  return { events: eventsOf(callers, samples, options), samples };
}

interface CallerState {
  readonly record: CallerRecord;
  readonly connected: Set<string>;
  /** When it last gave up on its first choice; it tries again `failBackAfterUs` later. */
  awayAtUs: number | undefined;
}

function samplesOf(callers: readonly CallerRecord[], options: FixtureOptions, random: Random): Sample[] {
  const planned = FIXTURE_GROUPS.flatMap((group) => {
    const arrivals = random.fork(`arrivals/${group.name}`);
    const states = callers
      .filter((caller) => caller.group === group.name)
      .map((record): CallerState => ({ record, connected: new Set(), awayAtUs: undefined }));
    const list: { plannedUs: number; state: CallerState }[] = [];
    for (let at = 0; ; ) {
      at += Math.round(arrivals.exponential(1_000_000 / group.ratePerSecond));
      const state = states[arrivals.below(states.length)];
      if (at >= FIXTURE.durationUs || state === undefined) return list;
      list.push({ plannedUs: at, state });
    }
  }).sort((one, other) => one.plannedUs - other.plannedUs);

  const chance = random.fork('service');
  const samples: Sample[] = [];
  for (const [arrival, { plannedUs, state }] of planned.entries()) {
    if (chance.next() < (options.droppedShare ?? 0)) {
      samples.push(droppedSample(state.record, arrival, plannedUs));
    } else {
      samples.push(...attemptsOf(state, arrival, plannedUs, options, chance));
    }
  }
  return samples;
}

function attemptsOf(
  state: CallerState,
  arrival: number,
  plannedUs: number,
  options: FixtureOptions,
  chance: Random,
): Sample[] {
  const [first = FIXTURE_HOME, second] = state.record.endpoints;
  const away = state.awayAtUs !== undefined && plannedUs < state.awayAtUs + FIXTURE.failBackAfterUs;
  const order = second === undefined ? [first] : away ? [second] : [first, second];
  const operation = chance.next() < 0.8 ? 'AssumeRole' : 'GetCallerIdentity';
  const attempts: Sample[] = [];
  const late = options.lateShare !== undefined && chance.next() < options.lateShare;
  let startedUs = plannedUs + (late ? (options.lagMsMax ?? 3) * 1_000 : 40 + chance.below(200));
  for (const [index, endpoint] of order.entries()) {
    const target = linkTo(state.record.location, endpoint);
    const refused = isOut(target, startedUs, options);
    const reused = !refused && state.connected.has(endpoint);
    const roundTripUs = target.roundTripMs * 1_000;
    const waitUs = Math.round(roundTripUs + 350 + chance.exponential(180));
    const connectUs = reused || refused ? -1 : Math.round(roundTripUs + 60);
    const tlsUs = reused || refused ? -1 : Math.round(roundTripUs * 2 + 1_100);
    const tookUs = refused ? 120 + chance.below(400) : waitUs + Math.max(connectUs, 0) + Math.max(tlsUs, 0);
    const outcome: Outcome = refused ? 'failed' : 'ok';
    attempts.push({
      plannedUs,
      startedUs,
      endedUs: startedUs + tookUs,
      caller: state.record.name,
      location: state.record.location,
      endpoint,
      servingRegion: refused ? '' : target.servingRegion,
      operation,
      arrival,
      attempt: index + 1,
      outcome,
      status: refused ? 0 : 200,
      errorCode: refused ? 'ECONNREFUSED' : '',
      reused,
      connectUs,
      tlsUs,
      waitUs: refused ? -1 : waitUs,
      requestId: refused ? '' : `fixture-${arrival}-${index + 1}`,
    });
    if (refused) {
      state.connected.delete(endpoint);
      if (endpoint === first) state.awayAtUs = startedUs;
    } else {
      state.connected.add(endpoint);
      if (endpoint === first) state.awayAtUs = undefined;
      return attempts;
    }
    startedUs += tookUs + 80;
  }
  return attempts;
}

function isOut(target: LinkRecord, atUs: number, options: FixtureOptions): boolean {
  if (options.outage === false || !outageLinks().includes(target.id)) return false;
  return atUs >= FIXTURE.appliedRequestedUs + 900 && atUs < FIXTURE.liftedRequestedUs + 1_100;
}

function outageLinks(): readonly string[] {
  return FIXTURE_LINKS.filter((candidate) => candidate.servingRegion === 'eu-west-1').map(
    (candidate) => candidate.id,
  );
}

function droppedSample(caller: CallerRecord, arrival: number, plannedUs: number): Sample {
  return {
    plannedUs,
    startedUs: plannedUs,
    endedUs: plannedUs,
    caller: caller.name,
    location: caller.location,
    endpoint: caller.endpoints[0] ?? '',
    servingRegion: '',
    operation: 'AssumeRole',
    arrival,
    attempt: 1,
    outcome: 'dropped',
    status: 0,
    errorCode: '',
    reused: false,
    connectUs: -1,
    tlsUs: -1,
    waitUs: -1,
    requestId: '',
  };
}

function eventsOf(
  callers: readonly CallerRecord[],
  samples: readonly Sample[],
  options: FixtureOptions,
): JournalEvent[] {
  const counts = countsOf(samples);
  const lagMsMax = options.lagMsMax ?? 3;
  const events: JournalEvent[] = [];
  const add = (runUs: number, body: EventBody): void => {
    const wallMs = Date.UTC(2026, 10, 24, 21) + Math.round(runUs / 1_000);
    events.push({ monoUs: FIXTURE.originUs + runUs, wallMs, ...body });
  };
  add(-1_500_000, {
    kind: 'run.opened',
    runId: '20261124T210000Z-region-outage',
    scenario: 'region-outage',
    seed: options.seed ?? 7,
    versions: { regionfall: '0.1.0', node: '26.10.0' },
    machine: { platform: 'linux-x64', cpus: 2, memoryMb: 8192 },
    engine: 'embedded',
    network: 'embedded',
  });
  add(-400_000, {
    kind: 'world.ready',
    era: '2026',
    regions: FIXTURE_REGIONS,
    links: FIXTURE_LINKS,
    accounts: [{ id: '111122223333', partition: 'aws' }],
    networkLimits: [],
  });
  const { originUs, durationUs } = FIXTURE;
  add(0, { kind: 'load.started', originUs, durationUs, planned: counts.planned, callers });
  if (options.outage !== false) addOutage(add, options.proved ?? true);
  add(durationUs + 150_000, {
    kind: 'load.ended',
    counts,
    attempts: samples.length - counts.dropped,
    stoppedEarly: false,
    lagMsMax,
  });
  if (options.failure !== undefined) {
    add(durationUs + 160_000, { kind: 'run.aborted', by: 'failure', reason: options.failure });
  }
  if (options.aborted !== undefined) {
    add(durationUs + 160_000, { kind: 'run.aborted', by: 'person', reason: options.aborted });
  }
  return events;
}

function addOutage(add: (runUs: number, body: EventBody) => void, proved: boolean): void {
  const fault = FIXTURE.outage;
  const planned: FaultPlanned = {
    kind: 'fault.planned',
    fault,
    faultKind: 'refused',
    title: 'eu-west-1 refuses connections',
    fromUs: 20_000_000,
    toUs: 40_000_000,
    links: outageLinks(),
    regions: ['eu-west-1'],
  };
  const probe = (phase: 'before' | 'during' | 'after', good: boolean, observed: string): EventBody => ({
    kind: 'fault.probed',
    fault,
    phase,
    proved: good,
    probes: [
      {
        link: `eu-west-1->${FIXTURE_HOME}`,
        operation: 'GetCallerIdentity',
        expected: phase === 'during' ? 'refused' : 'ok',
        observed,
        elapsedMs: 2.1,
      },
    ],
  });
  add(-300_000, planned);
  add(19_900_000, probe('before', true, 'ok'));
  add(FIXTURE.appliedUs, {
    kind: 'fault.applied',
    fault,
    requestedUs: FIXTURE.originUs + FIXTURE.appliedRequestedUs,
  });
  add(20_010_000, probe('during', proved, proved ? 'refused' : 'ok'));
  add(FIXTURE.liftedUs, {
    kind: 'fault.lifted',
    fault,
    requestedUs: FIXTURE.originUs + FIXTURE.liftedRequestedUs,
  });
  add(40_020_000, probe('after', true, 'ok'));
  add(40_020_100, { kind: 'fault.healed', fault, healed: true });
}

/** Counted here by hand rather than by measure's own code, which these counts are there to check. */
function countsOf(samples: readonly Sample[]) {
  const last = new Map<number, Sample>();
  for (const sample of samples) {
    const known = last.get(sample.arrival);
    if (known === undefined || known.attempt < sample.attempt) last.set(sample.arrival, sample);
  }
  const counts = { planned: last.size, ok: 0, failed: 0, indeterminate: 0, dropped: 0 };
  for (const sample of last.values()) counts[sample.outcome] += 1;
  return counts;
}
