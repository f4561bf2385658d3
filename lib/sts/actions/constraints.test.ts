import { describe, expect, test } from 'vitest';
import { assuming, createDesk, sessionOf } from '../test-desk.ts';
import { askFor, HOME, tagParameters } from './test-accounts.ts';

const desk = createDesk();
const session = sessionOf(desk.ask({ parameters: assuming(desk.roleArn('aws')) }));
const MUST = 'failed to satisfy constraint: Member must';
const TAG = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]';
const POLICY = '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+';
const ARN = `arn:aws:iam::${HOME}:role/app`;
const ROLE = { RoleArn: ARN, RoleSessionName: 'game-day' };
const TASK = { 'TaskPolicyArn.arn': 'arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy' };
const long = (length: number): string => 'x'.repeat(length);

/**
 * The service model's constraints in the words of the real service. Recorded as such: roleArn, roleSessionName,
 * durationSeconds, externalId, sourceIdentity and the policy of GetFederationToken. The path of a value in a list is
 * recorded from other services of the same protocol (szuecs/kube-static-egress-controller issue 35).
 */
const TABLE: readonly (readonly [action: string, Record<string, string>, clause: string])[] = [
  [
    'AssumeRole',
    { ...ROLE, RoleArn: long(19) },
    `Value '${long(19)}' at 'roleArn' ${MUST} have length greater than or equal to 20`,
  ],
  [
    'AssumeRole',
    { ...ROLE, RoleArn: long(2_049) },
    `Value '${long(2_049)}' at 'roleArn' ${MUST} have length less than or equal to 2048`,
  ],
  [
    'AssumeRole',
    { ...ROLE, ExternalId: long(1_225) },
    `Value '${long(1_225)}' at 'externalId' ${MUST} have length less than or equal to 1224`,
  ],
  [
    'AssumeRole',
    { ...ROLE, SourceIdentity: long(257) },
    `Value '${long(257)}' at 'sourceIdentity' ${MUST} have length less than or equal to 256`,
  ],
  [
    'AssumeRole',
    { ...ROLE, SerialNumber: long(8) },
    `Value '${long(8)}' at 'serialNumber' ${MUST} have length greater than or equal to 9`,
  ],
  [
    'AssumeRole',
    { ...ROLE, SerialNumber: `${long(9)}!` },
    `Value '${long(9)}!' at 'serialNumber' ${MUST} satisfy regular expression pattern: [\\w+=/:,.@-]*`,
  ],
  [
    'AssumeRole',
    { ...ROLE, TokenCode: '12345' },
    `Value '12345' at 'tokenCode' ${MUST} have length greater than or equal to 6`,
  ],
  [
    'AssumeRole',
    { ...ROLE, TokenCode: '1234567' },
    `Value '1234567' at 'tokenCode' ${MUST} have length less than or equal to 6`,
  ],
  [
    'AssumeRole',
    { ...ROLE, TokenCode: '12345x' },
    `Value '12345x' at 'tokenCode' ${MUST} satisfy regular expression pattern: [\\d]*`,
  ],
  [
    'AssumeRole',
    { ...ROLE, Policy: '' },
    `Value '' at 'policy' ${MUST} satisfy regular expression pattern: ${POLICY}; Value '' at 'policy' ${MUST} have length greater than or equal to 1`,
  ],
  [
    'AssumeRole',
    { ...ROLE, Policy: '\u{100}' },
    `Value '\u{100}' at 'policy' ${MUST} satisfy regular expression pattern: ${POLICY}`,
  ],
  [
    'AssumeRole',
    { ...ROLE, 'PolicyArns.member.1.arn': long(19) },
    `Value '${long(19)}' at 'policyArns.1.member.arn' ${MUST} have length greater than or equal to 20`,
  ],
  [
    'AssumeRole',
    { ...ROLE, 'Tags.member.1.Key': 'a' },
    `Value null at 'tags.1.member.value' ${MUST} not be null`,
  ],
  [
    'AssumeRole',
    { ...ROLE, 'Tags.member.1.Value': 'a' },
    `Value null at 'tags.1.member.key' ${MUST} not be null`,
  ],
  [
    'AssumeRole',
    { ...ROLE, ...tagParameters([['', 'v']]) },
    `Value '' at 'tags.1.member.key' ${MUST} satisfy regular expression pattern: ${TAG}+; Value '' at 'tags.1.member.key' ${MUST} have length greater than or equal to 1`,
  ],
  [
    'AssumeRole',
    {
      ...ROLE,
      ...tagParameters([
        ['a', 'v'],
        ['b', '!'],
      ]),
    },
    `Value '!' at 'tags.2.member.value' ${MUST} satisfy regular expression pattern: ${TAG}*`,
  ],
  [
    'AssumeRole',
    { ...ROLE, ...tagParameters([[long(129), 'v']]) },
    `Value '${long(129)}' at 'tags.1.member.key' ${MUST} have length less than or equal to 128`,
  ],
  [
    'AssumeRole',
    { ...ROLE, ...tagParameters([['a', long(257)]]) },
    `Value '${long(257)}' at 'tags.1.member.value' ${MUST} have length less than or equal to 256`,
  ],
  [
    'AssumeRole',
    { ...ROLE, ...tagParameters([], ['!']) },
    `Value '!' at 'transitiveTagKeys.1.member' ${MUST} satisfy regular expression pattern: ${TAG}+`,
  ],
  [
    'AssumeRole',
    { ...ROLE, 'ProvidedContexts.member.1.ProviderArn': 'short' },
    `Value 'short' at 'providedContexts.1.member.providerArn' ${MUST} have length greater than or equal to 20`,
  ],
  [
    'AssumeRole',
    { ...ROLE, 'ProvidedContexts.member.1.ContextAssertion': 'abc' },
    `Value 'abc' at 'providedContexts.1.member.contextAssertion' ${MUST} have length greater than or equal to 4`,
  ],
  [
    'AssumeRole',
    { ...ROLE, MinimumSessionTokenSize: '-1' },
    `Value '-1' at 'minimumSessionTokenSize' ${MUST} have value greater than or equal to 0`,
  ],
  [
    'AssumeRole',
    { ...ROLE, MinimumSessionTokenSize: '4097' },
    `Value '4097' at 'minimumSessionTokenSize' ${MUST} have value less than or equal to 4096`,
  ],
  ['GetFederationToken', {}, `Value null at 'name' ${MUST} not be null`],
  ['GetFederationToken', { Name: 'x' }, `Value 'x' at 'name' ${MUST} have length greater than or equal to 2`],
  [
    'GetFederationToken',
    { Name: long(33) },
    `Value '${long(33)}' at 'name' ${MUST} have length less than or equal to 32`,
  ],
  [
    'GetFederationToken',
    { Name: 'a b' },
    `Value 'a b' at 'name' ${MUST} satisfy regular expression pattern: [\\w+=,.@-]*`,
  ],
  [
    'GetFederationToken',
    { Name: 'app', Policy: long(2_049) },
    `Value '${long(2_049)}' at 'policy' ${MUST} have length less than or equal to 2048`,
  ],
  [
    'GetFederationToken',
    { Name: 'app', DurationSeconds: '129601' },
    `Value '129601' at 'durationSeconds' ${MUST} have value less than or equal to 129600`,
  ],
  [
    'GetSessionToken',
    { DurationSeconds: '899' },
    `Value '899' at 'durationSeconds' ${MUST} have value greater than or equal to 900`,
  ],
  [
    'GetSessionToken',
    { DurationSeconds: '129601' },
    `Value '129601' at 'durationSeconds' ${MUST} have value less than or equal to 129600`,
  ],
  ['GetAccessKeyInfo', {}, `Value null at 'accessKeyId' ${MUST} not be null`],
  [
    'GetAccessKeyInfo',
    { AccessKeyId: long(15) },
    `Value '${long(15)}' at 'accessKeyId' ${MUST} have length greater than or equal to 16`,
  ],
  [
    'GetAccessKeyInfo',
    { AccessKeyId: long(129) },
    `Value '${long(129)}' at 'accessKeyId' ${MUST} have length less than or equal to 128`,
  ],
  [
    'GetAccessKeyInfo',
    { AccessKeyId: `${long(16)}-` },
    `Value '${long(16)}-' at 'accessKeyId' ${MUST} satisfy regular expression pattern: [\\w]*`,
  ],
  ['DecodeAuthorizationMessage', {}, `Value null at 'encodedMessage' ${MUST} not be null`],
  [
    'DecodeAuthorizationMessage',
    { EncodedMessage: '' },
    `Value '' at 'encodedMessage' ${MUST} have length greater than or equal to 1`,
  ],
  [
    'DecodeAuthorizationMessage',
    { EncodedMessage: long(10_241) },
    `Value '${long(10_241)}' at 'encodedMessage' ${MUST} have length less than or equal to 10240`,
  ],
  ['AssumeRoot', TASK, `Value null at 'targetPrincipal' ${MUST} not be null`],
  [
    'AssumeRoot',
    { ...TASK, TargetPrincipal: '1234' },
    `Value '1234' at 'targetPrincipal' ${MUST} have length greater than or equal to 12`,
  ],
  ['AssumeRoot', { TargetPrincipal: HOME }, `Value null at 'taskPolicyArn' ${MUST} not be null`],
  [
    'AssumeRoot',
    { TargetPrincipal: HOME, 'TaskPolicyArn.arn': 'short' },
    `Value 'short' at 'taskPolicyArn.arn' ${MUST} have length greater than or equal to 20`,
  ],
  [
    'AssumeRoot',
    { ...TASK, TargetPrincipal: HOME, DurationSeconds: '901' },
    `Value '901' at 'durationSeconds' ${MUST} have value less than or equal to 900`,
  ],
  [
    'AssumeRoot',
    { ...TASK, TargetPrincipal: HOME, DurationSeconds: '-1' },
    `Value '-1' at 'durationSeconds' ${MUST} have value greater than or equal to 0`,
  ],
  ['GetDelegatedAccessToken', {}, `Value at 'tradeInToken' ${MUST} not be null`],
  [
    'GetScopedCredentials',
    { DurationSeconds: '0' },
    `Value '0' at 'durationSeconds' ${MUST} have value greater than or equal to 1`,
  ],
  [
    'GetScopedCredentials',
    { DurationSeconds: '129601' },
    `Value '129601' at 'durationSeconds' ${MUST} have value less than or equal to 129600`,
  ],
  [
    'GetScopedCredentials',
    { Policy: long(2_049) },
    `Value '${long(2_049)}' at 'policy' ${MUST} have length less than or equal to 2048`,
  ],
  [
    'GetScopedCredentials',
    { DurationSeconds: '1', ScopedSessionDescription: long(257) },
    `Value '${long(257)}' at 'scopedSessionDescription' ${MUST} have length less than or equal to 256`,
  ],
];

