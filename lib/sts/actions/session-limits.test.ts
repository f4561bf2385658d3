import { describe, expect, test } from 'vitest';
import { trusting } from '../../identity/accounts.ts';
import { assuming, createDesk, sessionOf } from '../test-desk.ts';
import {
  allow,
  appOf,
  askFor,
  deny,
  HOME,
  home,
  membersOf,
  policyOf,
  roleOf,
  type Statement,
  textIn,
} from './test-accounts.ts';

const role = roleOf('wide', trusting(appOf(home()).arn), {
  policies: { may: policyOf(allow(['sts:GetAccessKeyInfo', 'sts:DecodeAuthorizationMessage'])) },
});
const account = home({
  roles: [role],
  policies: { Info: policyOf(allow('sts:GetAccessKeyInfo')), Decode: policyOf(allow('sts:Decode*')) },
});
const INFO = `arn:aws:iam::${HOME}:policy/Info`;
const DECODE = `arn:aws:iam::${HOME}:policy/Decode`;
const desk = createDesk({ accounts: [account] });
const AccessKeyId = appOf(account).accessKeyId;
const assume = (more: Record<string, string>, at = desk) => at.ask({ parameters: assuming(role.arn, more) });
const inline = (...statements: readonly Statement[]) => ({
  Policy: JSON.stringify(policyOf(...statements)),
});
const may = (more: Record<string, string>): boolean[] => {
  const credentials = sessionOf(assume(more));
  return [
    askFor(desk, 'GetAccessKeyInfo', { AccessKeyId }, credentials).ok,
    // With permission the message itself is what is wrong.
    askFor(desk, 'DecodeAuthorizationMessage', { EncodedMessage: 'x' }, credentials).errorCode !==
      'AccessDenied',
  ];
};

describe('session policies', () => {
  test.each<[string, Record<string, string>, boolean[]]>([
    ['none', {}, [true, true]],
    ['one that allows a part', inline(allow('sts:GetAccessKeyInfo')), [true, false]],
    ['one that allows more than the role', inline(allow('*')), [true, true]],
    ['one that denies', inline(allow('*'), deny('sts:GetAccessKeyInfo')), [false, true]],
    ['one by ARN', { 'PolicyArns.member.1.arn': INFO }, [true, false]],
    ['two by ARN', { 'PolicyArns.member.1.arn': INFO, 'PolicyArns.member.2.arn': DECODE }, [true, true]],
    [
      'one inline and one by ARN, which unite',
      { ...inline(allow('sts:Decode*')), 'PolicyArns.member.1.arn': INFO },
      [true, true],
    ],
    [
      'one of AWS’s own',
      { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/AdministratorAccess' },
      [true, true],
    ],
  ])('leave of the role’s permissions what they allow: %s', (_name, more, expected) => {
    expect(may(more)).toEqual(expected);
  });

  test('grant nothing once they are deleted', () => {
    const at = createDesk({ accounts: [account] });
    const credentials = sessionOf(assume({ 'PolicyArns.member.1.arn': INFO }, at));
    const info = () => askFor(at, 'GetAccessKeyInfo', { AccessKeyId }, credentials).ok;
    expect(info()).toBe(true);
    at.identity.plane.change(HOME, (before) => ({ ...before, policies: new Map() }));
    expect(info()).toBe(false);
  });

  test.each<[string, Record<string, string>, string, string]>([
    [
      'longer than 2,048 characters',
      { Policy: `{}${' '.repeat(2_047)}` },
      'InvalidParameterValue',
      'Session policy should not exceed 2048 characters',
    ],
    ['that is not JSON', { Policy: '{' }, 'MalformedPolicyDocument', 'This policy contains invalid Json'],
    [
      'by an ARN that is nobody’s',
      { 'PolicyArns.member.1.arn': `${INFO}2` },
      'MalformedPolicyDocument',
      `Policy ${INFO}2 does not exist or is not attachable.`,
    ],
    [
      'of another account',
      { 'PolicyArns.member.1.arn': 'arn:aws:iam::999988887777:policy/Info' },
      'MalformedPolicyDocument',
      'Policy arn:aws:iam::999988887777:policy/Info does not exist or is not attachable.',
    ],
    [
      'of AWS’s own in another partition',
      { 'PolicyArns.member.1.arn': 'arn:aws-cn:iam::aws:policy/AdministratorAccess' },
      'MalformedPolicyDocument',
      'Policy arn:aws-cn:iam::aws:policy/AdministratorAccess does not exist or is not attachable.',
    ],
  ])('refuse one %s', (_name, more, errorCode, errorMessage) => {
    expect(assume(more)).toMatchObject({ errorCode, errorMessage });
  });

  test('are judged after trust: who may not assume the role learns nothing of them', () => {
    const credentials = desk.credentials('aws', 'admin');
    expect(desk.ask({ parameters: assuming(role.arn, { Policy: '{' }), credentials }).errorCode).toBe(
      'AccessDenied',
    );
  });
});

describe('the room that a session takes', () => {
  const long = {
    ...inline(...Array.from({ length: 12 }, (_, index) => allow(`s3:Get${index}${'x'.repeat(index)}`))),
  };

  test('is said where there is a policy or there are tags, and not without', () => {
    const before = createDesk({ accounts: [account], era: '2024' });
    expect(membersOf(assume({}, before).body)).toEqual(['AssumedRoleUser', 'Credentials']);
    const { body } = assume(inline(allow('*')), before);
    expect(membersOf(body)).toEqual(['AssumedRoleUser', 'Credentials', 'PackedPolicySize']);
    expect(textIn(body, 'PackedPolicySize')).toBe('4');
  });

  test('closes the answer with the token’s size in the era that counts', () => {
    expect(membersOf(assume({ ...long, SourceIdentity: 'Jane' }).body)).toEqual([
      'AssumedRoleUser',
      'Credentials',
      'SourceIdentity',
      'PackedPolicySize',
      'SessionTokenUtilization',
      'SessionTokenSize',
    ]);
  });

  test('is refused for what its tags take up packed, before its own length is looked at', () => {
    const tags = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [
        [`Tags.member.${index + 1}.Key`, `T${index + 1}`],
        [`Tags.member.${index + 1}.Value`, String(index).repeat(250)],
      ]).flat(),
    );
    // Recorded in July 2026: aws-actions/configure-aws-credentials issue 1898.
    for (const era of ['2024', '2026'] as const) {
      expect(assume(tags, createDesk({ accounts: [account], era }))).toMatchObject({
        errorCode: 'PackedPolicyTooLarge',
        errorMessage: 'Packed size of session tags consumes 498% of allotted space.',
      });
    }
  });

  test('is never more than 4,096 bytes', () => {
    const tags = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        [`Tags.member.${index + 1}.Key`, `T${index + 1}`],
        [`Tags.member.${index + 1}.Value`, String(index % 10).repeat(250)],
      ]).flat(),
    );
    const answer = assume(tags);
    expect(answer.served.answer.status).toBe(400);
    expect(answer.errorCode).toBe('PackedPolicyTooLarge');
  });

  test('can be filled up to what the caller wants to see', () => {
    expect(textIn(assume({ MinimumSessionTokenSize: '4096' }).body, 'SessionTokenSize')).toBe('4096');
    expect(textIn(assume({ MinimumSessionTokenSize: '0' }).body, 'SessionTokenSize')).toBe('768');
  });
});
