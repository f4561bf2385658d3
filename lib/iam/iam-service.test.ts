import { GetUserCommand } from '@aws-sdk/client-iam';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeForm } from '../aws/query-protocol.ts';
import { withHeader } from '../sts/test-desk.ts';
import { ACTIONS } from './actions/table.ts';
import { createIamDesk, refusalOf } from './test-desk.ts';
import { homeAccount, withApp } from './test-organization.ts';

describe('IAM', () => {
  test('writes answers as the real service does', () => {
    const desk = createIamDesk();
    expect(
      desk.query({ Action: 'RemoveUserFromGroup', GroupName: 'x', UserName: 'app' }).answer.body,
    ).toBe(`<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <Error>
    <Type>Sender</Type>
    <Code>NoSuchEntity</Code>
    <Message>The group with name x cannot be found.</Message>
  </Error>
  <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
</ErrorResponse>
`);
    expect(desk.query({ Action: 'CreateGroup', GroupName: 'x' }).answer.body).toMatch(
      /^<CreateGroupResponse xmlns="https:\/\/iam.amazonaws.com\/doc\/2010-05-08\/">\n {2}<CreateGroupResult>\n {4}<Group>\n/,
    );
    expect(
      desk.query({ Action: 'DeleteGroup', GroupName: 'x' }).answer.body,
    ).toBe(`<DeleteGroupResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</DeleteGroupResponse>
`);
  });

  test.each([
    ['an unknown action', { Action: 'NoSuch' }, 400, 'InvalidAction', 'AWSFault/2005-15-09'],
    ['an action of STS', { Action: 'GetCallerIdentity' }, 400, 'InvalidAction', 'for version 2010-05-08'],
    ['another version', { Action: 'GetUser', Version: '2011-06-15' }, 400, 'InvalidAction', '2011-06-15'],
    ['no action', {}, 302, 'NoAction', ''],
  ])('answers %s before it asks who calls', (_name, parameters, status, errorCode, part) => {
    const { answer, accessKeyId } = createIamDesk().query(parameters);
    expect(answer).toMatchObject({ status, errorCode });
    expect(answer.body).toContain(part);
    expect(accessKeyId).toBe('');
  });

  test('wants signatures for itself, in its leader Region', () => {
    const desk = createIamDesk();
    const answer = desk.query(
      { Action: 'GetUser' },
      { alter: (request) => withHeader(request, 'authorization', undefined) },
    ).answer;
    expect(answer.errorCode).toBe('MissingAuthenticationToken');
    const misdirected = desk.query(
      { Action: 'GetUser' },
      {
        alter: (request) => ({
          ...request,
          headers: request.headers.map(([name, value]) => [
            name,
            value.replace('/us-east-1/iam/', '/eu-west-1/sts/'),
          ]),
        }),
      },
    ).answer;
    expect(misdirected.body).toContain(
      "Credential should be scoped to a valid region. Credential should be scoped to correct service: 'iam'. ",
    );
  });

  test('answers neither reads nor writes while its control plane is down, and changes nothing', async () => {
    const desk = createIamDesk();
    desk.identity.plane.setUp('aws', false);
    expect(await refusalOf(desk.iam().send(new GetUserCommand({})))).toEqual({
      code: 'ServiceUnavailable',
      message: 'Service is unable to handle request.',
      status: 503,
    });
    const before = desk.identity.plane.state();
    desk.query({ Action: 'CreateUser', UserName: 'x' });
    expect(desk.identity.plane.state()).toBe(before);
    // Credentials are still told from others: that is the Region's own knowledge.
    const unknown = { ...desk.credentials('aws', 'admin'), accessKeyId: 'AKIAIOSFODNN7EXAMPLE' };
    expect(desk.query({ Action: 'GetUser' }, { credentials: unknown }).answer.status).toBe(403);
    // The other partitions have control planes of their own.
    expect(desk.identity.plane.isUp('aws-cn')).toBe(true);
  });

  test('takes permission for what is named, with its tags and with what is attached', () => {
    const attachOnly = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['iam:AttachUserPolicy', 'iam:CreateUser'],
          Resource: 'arn:aws:iam::111122223333:user/team/*',
          Condition: {
            StringLikeIfExists: { 'iam:PolicyARN': '*/ReadOnlyAccess', 'aws:RequestTag/team': 'a' },
          },
        },
      ],
    };
    const desk = createIamDesk({ accounts: [withApp(homeAccount(), { policies: { own: attachOnly } })] });
    const ask = (parameters: Record<string, string>): number =>
      desk.query(parameters, { credentials: desk.credentials('aws', 'app') }).answer.status;
    const create = { Action: 'CreateUser', UserName: 'x' };
    const tag = (value: string) => ({ 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': value });
    expect(ask(create)).toBe(403);
    expect(ask({ ...create, Path: '/team/', ...tag('b') })).toBe(403);
    expect(ask({ ...create, Path: '/team/', ...tag('a') })).toBe(200);
    const attach = { Action: 'AttachUserPolicy', UserName: 'x' };
    expect(ask({ ...attach, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })).toBe(403);
    expect(ask({ ...attach, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })).toBe(200);
  });

  test('checks parameters before permissions, and permissions before it looks anything up', () => {
    const desk = createIamDesk();
    const credentials = desk.credentials('aws', 'app');
    const code = (parameters: Record<string, string>): string =>
      desk.query(parameters, { credentials }).answer.errorCode;
    expect(code({ Action: 'GetUser', UserName: '' })).toBe('ValidationError');
    expect(code({ Action: 'GetUser', UserName: 'nobody' })).toBe('AccessDenied');
  });

  test('whatever it is sent, answers, and with no more than a hundred times its bytes', () => {
    const desk = createIamDesk();
    const names = [...ACTIONS.keys()];
    const texts = fc.oneof(
      fc.string({ maxLength: 40, unit: 'binary' }),
      fc.constantFrom(
        'app',
        'admin',
        '/',
        'arn:aws:iam::aws:policy/AdministratorAccess',
        '1',
        '-1',
        'true',
        'v1',
      ),
    );
    const keys = fc.oneof(
      fc.constantFrom(
        'UserName',
        'RoleName',
        'GroupName',
        'PolicyArn',
        'PolicyName',
        'Path',
        'Marker',
        'MaxItems',
      ),
      fc.constantFrom(
        'PolicyDocument',
        'AssumeRolePolicyDocument',
        'Tags.member.1.Key',
        'SerialNumber',
        'Url',
      ),
      fc.constantFrom('Region', 'Status', 'VersionId', 'Filter.member.1', 'AccessKeyId', 'PathPrefix'),
      fc.string({ maxLength: 10 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.dictionary(keys, texts, { maxKeys: 6 }), (name, given) => {
        const parameters = { ...given, Action: name, Version: '2010-05-08' };
        const { answer } = desk.query(parameters);
        expect(answer.errorCode).not.toBe('InternalFailure');
        const bytes = encodeForm(parameters).length + 400;
        expect(answer.body.length).toBeLessThan(100 * bytes);
      }),
      { numRuns: 600 },
    );
  });
});
