import { describe, expect, test } from 'vitest';
import { GLOBAL_ENDPOINT, regionalHost } from '../aws/endpoints.ts';
import { recordedCodes, recordedError } from './fault-messages.ts';
import { createServiceFaults, type FaultTarget, type RequestFault } from './service-faults.ts';
import { assuming, createDesk, withHeader } from './test-desk.ts';

type ErrorFault = Extract<RequestFault, { kind: 'error' }>;

const requests = { regions: ['eu-west-1'], share: 1 } as const;
const error: ErrorFault = {
  id: 'brown-out',
  kind: 'error',
  requests,
  code: 'ServiceUnavailable',
  status: 503,
  seed: 7,
};
const late: RequestFault = {
  id: 'late',
  kind: 'late',
  requests,
  delay: { kind: 'fixed', addedMs: 80 },
  seed: 7,
};
const target: FaultTarget = {
  region: 'eu-west-1',
  operation: 'AssumeRole',
  account: () => '111122223333',
  host: () => regionalHost('eu-west-1'),
};

function fixture() {
  let nowUs = 0;
  const faults = createServiceFaults(['eu-west-1', 'eu-west-2'], () => nowUs);
  return {
    faults,
    codeFor: (more: Partial<FaultTarget> = {}) =>
      faults.answerTo({ ...target, ...more }, { requestId: 'r-1', format: 'xml' }, 0)?.errorCode,
    passMs: (ms: number) => {
      nowUs += ms * 1_000;
    },
  };
}

