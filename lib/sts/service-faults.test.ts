import { describe, expect, test } from 'vitest';
import { createServiceFaults, type FaultTarget, type ServiceFaultOrder } from './service-faults.ts';
import { assuming, createDesk, withHeader } from './test-desk.ts';

const order: ServiceFaultOrder = {
  id: 'brown-out',
  kind: 'service-error',
  regions: ['eu-west-1'],
  code: 'ServiceUnavailable',
  status: 503,
  share: 1,
  seed: 7,
  leaseMs: 10_000,
};
const target: FaultTarget = { region: 'eu-west-1', operation: 'AssumeRole', account: () => '111122223333' };

function fixture() {
  let nowUs = 0;
  return {
    faults: createServiceFaults(['eu-west-1', 'eu-west-2'], () => nowUs),
    passMs: (ms: number) => {
      nowUs += ms * 1_000;
    },
  };
}

describe('a service error', () => {
  test('answers before anyone looks at the signature, in the envelope of a receiver’s fault', () => {
    const desk = createDesk();
    desk.faults.set(order);
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
  });

  test('keeps to its Regions, operations and account', () => {
    const { faults } = fixture();
    faults.set({ ...order, operations: ['AssumeRole'], account: '111122223333' });
    expect(faults.errorFor(target)?.code).toBe('ServiceUnavailable');
    expect(faults.errorFor({ ...target, region: 'eu-west-2' })).toBeUndefined();
    expect(faults.errorFor({ ...target, operation: 'GetCallerIdentity' })).toBeUndefined();
    expect(faults.errorFor({ ...target, account: () => '222233334444' })).toBeUndefined();
    expect(faults.errorFor({ ...target, account: () => undefined })).toBeUndefined();
  });

  test('knows the account from the key id alone', () => {
    const desk = createDesk();
    desk.faults.set({ ...order, account: '111122223333', code: 'Throttling', status: 400 });
    expect(desk.ask({ parameters: assuming(desk.roleArn('aws')) })).toMatchObject({
      errorCode: 'Throttling',
      errorMessage: 'Rate exceeded',
    });
    desk.faults.set({ ...order, account: '222233334444' });
    expect(desk.ask().ok).toBe(true);
  });

  test('says what its order says, or nothing when it has no words for the code', () => {
    const { faults } = fixture();
    faults.set({ ...order, code: 'Teapot', status: 418 });
    expect(faults.errorFor(target)).toEqual({ status: 418, code: 'Teapot' });
    faults.set({ ...order, message: 'Out to lunch' });
    expect(faults.errorFor(target)?.message).toBe('Out to lunch');
  });

  test('falls on its share of requests, the same ones for the same seed', () => {
    const draw = (seed: number) => {
      const { faults } = fixture();
      faults.set({ ...order, share: 0.3, seed });
      return Array.from({ length: 2_000 }, () => faults.errorFor(target) !== undefined);
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const hit = draw(7).filter(Boolean).length;
    // Six standard deviations around 600.
    expect(hit).toBeGreaterThan(477);
    expect(hit).toBeLessThan(723);
  });

  test('ends by itself, lasts while renewed, and ends when cleared', () => {
    const { faults, passMs } = fixture();
    faults.set(order);
    passMs(9_999);
    expect(faults.errorFor(target)).toBeDefined();
    expect(faults.renew('brown-out', 10_000)).toBe(true);
    passMs(9_999);
    expect(faults.held()).toEqual(['brown-out']);
    passMs(1);
    expect(faults.errorFor(target)).toBeUndefined();
    expect(faults.renew('brown-out', 10_000)).toBe(false);
    faults.set(order);
    expect(faults.clear('brown-out')).toBe(true);
    expect(faults.errorFor(target)).toBeUndefined();
    expect(faults.clear('brown-out')).toBe(false);
  });

  test.each([
    [{ regions: ['eu-west-3'] }, "no Region 'eu-west-3' in this world"],
    [{ status: 200 }, 'status 200 is no error'],
    [{ share: 1.5 }, 'share 1.5 is not between 0 and 1'],
    [{ leaseMs: 0 }, 'a lease of 0 ms never begins'],
  ])('with %j is refused', (change, message) => {
    const { faults } = fixture();
    expect(() => faults.set({ ...order, ...change })).toThrow(message);
    expect(faults.held()).toEqual([]);
  });
});
