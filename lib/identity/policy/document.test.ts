import { describe, expect, it } from 'vitest';
import { type ParseContext, type Policy, type PolicyProblem, parsePolicy } from './document.ts';

const IDENTITY: ParseContext = { kind: 'identity', partition: 'aws' };
const allow = { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::bucket' };

const parse = (document: unknown, context: ParseContext = IDENTITY): Policy | PolicyProblem =>
  parsePolicy(JSON.stringify(document), context);
const messageOf = (parsed: Policy | PolicyProblem): string | undefined =>
  'code' in parsed ? parsed.message : undefined;
const statement = (changes: object, version = '2012-10-17') => ({
  Version: version,
  Statement: { ...allow, ...changes },
});
const variable = '$'.concat('{aws:username}');

const SYNTAX = 'Syntax errors in policy.';
const LEGACY = 'The policy failed legacy parsing';

describe('an identity policy', () => {
  it.each([
    ['one statement', statement({})],
    ['a list of statements', { Version: '2012-10-17', Statement: [allow, allow] }],
    ['no version', { Statement: allow }],
    ['the older version', statement({}, '2008-10-17')],
    ['an Id', { Version: '2012-10-17', Id: 'mine', Statement: allow }],
    ['lists', statement({ Action: ['s3:Get*', '*'], Resource: ['*', 'arn:aws:s3:::b/*'] })],
    ['NotAction and NotResource', { Statement: { Effect: 'Deny', NotAction: 's3:*', NotResource: '*' } }],
    ['an empty condition', statement({ Condition: {} })],
    ['an operator nobody knows, without keys', statement({ Condition: { Odd: {} } })],
    ['a key without values', statement({ Condition: { DateGreaterThan: { a: [] } } })],
    [
      'numbers and booleans as values',
      statement({ Condition: { Bool: { a: true }, NumericEquals: { b: 7 } } }),
    ],
    ['a service that does not exist', statement({ Action: 'aaaa-b.c:List', Resource: 'arn:aws:nobody:::x' })],
    ['a resource that ends early', statement({ Resource: 'arn:aws:anything' })],
    ['a variable', statement({ Resource: `arn:aws:iam::*:user/${variable}` })],
    ['a variable instead of a path', statement({ Resource: `arn:aws:iam::*:${variable}` })],
    ['any IAM path', statement({ Resource: ['arn:aws:iam::*:*', 'arn:aws:iam::*:ro*'] })],
    ['the root user as a resource', statement({ Resource: 'arn:aws:iam::*:root' })],
    ['any partition', statement({ Resource: 'arn:*:sns:*:*:topic' })],
    [
      'an empty Sid twice',
      {
        Statement: [
          { ...allow, Sid: '' },
          { ...allow, Sid: '' },
        ],
      },
    ],
  ])('may have %s', (_, document) => {
    expect(messageOf(parse(document))).toBeUndefined();
  });

  it.each([
    [SYNTAX, 'a list', []],
    [SYNTAX, 'nothing', null],
    [SYNTAX, 'a number', 1e308],
    [SYNTAX, 'another version', statement({}, '2013-10-17')],
    [SYNTAX, 'no statement', { Version: '2012-10-17' }],
    [SYNTAX, 'an empty list of statements', { Version: '2012-10-17', Statement: [] }],
    [SYNTAX, 'a statement that is a text', { Version: '2012-10-17', Statement: ['afd'] }],
    [SYNTAX, 'an element that is unknown', { ...statement({}), Extra: 1 }],
    [SYNTAX, 'an element of a statement that is unknown', statement({ Extra: 1 })],
    [SYNTAX, 'an Id that is a list', { ...statement({}), Id: ['a'] }],
    [SYNTAX, 'a Sid that is an object', statement({ Sid: {} })],
    [SYNTAX, 'an effect that is none', statement({ Effect: 'Perhaps' })],
    [SYNTAX, 'no effect', { Statement: { Action: 's3:ListBucket', Resource: '*' } }],
    [SYNTAX, 'both Action and NotAction', statement({ NotAction: 's3:*' })],
    [SYNTAX, 'both Resource and NotResource', statement({ NotResource: [] })],
    [SYNTAX, 'an action that is an object', statement({ Action: {} })],
    [SYNTAX, 'a list inside a list', statement({ Action: [[]] })],
    [SYNTAX, 'a condition that is a list', statement({ Condition: [] })],
    [SYNTAX, 'a condition that is a text', statement({ Condition: 'a' })],
    [SYNTAX, 'a condition that is null', statement({ Condition: null })],
    [SYNTAX, 'an operator over a text', statement({ Condition: { StringEquals: 'b' } })],
    [SYNTAX, 'an object as value', statement({ Condition: { DateGreaterThan: { a: {} } } })],
    [SYNTAX, 'an operator nobody knows', statement({ Condition: { Odd: { a: '1' } } })],
    [SYNTAX, 'a doubled colon', statement({ Condition: { 'ForAnyValue::StringEquals': { a: 'b' } } })],
    [SYNTAX, 'Null with IfExists', statement({ Condition: { NullIfExists: { a: 'true' } } })],
    [LEGACY, 'an effect in small letters', statement({ Effect: 'allow' })],
    [LEGACY, 'a date that is none', statement({ Condition: { DateLessThan: { a: '234-13' } } })],
    [
      LEGACY,
      'a date beyond 64 bits',
      statement({ Condition: { DateLessThan: { a: '9223372036854775808' } } }),
    ],
    [LEGACY, 'an ARN of five parts', statement({ Resource: 'arn:aws:s3::bucket' })],
    [LEGACY, 'an ARN without service', statement({ Resource: 'arn:aws::::bucket' })],
    [
      LEGACY,
      'an ARN of five parts, and no action',
      { Statement: { Effect: 'Allow', Resource: 'arn:aws:s3::b' } },
    ],
    [
      LEGACY,
      'a bad date with a bad partition',
      statement({ Resource: 'arn:x:s3:::b', Condition: { DateLessThan: { a: 'x' } } }),
    ],
    [
      'Policy statement must contain actions.',
      'no action',
      { Statement: { Effect: 'Allow', Resource: '*' } },
    ],
    ['Policy statement must contain actions.', 'no action in a list', statement({ Action: [] })],
    [
      'Policy statement must contain resources.',
      'no resource',
      { Statement: { Effect: 'Allow', Action: 's3:List' } },
    ],
    ['Policy statement must contain resources.', 'no resource in a list', statement({ Resource: [] })],
    [
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
      'an action without service, told before the missing resource',
      { Statement: { Effect: 'Allow', Action: 'invalid' } },
    ],
    ['Actions/Condition can contain only one colon.', 'two colons', statement({ Action: 's3:List:Bucket' })],
    ['Vendor a a is not valid', 'a service with a space', statement({ Action: 'a a:ListBucket' })],
    [
      'Resource here must be in ARN format or "*".',
      'a resource that is no ARN',
      statement({ Resource: 'here' }),
    ],
    ['Resource  must be in ARN format or "*".', 'an empty resource', statement({ Resource: '' })],
    [
      'Resource vendor must be fully qualified and cannot contain regexes.',
      'a resource without service',
      statement({ Resource: 'arn:aws' }),
    ],
    [
      'Partition "error" is not valid for resource "arn:error:s3:::bucket".',
      'another partition',
      statement({ Resource: 'arn:error:s3:::bucket' }),
    ],
    [
      'Partition "b" is not valid for resource "arn:b:cadfsdf:*:*:*".',
      'a text with two colons',
      statement({ Resource: 'a:b:cadfsdf' }),
    ],
    [
      'Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".',
      'a text with many colons',
      statement({ Resource: 'a:b:c:d:e:f:g:h' }),
    ],
    [
      'IAM resource arn:aws:iam:us-east-1::role/x cannot contain region information.',
      'an IAM resource with a Region',
      statement({ Resource: 'arn:aws:iam:us-east-1::role/x' }),
    ],
    [
      'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
      'an IAM resource of no kind',
      statement({ Resource: 'arn:aws:iam:::bucket' }),
    ],
    [
      'Statement IDs (SID) in a single policy must be unique.',
      'a Sid twice, told before the missing action',
      {
        Statement: [
          { ...allow, Sid: 'a' },
          { Sid: 'a', Effect: 'Allow' },
        ],
      },
    ],
    [
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
      'a Sid with a space',
      statement({ Sid: 'a b' }),
    ],
    ['Policy document should not specify a principal.', 'a principal', statement({ Principal: '*' })],
  ])('is refused with %j for %s', (message, _, document) => {
    expect(messageOf(parse(document))).toBe(message);
  });

  it('of a managed policy needs the newer version', () => {
    const managed: ParseContext = { ...IDENTITY, managed: true };
    expect(messageOf(parse({ Statement: allow }, managed))).toBe(
      'Policy document must be version 2012-10-17 or greater.',
    );
    expect(messageOf(parse(statement({}), managed))).toBeUndefined();
  });

  it('belongs to one partition', () => {
    const china: ParseContext = { ...IDENTITY, partition: 'aws-cn' };
    expect(messageOf(parse(statement({}), china))).toMatch(/^Partition "aws" is not valid for resource/);
    expect(messageOf(parse(statement({ Resource: 'arn:aws-cn:s3:::bucket' }), china))).toBeUndefined();
  });

  it('keeps its statements apart by effect', () => {
    const policy = parse({ Statement: [allow, { ...allow, Effect: 'Deny' }] });
    if ('code' in policy) throw new Error(policy.message);
    expect([policy.statements.length, policy.allows.length, policy.denies.length]).toEqual([2, 1, 1]);
  });
});

describe('a service control policy', () => {
  it('is refused with the one message of AWS Organizations', () => {
    expect(messageOf(parse(statement({ Principal: '*' }), { kind: 'scp', partition: 'aws' }))).toBe(
      'The provided policy document does not meet the requirements of the specified policy type.',
    );
  });
});
