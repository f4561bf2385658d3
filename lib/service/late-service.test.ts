import { describe, expect, test } from 'vitest';
import { regionalHost } from '../aws/endpoints.ts';
import type { ReceivedRequest, Served } from '../sts/region-service.ts';
import { createServiceFaults, type RequestFault } from '../sts/service-faults.ts';
import { createRandom } from '../time/random.ts';
import { createDepartures } from './departures.ts';
import { lateService } from './late-service.ts';
import { createPace } from './pace.ts';
import { pacedService } from './paced-service.ts';
import { virtualTime } from './virtual-time.fixture.ts';

const ACCOUNT = '111122223333';
const SERVED: Served = {
  answer: { status: 200, body: '', errorCode: '' },
  operation: 'AssumeRole',
  accessKeyId: 'AKIA',
  account: ACCOUNT,
};
const REQUEST: ReceivedRequest = {
  requestId: 'r-1',
  global: false,
  sourceIp: '',
  nowMs: 0,
  signingRegion: 'eu-west-1',
  signingService: 'sts',
  http: {
    method: 'POST',
    path: '/',
    query: '',
    headers: [['host', `${regionalHost('eu-west-1').toUpperCase()}:443`]],
    body: new Uint8Array(0),
  },
};

const late = (id: string, addedMs: number, more: Partial<Late['requests']> = {}): Late => ({
  id,
  kind: 'late',
  requests: { regions: ['eu-west-1'], share: 1, ...more },
  delay: { kind: 'fixed', addedMs },
  seed: 7,
});
type Late = Extract<RequestFault, { kind: 'late' }>;

/** @param serviceMs Pace of one at a time; none without it. */
function region(serviceMs?: number) {
  const time = virtualTime();
  const faults = createServiceFaults(['eu-west-1'], time.clock);
  const room = { clock: time.clock, departures: createDepartures(time) };
  const plain = { region: 'eu-west-1', answer: () => SERVED };
  const pace =
    serviceMs === undefined
      ? undefined
      : createPace(
          { concurrency: 1, queueLimit: 9, serviceTime: { kind: 'constant', ms: serviceMs } },
          createRandom(7),
        );
  const service = lateService(
    pace === undefined ? plain : pacedService(plain, pace, room, () => true),
    faults,
    room,
  );
  const leftMs: number[] = [];
  return {
    ...time,
    faults,
    service,
    leftMs,
    ask: async () => {
      expect(await service.answer(REQUEST)).toBe(SERVED);
      leftMs.push(time.clock() / 1_000);
    },
  };
}

describe('a late answer', () => {
  test('is the same answer after its delay, those of all faults added up', async () => {
    const { faults, ask, advance, leftMs } = region();
    faults.place(late('one', 80));
    faults.place(late('two', 40));
    void ask();
    await advance(1_000);
    expect(leftMs).toEqual([120]);
  });

  test('keeps to its operations, account and names', async () => {
    const { faults, service } = region();
    faults.place(late('operations', 80, { operations: ['GetCallerIdentity'] }));
    faults.place(late('account', 80, { account: '222233334444' }));
    faults.place(late('hosts', 80, { hosts: ['sts.amazonaws.com'] }));
    expect(service.answer(REQUEST)).toBe(SERVED);
    faults.place(late('mine', 80, { account: ACCOUNT, hosts: [regionalHost('eu-west-1')] }));
    expect(service.answer(REQUEST)).toBeInstanceOf(Promise);
  });

  test('leaves that much after its pace, on the one timer of the Region', async () => {
    const { faults, ask, advance, leftMs, timers } = region(20);
    faults.place(late('late', 100));
    for (let more = 0; more < 3; more += 1) void ask();
    await advance(30);
    expect(timers.size).toBe(1);
    await advance(1_000);
    expect(leftMs).toEqual([120, 140, 160]);
  });

  test('is none without a fault: the very answer comes back at once', () => {
    const { faults, service } = region();
    faults.place(late('late', 100))();
    expect(service.answer(REQUEST)).toBe(SERVED);
  });
});
