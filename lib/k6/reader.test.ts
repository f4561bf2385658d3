import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createK6Reader, type K6Attempt } from './reader.ts';
import { type AttemptRow, decodeRow, encodeRow } from './script/attempt-row.ts';

const ROW: AttemptRow = {
  group: 'app',
  caller: 2,
  arrival: 17,
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

const TIME = '2026-11-25T10:19:36.131692201Z';
const TIME_US = Date.parse('2026-11-25T10:19:36Z') * 1_000 + 131_692;

const pointOf = (row: string, time = TIME): string =>
  JSON.stringify({
    metric: 'regionfall_attempt',
    type: 'Point',
    data: { time, value: 1, tags: {}, metadata: { row } },
  });
const metric = (name: string, value: number, tags: object = {}): string =>
  JSON.stringify({ metric: name, type: 'Point', data: { time: TIME, value, tags } });

/** As k6 writes them: declarations, what it measures of each request, and our rows in between. */
const LINES = [
  JSON.stringify({ type: 'Metric', data: { name: 'http_reqs', type: 'counter' }, metric: 'http_reqs' }),
  metric('http_reqs', 1, { name: 'start' }),
  metric('http_reqs', 1, { name: 'sts' }),
  metric('http_req_duration', 31.25, { name: 'sts' }),
  pointOf(encodeRow(ROW)),
  metric('iteration_duration', 40),
  metric('iterations', 1),
  metric('http_reqs', 1, { name: 'https://example.test/' }),
  metric('dropped_iterations', 3),
  pointOf(encodeRow({ ...ROW, arrival: 18, errorCode: 'Täuschung "\\"' })),
  metric('data_sent', 1_234),
];

function read(chunks: readonly Buffer[]) {
  const attempts: K6Attempt[] = [];
  const reader = createK6Reader((attempt) => attempts.push(attempt));
  for (const chunk of chunks) reader.push(chunk);
  return { attempts, counts: { ...reader.counts }, left: reader.end() };
}

const whole = Buffer.from(`${LINES.join('\n')}\n`);

describe('the reader of what k6 writes', () => {
  it('finds the rows, with the time at which each ended, and counts what k6 counted', () => {
    const { attempts, counts, left } = read([whole]);
    expect(attempts).toEqual([
      { ...ROW, endedUs: TIME_US },
      { ...ROW, arrival: 18, errorCode: 'Täuschung "\\"', endedUs: TIME_US },
    ]);
    expect(counts).toEqual({
      requests: 1,
      strangers: 1,
      iterations: 1,
      dropped: 3,
      attempts: 2,
      unreadable: 0,
    });
    expect(left).toBe(0);
  });

  it('reads the same wherever the pieces are cut', () => {
    const expected = read([whole]);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.toSorted((one, other) => one - other), whole.length];
        const chunks = places.slice(1).map((end, index) => whole.subarray(places[index] ?? 0, end));
        expect(read(chunks)).toEqual(expected);
      }),
    );
  });

  it('tells how much of a last line was cut off, and reads all before it', () => {
    const cut = whole.subarray(0, whole.length - 20);
    expect(read([cut])).toMatchObject({
      counts: { attempts: 2 },
      left: LINES.at(-1)?.length === undefined ? 0 : (LINES.at(-1)?.length ?? 0) - 19,
    });
  });

  it('survives garbage, and counts what it could not read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { attempts } = read([Buffer.from(bytes), Buffer.from('\n'), whole]);
        expect(attempts.length).toBeGreaterThanOrEqual(2);
      }),
    );
    const nonsense = encodeRow(ROW).replace('|17|', '|x|');
    const { attempts, counts } = read([Buffer.from(`${pointOf('1|2')}\n${pointOf(nonsense)}\n`)]);
    expect(attempts).toEqual([]);
    expect(counts.unreadable).toBe(2);
  });

  it('does not keep a line that never ends', () => {
    const reader = createK6Reader(() => {});
    const piece = Buffer.alloc(65_536, 'x');
    for (let megabytes = 0; megabytes < 64; megabytes += 1) reader.push(piece);
    expect(reader.counts.unreadable).toBe(1);
    expect(reader.end()).toBeLessThanOrEqual(1_048_576 + piece.length);
  });

  it('knows its own rows from others', () => {
    expect(decodeRow(encodeRow(ROW), 7)).toEqual({ ...ROW, endedUs: 7 });
    expect(() => decodeRow('a|b', 7)).toThrow(SyntaxError);
  });

  it('takes the zone of a time into account', () => {
    const { attempts } = read([Buffer.from(`${pointOf(encodeRow(ROW), '2026-11-25T11:19:36.5+01:00')}\n`)]);
    expect(attempts[0]?.endedUs).toBe(Date.parse('2026-11-25T10:19:36.5Z') * 1_000);
  });
});
