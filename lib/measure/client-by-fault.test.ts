import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../journal/event.ts';
import type { Sample } from '../journal/sample.ts';
import { tableOfSamples } from '../journal/sample-table.ts';
import { clientsByFault } from './client-by-fault.ts';
import { historyOf } from './history.ts';
import { revelationsOf } from './revelations.ts';

const SECOND = 1_000_000;
const HOME = 'sts.eu-west-1.amazonaws.com';
const AWAY = 'sts.eu-central-1.amazonaws.com';

const stamp = { monoUs: 0, wallMs: 0 };

const caller = (name: string, policy: string) => ({
  name: `${name}-1`,
  group: name,
  location: 'eu-west-1',
  partition: 'aws',
  credential: 'long-term' as const,
  policy,
  endpoints: [HOME],
  attemptTimeLimitMs: null,
});

/** Ten seconds of load with a fault from the fourth to the sixth. */
const EVENTS: readonly JournalEvent[] = [
  {
    ...stamp,
    kind: 'callers.described',
    clients: [{ group: 'sdk', client: 'AWS SDK for JavaScript 3.1', settings: 'as it comes' }],
  },
  {
    ...stamp,
    kind: 'load.started',
    originUs: 0,
    durationUs: 10 * SECOND,
    planned: 0,
    callers: [caller('sdk', 'pinned'), caller('keeper', 'cached')],
  },
  {
    ...stamp,
    kind: 'fault.planned',
    fault: 'silence',
    faultKind: 'silence',
    title: 'silence',
    fromUs: 4 * SECOND,
    toUs: 6 * SECOND,
    links: [],
    regions: ['eu-west-1'],
  },
  { ...stamp, kind: 'fault.applied', fault: 'silence', requestedUs: 4 * SECOND, monoUs: 4 * SECOND },
  { ...stamp, kind: 'fault.lifted', fault: 'silence', requestedUs: 6 * SECOND, monoUs: 6 * SECOND },
  {
    ...stamp,
    kind: 'edge.dialled',
    group: 'sdk',
    location: 'eu-west-1',
    host: 'sts.amazonaws.com',
    port: 443,
    allowed: false,
    times: 3,
  },
];

let arrivals = 0;

/** An arrival of so many attempts, the last of which ended as told. */
function arrival(group: string, plannedUs: number, attempts: readonly Partial<Sample>[]): readonly Sample[] {
  const number = arrivals;
  arrivals += 1;
  return attempts.map((attempt, index) => ({
    plannedUs,
    startedUs: plannedUs,
    endedUs: plannedUs + 20_000,
    caller: `${group}-1`,
    location: 'eu-west-1',
    endpoint: HOME,
    servingRegion: '',
    operation: 'AssumeRole',
    arrival: number,
    attempt: index + 1,
    outcome: 'ok',
    status: 200,
    errorCode: '',
    reused: true,
    connectUs: -1,
    tlsUs: -1,
    waitUs: -1,
    requestId: '',
    ...attempt,
  }));
}

const FAILED = { outcome: 'failed', status: 0, errorCode: 'ECONNRESET' } as const;
const CACHED = { endpoint: '', status: 0 } as const;

function clients(samples: readonly Sample[]) {
  const history = historyOf(EVENTS, tableOfSamples(samples));
  const rows = clientsByFault(history, undefined);
  return { rows, revelations: revelationsOf(history, rows) };
}

describe('the table of clients and faults', () => {
  const { rows, revelations } = clients([
    ...arrival('sdk', SECOND, [{}]),
    ...arrival('sdk', 8 * SECOND, [{}]),
    ...arrival('sdk', 5 * SECOND, [FAILED, FAILED, { ...FAILED, endedUs: 5 * SECOND + 90_000 }]),
    ...arrival('sdk', 4.5 * SECOND, [{ ...FAILED, endedUs: 6 * SECOND + 1 }]),
    ...arrival('sdk', 5.5 * SECOND, [
      { outcome: 'indeterminate', status: 0, errorCode: 'UNANSWERED', endedUs: 9 * SECOND },
    ]),
    ...arrival('keeper', 0, [{}]),
    ...arrival('keeper', 5 * SECOND, [CACHED]),
    ...arrival('keeper', 5.1 * SECOND, [FAILED, CACHED]),
    ...arrival('keeper', 5.2 * SECOND, [FAILED]),
  ]);
  const [sdk, keeper] = rows;

  it('names what calls, by its version where it is not ours, and by its policy where it is', () => {
    expect(sdk).toMatchObject({ client: 'AWS SDK for JavaScript 3.1', settings: 'as it comes' });
    expect(keeper).toMatchObject({ client: 'Regionfall, cached', settings: '' });
  });

  it('counts attempts for each arrival, without a fault and in it', () => {
    expect(sdk?.cells.map(({ fault, arrivals: n, attemptsEach }) => [fault, n, attemptsEach])).toEqual([
      [null, 2, 1],
      ['silence', 3, 5 / 3],
    ]);
  });

  it('tells what gave up from what waited until the fault, or the load, was over', () => {
    expect(sdk?.cells[1]).toMatchObject({ held: 2, giveUpUsMedian: 90_000, giveUpUsMost: 90_000 });
  });

  it('takes what was served from the cache for served, and for no attempt', () => {
    expect(keeper?.cells[1]).toMatchObject({
      arrivals: 3,
      cached: 2,
      attemptsEach: 1,
      served: { value: 2 / 3 },
    });
  });

  it('reveals amplification, names that nobody gave, and credentials that outlived their Region', () => {
    expect(revelations).toMatchObject({
      amplifications: [{ group: 'sdk', fault: 'silence', without: 1 }],
      hidden: [{ group: 'sdk', host: 'sts.amazonaws.com', times: 3 }],
      outlived: [{ group: 'keeper', fault: 'silence', uses: 2, without: 1 }],
    });
  });

  it('reveals an endpoint that the group was not given, and a signature for another Region', () => {
    const found = clients([
      ...arrival('sdk', SECOND, [
        { endpoint: AWAY, outcome: 'failed', status: 403, errorCode: 'SignatureDoesNotMatch' },
      ]),
    ]);
    expect(found.revelations.hidden).toContainEqual({ group: 'sdk', host: AWAY, times: 1 });
    expect(found.revelations.wrongSignatures).toEqual([{ group: 'sdk', endpoint: AWAY, times: 1 }]);
  });

  it('is silent where there is nothing to reveal', () => {
    const { revelations: nothing } = clients(arrival('keeper', SECOND, [{}]));
    expect({ ...nothing, hidden: [] }).toMatchObject({
      amplifications: [],
      hidden: [],
      wrongSignatures: [],
      outlived: [],
    });
  });
});