describe('an error', () => {
  test('answers before anyone looks at the signature, in the envelope of a receiver’s fault', () => {
    const desk = createDesk();
    const release = desk.faults.place(error);
    const answer = desk.ask({ alter: (request) => withHeader(request, 'authorization', undefined) });
    expect(answer.body).toBe(`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Receiver</Type>
    <Code>ServiceUnavailable</Code>
    <Message>The request has failed due to a temporary failure of the server.</Message>
  </Error>
  <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
</ErrorResponse>
`);
    expect(answer.served.answer.status).toBe(503);
    release();
    release();
    expect(desk.ask().ok).toBe(true);
    expect(desk.faults.any()).toBe(false);
  });

  test('keeps to its Regions, names, operations and account', () => {
    const { faults, codeFor } = fixture();
    faults.place({
      ...error,
      requests: {
        ...requests,
        hosts: [regionalHost('eu-west-1')],
        operations: ['AssumeRole'],
        account: '111122223333',
      },
    });
    expect(codeFor()).toBe('ServiceUnavailable');
    expect(codeFor({ region: 'eu-west-2' })).toBeUndefined();
    expect(codeFor({ host: () => GLOBAL_ENDPOINT.host })).toBeUndefined();
    expect(codeFor({ operation: 'GetCallerIdentity' })).toBeUndefined();
    expect(codeFor({ account: () => '222233334444' })).toBeUndefined();
    expect(codeFor({ account: () => '' })).toBeUndefined();
  });

  test('knows the account from the key id alone, and the name from the Host header', () => {
    const desk = createDesk();
    desk.faults.place({
      ...error,
      requests: { ...requests, account: '111122223333', hosts: [regionalHost('eu-west-1')] },
      code: 'Throttling',
      status: 400,
    });
    expect(desk.ask({ parameters: assuming(desk.roleArn('aws')) })).toMatchObject({
      errorCode: 'Throttling',
      errorMessage: 'Rate exceeded',
    });
    expect(desk.ask({ host: regionalHost('eu-west-1').replace('sts.', 'sts-fips.') }).errorCode).not.toBe(
      'Throttling',
    );
    const other = createDesk();
    other.faults.place({ ...error, requests: { ...requests, account: '222233334444' } });
    expect(other.ask().ok).toBe(true);
  });

  test('says what its order says, or nothing when it has no words for the code', () => {
    const desk = createDesk();
    const release = desk.faults.place({ ...error, code: 'Teapot', status: 418 });
    expect(desk.ask().body).not.toContain('<Message>');
    release();
    desk.faults.place({ ...error, message: 'Out to <lunch>' });
    expect(desk.ask()).toMatchObject({
      errorCode: 'ServiceUnavailable',
      errorMessage: 'Out to <lunch>',
    });
  });

  test('of a code that names something names what was asked', () => {
    const desk = createDesk();
    desk.faults.place({ ...error, code: 'RegionDisabledException', status: 403 });
    expect(desk.ask().errorMessage).toContain('for account:111122223333.');
  });

  test('of 13 June 2023 says that keys cannot be had, to callers who present none', () => {
    const desk = createDesk();
    desk.faults.place({ ...error, code: 'InvalidIdentityToken', status: 400 });
    expect(desk.ask()).toMatchObject({
      errorCode: 'InvalidIdentityToken',
      errorMessage:
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    });
  });

  test('falls on its share of requests, the same ones for the same seed', () => {
    const draw = (seed: number) => {
      const { faults, codeFor } = fixture();
      faults.place({ ...error, requests: { ...requests, share: 0.3 }, seed });
      return Array.from({ length: 2_000 }, () => codeFor() !== undefined);
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const hit = draw(7).filter(Boolean).length;
    // Six standard deviations around 600.
    expect(hit).toBeGreaterThan(477);
    expect(hit).toBeLessThan(723);
  });

  test('that is placed anew under its id goes on with its draws', () => {
    const drawn = (steps: number) => {
      const { faults, codeFor } = fixture();
      const hits: boolean[] = [];
      let release = () => {};
      for (let step = 0; step < steps; step += 1) {
        const before = release;
        release = faults.place({ ...error, requests: { ...requests, share: 0.5 } });
        before();
        hits.push(...Array.from({ length: 40 / steps }, () => codeFor() !== undefined));
      }
      return hits;
    };
    expect(drawn(10)).toEqual(drawn(1));
  });
});

describe('every code of STS', () => {
  const occasion = { operation: 'AssumeRole', account: '111122223333', nowMs: 1_700_000_000_000 };

  test.each(recordedCodes())('%s has words and a status of its own', (code) => {
    const recorded = recordedError(code, occasion);
    expect(recorded?.code).toBe(code);
    expect(recorded?.status).toBeGreaterThanOrEqual(400);
    expect(recorded?.message).toMatch(/\w/);
  });

  test('is none that STS has not', () => {
    expect(recordedError('Teapot', occasion)).toBeUndefined();
    expect(recordedError('constructor', occasion)).toBeUndefined();
  });
});

describe('a page of HTML', () => {
  test('holds nothing that a client could take for an answer of STS, and no request id', () => {
    const desk = createDesk();
    desk.faults.place({ id: 'page', kind: 'html', requests, status: 503, seed: 7 });
    const { served, errorCode, requestId, body } = desk.ask();
    expect(served.answer).toMatchObject({
      status: 503,
      anonymous: true,
      headers: ['Content-Type', 'text/html'],
    });
    expect([errorCode, requestId]).toEqual(['', '']);
    expect(body).toContain('<title>503 Service Temporarily Unavailable</title>');
    expect(served.account).toBe('111122223333');
  });
});

describe('several faults on one request', () => {
  test('answer with the latest that applies, the page among them', () => {
    const { faults, codeFor } = fixture();
    const throttled: RequestFault = { ...error, id: 'two', code: 'Throttling', status: 400 };
    faults.place(error);
    const release = faults.place(throttled);
    expect(codeFor()).toBe('Throttling');
    faults.place({
      id: 'page',
      kind: 'html',
      requests: { ...requests, operations: ['AssumeRole'] },
      status: 502,
      seed: 7,
    });
    expect([codeFor(), codeFor({ operation: 'GetSessionToken' })]).toEqual(['HtmlPage', 'Throttling']);
    release();
    expect(codeFor({ operation: 'GetSessionToken' })).toBe('ServiceUnavailable');
  });

  test('draw each for themselves: one that falls on a half is the same beside another', () => {
    const half: RequestFault = { ...error, requests: { ...requests, share: 0.5 } };
    const alone = fixture();
    alone.faults.place(half);
    const beside = fixture();
    beside.faults.place({ ...error, id: 'other', code: 'Throttling', requests: { ...requests, share: 0.5 } });
    beside.faults.place(half);
    const hits = ({ codeFor }: ReturnType<typeof fixture>) =>
      Array.from({ length: 200 }, () => codeFor() === 'ServiceUnavailable');
    expect(hits(beside)).toEqual(hits(alone));
  });

  test('add their delays up, and none of them changes the answer', () => {
    const { faults, codeFor } = fixture();
    faults.place(late);
    const release = faults.place({ ...late, id: 'more', delay: { kind: 'fixed', addedMs: 20 } });
    expect([faults.lateMs(target), codeFor()]).toEqual([100, undefined]);
    expect(faults.lateMs({ ...target, region: 'eu-west-2' })).toBe(0);
    release();
    expect(faults.lateMs(target)).toBe(80);
  });
});

describe('a quota that somebody else uses up', () => {
  const usedUp: RequestFault = {
    id: 'used-up',
    kind: 'quota-used-up',
    regions: ['eu-west-1'],
    account: '111122223333',
    leavesPerSecond: 2,
  };
  const codes = (desk: ReturnType<typeof createDesk>, times: number) =>
    Array.from({ length: times }, () => desk.ask().errorCode);

  test('leaves so much a second and throttles the rest, in the recorded words, though no quota is set', () => {
    const desk = createDesk();
    const release = desk.faults.place(usedUp);
    expect(desk.ask()).toMatchObject({ errorCode: 'Throttling', errorMessage: 'Rate exceeded' });
    desk.passMs(500);
    expect(codes(desk, 2)).toEqual(['', 'Throttling']);
    desk.passMs(60_000);
    // What has not been used does not gather beyond a second's worth.
    expect(codes(desk, 3)).toEqual(['', '', 'Throttling']);
    release();
    expect(codes(desk, 3)).toEqual(['', '', '']);
  });

  test('leaves nothing at 0', () => {
    const desk = createDesk();
    desk.faults.place({ ...usedUp, leavesPerSecond: 0 });
    desk.passMs(1e9);
    expect(codes(desk, 2)).toEqual(['Throttling', 'Throttling']);
  });

  test('is that account’s in those Regions alone, and apart from what the global endpoint leaves', () => {
    const desk = createDesk();
    desk.faults.place({ ...usedUp, regions: ['us-east-1'], leavesPerSecond: 1 });
    expect(desk.ask().ok).toBe(true);
    desk.passMs(1_000);
    const virginia = () => desk.ask({ host: regionalHost('us-east-1') }).errorCode;
    expect([virginia(), virginia()]).toEqual(['', 'Throttling']);
    expect(desk.ask({ host: GLOBAL_ENDPOINT.host }).ok).toBe(true);
    const china = {
      host: regionalHost('cn-north-1'),
      credentials: desk.credentials('aws-cn', 'app'),
    };
    expect(desk.ask(china).ok).toBe(true);
  });

  test('under its id anew keeps what had gathered', () => {
    const desk = createDesk();
    const release = desk.faults.place(usedUp);
    codes(desk, 1);
    desk.passMs(400);
    desk.faults.place({ ...usedUp, leavesPerSecond: 1 });
    release();
    desk.passMs(200);
    expect(codes(desk, 2)).toEqual(['', 'Throttling']);
  });
});

test.each<[Partial<Record<string, unknown>>, string]>([
  [{ requests: { ...requests, regions: ['eu-west-3'] } }, "no Region 'eu-west-3' in this world"],
  [{ status: 200 }, 'status 200 is no error'],
  [{ requests: { ...requests, share: 1.5 } }, 'share 1.5 is not between 0 and 1'],
  [{ kind: 'quota-used-up', regions: ['eu-west-3'], leavesPerSecond: 1 }, "no Region 'eu-west-3'"],
  [{ kind: 'quota-used-up', regions: [], leavesPerSecond: -1 }, '-1 a second cannot be left'],
  [{ kind: 'late', delay: { kind: 'fixed', addedMs: -1 } }, 'a delay of -1 ms'],
])('a fault with %j is refused', (change, message) => {
  const { faults } = fixture();
  expect(() => faults.place({ ...error, ...change } as RequestFault)).toThrow(message);
  expect(faults.any()).toBe(false);
});
