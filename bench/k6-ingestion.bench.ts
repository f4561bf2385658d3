/** Reading what k6 writes, against JSON.parse of every line: the reader must keep up with k6 beside its other work. */

import { createK6Reader } from '../lib/k6/reader.ts';
import { type AttemptRow, encodeRow } from '../lib/k6/script/attempt-row.ts';
import { compare, printComparison, type RoundCost, speedAgainst } from './bench-kit.ts';
import { printTarget } from './target.ts';

const REQUESTS = 20_000;
const CHUNK_BYTES = 65_536;
const ROUNDS = 7;

/** What k6 1.1.0 measures of each request. */
const METRICS = [
  'http_reqs',
  'http_req_duration',
  'http_req_blocked',
  'http_req_connecting',
  'http_req_tls_handshaking',
  'http_req_sending',
  'http_req_waiting',
  'http_req_receiving',
  'http_req_failed',
];

/** The tags that k6 gives a request by itself, and those that our generated script leaves. */
const TAGS = {
  'as k6 tags them by itself': {
    expected_response: 'true',
    group: '',
    method: 'POST',
    name: 'sts',
    proto: 'HTTP/1.1',
    scenario: 'checkout',
    status: '200',
    tls_version: 'tls1.3',
    url: 'https://sts.eu-west-1.amazonaws.com:21001/',
  },
  'as the generated script leaves them': { name: 'sts' },
} as const;

function outputWith(tags: object): Buffer {
  const lines = Array.from({ length: REQUESTS }, (_, index) => {
    const time = `2026-11-25T10:19:${String(index % 60).padStart(2, '0')}.131692201Z`;
    const points = METRICS.map((metric) =>
      JSON.stringify({ metric, type: 'Point', data: { time, value: 31.551748, tags } }),
    );
    const row = encodeRow({ ...ROW, caller: index % 6, arrival: index, plannedUs: ROW.plannedUs + index });
    const data = { time, value: 1, tags: {}, metadata: { row } };
    return [...points, JSON.stringify({ metric: 'regionfall_attempt', type: 'Point', data })].join('\n');
  });
  return Buffer.from(`${lines.join('\n')}\n`);
}

const ROW: AttemptRow = {
  group: 'app',
  caller: 0,
  arrival: 0,
  attempt: 1,
  plannedUs: 1_795_582_543_000_000,
  operation: 'AssumeRole',
  host: 'sts.eu-west-1.amazonaws.com',
  status: 200,
  errorCode: '',
  servingRegion: 'eu-west-1',
  requestId: '6f3817f4-8c92-4a72-8396-79f2cd1c96b7',
  outcome: 'ok',
  final: true,
  tookUs: 31_250,
  reused: true,
  connectUs: -1,
  tlsUs: -1,
  waitUs: 31_000,
  servedAtMs: 1_795_582_543_031,
};

async function measured(work: () => number): Promise<RoundCost> {
  const before = process.cpuUsage();
  const units = work();
  const { user, system } = process.cpuUsage(before);
  if (units !== REQUESTS) throw new Error(`read ${units} of ${REQUESTS} rows`);
  return { units, cpuUs: user + system };
}

function parsed(output: Buffer): number {
  let rows = 0;
  for (const line of output.toString('utf8').split('\n')) {
    if (line !== '' && (JSON.parse(line) as { metric: string }).metric === 'regionfall_attempt') rows += 1;
  }
  return rows;
}

function read(output: Buffer): number {
  let rows = 0;
  const reader = createK6Reader(() => {
    rows += 1;
  });
  for (let from = 0; from < output.length; from += CHUNK_BYTES)
    reader.push(output.subarray(from, from + CHUNK_BYTES));
  return rows;
}

for (const [title, tags] of Object.entries(TAGS)) {
  const output = outputWith(tags);
  const results = await compare(
    [
      { name: 'JSON.parse of every line', round: () => measured(() => parsed(output)) },
      { name: 'the reader, rows made of it', round: () => measured(() => read(output)) },
    ],
    ROUNDS,
    3,
  );
  printComparison(`${METRICS.length + 1} lines of k6 for each request, ${title}; cost per request`, results);
  printTarget('the reader against JSON.parse', speedAgainst(results[1], results[0]), {
    atLeast: 7,
    farOff: 8,
  });
}
