import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAXIMUM_TOKEN_BYTES,
  packedPolicyTooLarge,
  packedSizePercent,
  type SizedParts,
  tokenTooLarge,
  tokenUtilizationPercent,
} from './session-size.ts';

const ALLOW_ALL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const TWO_ACTIONS =
  '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], ' +
  '"Resource": "arn:aws:s3:::reports-of-the-quarter/2026/*"}]}';
const NINE_TAGS = Array.from({ length: 9 }, (_, index) => [`T${index + 1}`, 'x'.repeat(250)] as const);

describe('the packed size', () => {
  test('of nothing is nothing', () => {
    expect(packedSizePercent({})).toBe(0);
    expect(packedSizePercent({ tags: [] })).toBe(0);
  });

  test('of policies is near what is recorded', () => {
    expect(packedSizePercent({ policy: JSON.stringify(ALLOW_ALL, undefined, '\t\t') })).toBe(4);
    expect(TWO_ACTIONS).toHaveLength(163);
    expect(packedSizePercent({ policy: TWO_ACTIONS })).toBe(16);
    // Recorded: 118 % for 31 actions of many services.
    expect(packedSizePercent({ policy: MANY_ACTIONS })).toBeGreaterThan(100);
    expect(packedSizePercent({ policy: MANY_ACTIONS })).toBeLessThan(150);
  });

  test('of tags is the recorded one, and repeats save nothing', () => {
    expect(packedSizePercent({ tags: NINE_TAGS })).toBe(498);
    const varied = NINE_TAGS.map(([key, value], tag) => [key, value.replaceAll('x', `${tag}`)] as const);
    expect(packedSizePercent({ tags: varied })).toBe(498);
  });

  test('of tags is that of all of them together', () => {
    // Recorded for a chain: 74 % inherited and 37 % of its own made 112 %.
    const inherited = [['kubernetes-pod-uid', 'u'.repeat(320)]] as const;
    const own = [['team', 't'.repeat(164)]] as const;
    const together = packedSizePercent({ tags: [...inherited, ...own] });
    expect(packedSizePercent({ tags: inherited })).toBe(74);
    expect(packedSizePercent({ tags: own })).toBe(37);
    expect(Math.abs(together - 111)).toBeLessThanOrEqual(1);
  });

  test('does not count white space outside quotes, whatever stands inside', () => {
    const statement = { Sid: 'a 5" { pipe } \\', Effect: 'Allow', Action: 's3:*', Resource: 'a\tb' };
    const policy = { Version: '2012-10-17', Statement: [statement] };
    const compact = packedSizePercent({ policy: JSON.stringify(policy) });
    expect(packedSizePercent({ policy: JSON.stringify(policy, undefined, 9) })).toBe(compact);
    const wider = {
      ...policy,
      Statement: [{ ...statement, Sid: `${statement.Sid} 1 22 333 4 5 6 77 8 99 0` }],
    };
    expect(packedSizePercent({ policy: JSON.stringify(wider) })).toBeGreaterThan(compact);
  });

  test('counts the ARNs of managed policies', () => {
    const one = packedSizePercent({ policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
    const ten = packedSizePercent({
      policyArns: Array.from({ length: 10 }, (_, index) => `arn:aws:iam::111122223333:policy/team-${index}`),
    });
    expect(one).toBeGreaterThan(0);
    expect(ten).toBeGreaterThan(one);
    expect(ten).toBeLessThan(100);
  });

  test('is a whole number, never negative, of any text', () => {
    const parts: fc.Arbitrary<SizedParts> = fc.record(
      {
        policy: fc.string({ unit: 'binary', maxLength: 50 }),
        tags: fc.array(fc.tuple(fc.string(), fc.string())),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(parts, (sized) => {
        const percent = packedSizePercent(sized);
        expect(Number.isInteger(percent)).toBe(true);
        expect(percent).toBeGreaterThanOrEqual(0);
        expect(packedPolicyTooLarge(sized) === undefined).toBe(percent <= 100);
      }),
    );
  });
});

describe('a session too large', () => {
  test('because of its tags says so', () => {
    expect(packedPolicyTooLarge({ tags: NINE_TAGS, policy: TWO_ACTIONS })).toEqual({
      status: 400,
      code: 'PackedPolicyTooLarge',
      message: 'Packed size of session tags consumes 498% of allotted space.',
    });
  });

  test('because of its policy says so, and so does one that only tags make too large', () => {
    const percent = packedSizePercent({ policy: MANY_ACTIONS });
    expect(packedPolicyTooLarge({ policy: MANY_ACTIONS })?.message).toBe(
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    );
    const tags = [['k', 'v'.repeat(400)]] as const;
    expect(packedPolicyTooLarge({ tags })).toBeUndefined();
    expect(packedPolicyTooLarge({ policy: TWO_ACTIONS })).toBeUndefined();
    expect(packedPolicyTooLarge({ policy: TWO_ACTIONS, tags })?.message).toMatch(
      /^Packed policy consumes 10\d%/,
    );
  });

  test('fits at exactly 100 per cent', () => {
    // 459 bytes of allotment: key, value and two more for each tag.
    expect(packedPolicyTooLarge({ tags: [['k', 'v'.repeat(456)]] })).toBeUndefined();
    expect(packedPolicyTooLarge({ tags: [['k', 'v'.repeat(460)]] })?.message).toContain('101%');
  });

  test('for a token is refused in per cent of the token', () => {
    expect(tokenTooLarge(4_100, { tags: [['a', 'b']] }).message).toBe(
      'Packed size of session tags consumes 101% of allotted space.',
    );
    expect(tokenTooLarge(8_192, { policy: '{}', tags: [['a', 'b']] }).message).toBe(
      'Packed policy consumes 200% of allotted space, please use smaller policy.',
    );
  });
});

test('the share of the largest token is rounded up', () => {
  expect(tokenUtilizationPercent(768)).toBe(19);
  expect(tokenUtilizationPercent(4_092)).toBe(100);
  expect(tokenUtilizationPercent(MAXIMUM_TOKEN_BYTES)).toBe(100);
  expect(tokenUtilizationPercent(4_100)).toBe(101);
});

const MANY_ACTIONS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: [
        ...[
          'athena:BatchGetNamedQuery',
          'batch:CancelJob',
          'cloudformation:ExecuteChangeSet',
          'dynamodb:PutItem',
        ],
        ...[
          'ecr:InitiateLayerUpload',
          'events:PutTargets',
          'firehose:DescribeDeliveryStream',
          'glue:StartCrawler',
        ],
        ...[
          'iam:PassRole',
          'kinesis:MergeShards',
          'kms:GenerateDataKey',
          'lambda:PublishVersion',
          'logs:FilterLogEvents',
        ],
        ...['mediaconvert:ListPresets', 'mq:RebootBroker', 'rds:CopyOptionGroup', 'redshift:PauseCluster'],
        ...[
          'route53:ChangeResourceRecordSets',
          's3:AbortMultipartUpload',
          'sagemaker:InvokeEndpoint',
          'ses:SendRawEmail',
        ],
        ...[
          'sns:Subscribe',
          'sqs:PurgeQueue',
          'ssm:GetParametersByPath',
          'states:RedriveExecution',
          'swf:RecordMarker',
        ],
        ...[
          'tag:GetTagKeys',
          'textract:AnalyzeExpense',
          'waf:UpdateIPSet',
          'wisdom:QueryAssistant',
          'xray:BatchGetTraces',
        ],
      ],
      Resource: '*',
    },
  ],
});
