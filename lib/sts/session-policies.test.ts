import { describe, expect, test } from 'vitest';
import type { Session } from './session.ts';
import { compileSessionPolicy, limitsOf } from './session-policies.ts';
import { createDesk } from './test-desk.ts';

const account = createDesk().identity.account('111122223333');
const text = (action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
const session: Session = {
  accessKeyId: 'ASIA',
  account: account.id,
  kind: 'role',
  principalId: 'AROA',
  sessionName: 'game-day',
  issuingRegion: 'eu-west-1',
  issuedSeconds: 0,
  expiresSeconds: 1,
};

describe('the limits of a session', () => {
  test('are none where nothing was asked for', () => {
    expect(limitsOf(session, account)).toEqual({});
  });

  test('are its policies, inline and by ARN, in one group, and its scopes each on its own', () => {
    const policyArns = ['arn:aws:iam::aws:policy/IAMReadOnlyAccess'];
    const limits = limitsOf(
      { ...session, policy: text('sts:A'), policyArns, scopes: [text('sts:B'), text('sts:C')] },
      account,
    );
    expect(limits.session?.map(({ name }) => name)).toEqual(['session policy', ...policyArns]);
    expect(limits.scopes?.map(({ name, policy }) => [name, policy.text])).toEqual([
      ['scope-down policy 1', text('sts:B')],
      ['scope-down policy 2', text('sts:C')],
    ]);
  });

  test('are one policy that grants nothing where all of them are gone', () => {
    const { session: granted } = limitsOf(
      { ...session, policyArns: ['arn:aws:iam::111122223333:policy/gone'] },
      account,
    );
    expect(granted?.map(({ name }) => name)).toEqual(['nothing']);
  });
});

describe('compiled session policies', () => {
  test('are kept, so that a session in use compiles nothing', () => {
    expect(compileSessionPolicy(text('sts:Kept'), 'aws')).toBe(compileSessionPolicy(text('sts:Kept'), 'aws'));
    expect(compileSessionPolicy(text('sts:Kept'), 'aws-cn')).not.toBe(
      compileSessionPolicy(text('sts:Kept'), 'aws'),
    );
  });

  test('are kept as long as they are in use, and forgotten when many others came', () => {
    const inUse = compileSessionPolicy(text('sts:InUse'), 'aws');
    const forgotten = compileSessionPolicy(text('sts:Forgotten'), 'aws');
    for (let index = 0; index < 1_000; index += 1) {
      compileSessionPolicy(text(`sts:Other${index}`), 'aws');
      compileSessionPolicy(text('sts:InUse'), 'aws');
    }
    expect(compileSessionPolicy(text('sts:InUse'), 'aws')).toBe(inUse);
    expect(compileSessionPolicy(text('sts:Forgotten'), 'aws')).not.toBe(forgotten);
  });
});