describe('the constraints of parameters', () => {
  test.each(TABLE)('%s with %j says what is wrong', (action, parameters, clauses) => {
    const count = clauses.split('; ').length;
    const answer = askFor(desk, action, parameters, session);
    expect(answer.served.answer.status).toBe(400);
    expect(answer).toMatchObject({
      errorCode: 'ValidationError',
      errorMessage: `${count} validation error${count === 1 ? '' : 's'} detected: ${clauses}`,
    });
  });

  test.each<[string, string, number]>([
    ['tags', 'Tags.member.#.Key', 51],
    ['policyArns', 'PolicyArns.member.#.arn', 11],
    ['transitiveTagKeys', 'TransitiveTagKeys.member.#', 51],
    ['providedContexts', 'ProvidedContexts.member.#.ProviderArn', 6],
  ])('refuse more entries in %s than there may be', (member, name, count) => {
    const entries = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [name.replace('#', String(index + 1)), `${ARN}${index}`]),
    );
    const { errorMessage } = askFor(desk, 'AssumeRole', { ...ROLE, ...entries });
    expect(errorMessage).toContain(`at '${member}' ${MUST} have length less than or equal to ${count - 1}`);
  });

  test('are all said at once', () => {
    const { errorMessage } = askFor(desk, 'AssumeRole', {
      RoleArn: '',
      DurationSeconds: '1',
      TokenCode: 'x',
    });
    expect(errorMessage).toMatch(/^6 validation errors detected: /);
  });

  test.each(['MinimumSessionTokenSize', 'DurationSeconds'])('come after the form of %s', (name) => {
    expect(askFor(desk, 'AssumeRole', { RoleArn: '', [name]: 'abc' })).toMatchObject({
      errorCode: 'MalformedInput',
      errorMessage: '',
    });
  });

  test('of parameters that an era does not know are not checked in it', () => {
    const then = createDesk({ era: '2018' });
    const unknown = { ...tagParameters([['!', '!']]), SourceIdentity: 'x', MinimumSessionTokenSize: 'abc' };
    const answer = askFor(then, 'AssumeRole', { ...ROLE, ...unknown });
    expect(answer.ok).toBe(true);
    expect(answer.body).not.toContain('SessionTokenSize');
  });
});
