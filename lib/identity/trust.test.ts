import { describe, expect, test } from 'vitest';
import { mayAssumeRole, type TrustPolicy, trusting } from './trust.ts';

const ROLE_ARN = 'arn:aws:iam::111122223333:role/app';
const USER_ARN = 'arn:aws:iam::111122223333:user/app';
const ROOT_ARN = 'arn:aws:iam::111122223333:root';

const role = (trust: TrustPolicy) => ({ arn: ROLE_ARN, account: '111122223333', trust });
const user = { account: '111122223333', partition: 'aws', arns: [USER_ARN], assumes: [] as string[] };
const stranger = {
  account: '222233334444',
  partition: 'aws',
  arns: ['arn:aws:iam::222233334444:user/app'],
  assumes: [] as string[],
};

describe('a trust policy', () => {
  test('that names a user of the same account suffices', () => {
    expect(mayAssumeRole(user, role(trusting(USER_ARN)))).toBe(true);
  });

  test('that names nobody who calls refuses', () => {
    expect(mayAssumeRole(user, role(trusting('arn:aws:iam::111122223333:user/other')))).toBe(false);
    expect(mayAssumeRole(user, role({ Version: '2012-10-17', Statement: [] }))).toBe(false);
  });

  test.each([ROOT_ARN, '111122223333'])(
    'that names the account (%s) needs the caller’s own policy',
    (named) => {
      expect(mayAssumeRole(user, role(trusting(named)))).toBe(false);
      expect(mayAssumeRole({ ...user, assumes: [ROLE_ARN] }, role(trusting(named)))).toBe(true);
      expect(mayAssumeRole({ ...user, assumes: ['*'] }, role(trusting(named)))).toBe(true);
    },
  );

  test('that names a role covers every session of it', () => {
    const session = {
      ...user,
      arns: ['arn:aws:sts::111122223333:assumed-role/batch/night', 'arn:aws:iam::111122223333:role/batch'],
    };
    expect(mayAssumeRole(session, role(trusting('arn:aws:iam::111122223333:role/batch')))).toBe(true);
  });

  test('across accounts needs both sides, also with a wildcard', () => {
    const [strangerArn = ''] = stranger.arns;
    for (const named of [strangerArn, '222233334444', '*']) {
      expect(mayAssumeRole(stranger, role(trusting(named)))).toBe(false);
      expect(mayAssumeRole({ ...stranger, assumes: [ROLE_ARN] }, role(trusting(named)))).toBe(true);
    }
    expect(mayAssumeRole({ ...stranger, assumes: [ROLE_ARN] }, role(trusting(USER_ARN)))).toBe(false);
  });

  test('never delegates to the account of the same number in another partition', () => {
    const abroad = { ...user, partition: 'aws-us-gov', arns: [], assumes: ['*'] };
    expect(mayAssumeRole(abroad, role(trusting(ROOT_ARN)))).toBe(false);
  });

  test('that denies wins over one that allows', () => {
    const both = trusting(USER_ARN);
    const denied: TrustPolicy = {
      ...both,
      Statement: [
        ...both.Statement,
        { Effect: 'Deny', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' },
      ],
    };
    expect(mayAssumeRole(user, role(denied))).toBe(false);
  });
});
