import { describe, expect, test } from 'vitest';
import type { ReceivedRequest, RegionService, Served } from '../sts/region-service.ts';
import { createRandom } from '../time/random.ts';
import { createDepartures } from './departures.ts';
import { createPace, type PaceSpec } from './pace.ts';
import { pacedService } from './paced-service.ts';
import { virtualTime } from './virtual-time.fixture.ts';

const served = (errorCode = ''): Served => ({
  answer: { status: errorCode === '' ? 200 : 400, body: '', errorCode },
  operation: 'AssumeRole',
  accessKeyId: 'AKIA',
  account: '111122223333',
});

const request = (headers: ReceivedRequest['http']['headers'] = []): ReceivedRequest => ({
  requestId: 'r-1',
  global: false,
  sourceIp: '',
  nowMs: 0,
  signingRegion: 'eu-west-1',
  signingService: 'sts',
  http: { method: 'POST', path: '/', query: '', headers, body: new Uint8Array(0) },
});

const ONE_AT_A_TIME: PaceSpec = {
  concurrency: 1,
  queueLimit: 2,
  serviceTime: { kind: 'constant', ms: 20 },
};

function region(
  answer: RegionService['answer'] = () => served(),
  spec = ONE_AT_A_TIME,
  inForce = () => true,
) {
  const time = virtualTime();
  const pace = createPace(spec, createRandom(7));
  const room = { clock: time.clock, departures: createDepartures(time) };
  const service = pacedService({ region: 'eu-west-1', answer }, pace, room, inForce);
  const left: { atMs: number; errorCode: string }[] = [];
  const ask = async (): Promise<void> => {
    const { answer: given } = await service.answer(request());
    left.push({ atMs: time.clock() / 1_000, errorCode: given.errorCode });
  };
  return { service, time, left, ask };
}

describe('an answer', () => {
  test('leaves when its server would be done, after those before it', async () => {
    const { time, left, ask } = region();
    void ask();
    void ask();
    await time.advance(5);
    void ask();
    await time.advance(100);
    expect(left.map(({ atMs }) => atMs)).toEqual([20, 40, 60]);
  });

  test('is 503 at once where the queue is full, and says so to the log with whose request it was', async () => {
    const { service, time, left, ask } = region();
    for (let more = 0; more < 3; more += 1) void ask();
    const refused = await service.answer(request());
    expect(refused).toMatchObject({
      answer: { status: 503, errorCode: 'ServiceUnavailable', contentType: 'text/xml' },
      operation: 'AssumeRole',
      account: '111122223333',
    });
    expect(refused.answer.body).toContain('<Type>Receiver</Type>');
    const json = await service.answer(request([['accept', 'application/json']]));
    expect(JSON.parse(json.answer.body)).toMatchObject({ Error: { Code: 'ServiceUnavailable' } });
    expect(time.clock()).toBe(0);
    await time.advance(100);
    expect(left).toHaveLength(3);
  });

  test.each(['Throttling', 'HtmlPage'])('of %s leaves at once and keeps no server busy', async (code) => {
    let errorCode = code;
    const { time, left, ask } = region(() => served(errorCode));
    for (let more = 0; more < 50; more += 1) void ask();
    errorCode = '';
    void ask();
    await time.advance(100);
    expect(left.filter(({ atMs }) => atMs === 0)).toHaveLength(50);
    expect(left.at(-1)).toEqual({ atMs: 20, errorCode: '' });
  });

  test('that had to be fetched takes its place when it has come', async () => {
    const { time, left, ask } = region(() => Promise.resolve(served()));
    void ask();
    await time.advance(100);
    expect(left).toEqual([{ atMs: 20, errorCode: '' }]);
  });

  test('waits for nothing while the pace is not in force', () => {
    let inForce = false;
    const { service } = region(
      () => served(),
      ONE_AT_A_TIME,
      () => inForce,
    );
    for (let more = 0; more < 10; more += 1) expect(service.answer(request())).toEqual(served());
    inForce = true;
    expect(service.answer(request())).toBeInstanceOf(Promise);
  });
});

test('a thousand waiting answers have one timer between them', async () => {
  const wide = { concurrency: 100, queueLimit: 1_000, serviceTime: { kind: 'constant', ms: 20 } } as const;
  const { time, left, ask } = region(() => served(), wide);
  for (let more = 0; more < 1_000; more += 1) void ask();
  expect(time.timers.size).toBe(1);
  await time.advance(1_000);
  expect(left).toHaveLength(1_000);
  expect(time.timers.size).toBe(0);
  // One for each moment at which answers leave.
  expect(time.armed()).toBe(10);
});

test('answers that overtake one another leave at their own times, from one timer', async () => {
  const uneven = {
    concurrency: 50,
    queueLimit: 0,
    serviceTime: { kind: 'lognormal', medianMs: 20, p99Ms: 200 },
  } as const;
  const { time, left, ask } = region(() => served(), uneven);
  const pace = createPace(uneven, createRandom(7));
  const dueMs: number[] = [];
  for (let more = 0; more < 50; more += 1) {
    void ask();
    const slot = pace.admit(0);
    if (slot !== 'full') dueMs.push(slot.endUs / 1_000);
    expect(time.timers.size).toBe(1);
  }
  await time.advance(10_000);
  dueMs.sort((one, other) => one - other);
  expect(left).toHaveLength(50);
  for (const [index, { atMs }] of left.entries()) {
    expect(Math.abs(atMs - (dueMs[index] ?? 0))).toBeLessThanOrEqual(1);
  }
});
