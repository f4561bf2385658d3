import { CreateUserCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { type AccountConfig, type PolicyJson, trusting } from '../../identity/accounts.ts';
import { assuming, sessionOf } from '../../sts/test-desk.ts';
import { createIamDesk, type IamDesk, type QueryOptions, refusalOf } from '../test-desk.ts';
import {
  homeAccount,
  MEMBER,
  managingOrganization,
  memberAccount,
  statement,
  withApp,
} from '../test-organization.ts';

const APP = 'arn:aws:iam::111122223333:user/app';
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
const LATE = { minimum: 2_000, maximum: 2_000 };

function flip(desk: IamDesk, region: string, status: string, more?: QueryOptions): string {
  const { answer } = desk.query(
    { Action: 'RegionfallSetStsRegionStatus', Region: region, Status: status },
    more,
  );
  return `${answer.status} ${/<Message>([^<]*)/.exec(answer.body)?.[1] ?? 'done'}`;
}

function isServed(desk: IamDesk, region: string): boolean {
  const { errorCode } = desk.ask({
    host: `sts.${region}.amazonaws.com`,
    parameters: assuming(desk.roleArn('aws')),
  }).served.answer;
  expect(['', 'RegionDisabledException']).toContain(errorCode);
  return errorCode === '';
}

function asApp(account: AccountConfig): (region?: string) => string {
  const desk = createIamDesk({ accounts: [account] });
  return (region = 'eu-west-1') =>
    flip(desk, region, 'Inactive', { credentials: desk.credentials('aws', 'app') });
}

describe('the switch of STS in a Region', () => {
  test('reaches the Region after its delay, and only that Region', () => {
    const desk = createIamDesk({ replicaDelayMs: LATE });
    expect(flip(desk, 'eu-west-1', 'Inactive')).toBe('200 done');
    desk.passMs(1_999);
    expect(isServed(desk, 'eu-west-1')).toBe(true);
    desk.passMs(1);
    expect(isServed(desk, 'eu-west-1')).toBe(false);
    expect(isServed(desk, 'eu-west-2')).toBe(true);
    flip(desk, 'eu-west-1', 'Active');
    desk.passMs(2_000);
    expect(isServed(desk, 'eu-west-1')).toBe(true);
  });

  test('cannot be moved while the control plane is down: late activation is impossible', () => {
    const desk = createIamDesk({ era: '2015', regions: ['us-east-1', 'eu-west-1'] });
    expect(isServed(desk, 'eu-west-1')).toBe(false);
    desk.identity.plane.setUp('aws', false);
    expect(flip(desk, 'eu-west-1', 'Active')).toBe('503 Service is unable to handle request.');
    desk.passMs(60_000);
    expect(isServed(desk, 'eu-west-1')).toBe(false);
    // The Region that was active goes on, and so does what had been activated in time.
    expect(isServed(desk, 'us-east-1')).toBe(true);
    desk.identity.plane.setUp('aws', true);
    expect(flip(desk, 'eu-west-1', 'Active')).toBe('200 done');
    expect(isServed(desk, 'eu-west-1')).toBe(true);
  });

  test.each([
    ['us-east-1', 'STS in us-east-1 is always active and cannot be switched'],
    ['ap-east-1', 'ap-east-1 is an opt-in Region: its STS comes and goes with the Region and has no switch'],
    ['cn-north-1', "account 111122223333 is in partition aws, which has no Region 'cn-north-1'"],
    ['eu-west-9', "account 111122223333 is in partition aws, which has no Region 'eu-west-9'"],
  ])('does not exist in %s', (region, message) => {
    expect(flip(createIamDesk(), region, 'Inactive')).toBe(`400 ${message}`);
  });

  test.each([
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
  ] as const)('does not exist in %s at all, or not in %s', (partition, region) => {
    expect(flip(createIamDesk({ partition }), region, 'Inactive')).toBe(
      `400 STS in ${region} is always active and cannot be switched`,
    );
  });

  test('can be read: every Region of the partition that the era has', () => {
    const desk = createIamDesk({ era: '2015', regions: ['us-east-1', 'eu-west-1'] });
    flip(desk, 'eu-west-1', 'Active');
    const { body } = desk.query({ Action: 'RegionfallListStsRegionStatus' }).answer;
    const rows = [
      ...body.matchAll(/<Region>(.*?)<\/Region>\s*<Status>(.*?)<\/Status>\s*<CanBeChanged>(.*?)</g),
    ];
    expect(rows).toHaveLength(9);
    expect(rows.map((row) => row.slice(1).join(' '))).toContain('us-east-1 Active false');
    expect(rows.map((row) => row.slice(1).join(' '))).toContain('eu-west-1 Active true');
    expect(rows.map((row) => row.slice(1).join(' '))).toContain('us-west-2 Inactive true');
  });
});

describe('who may move it', () => {
  const denied = `403 User: ${APP} is not authorized to perform: `;

  test('not a user without policies', () => {
    expect(asApp(homeAccount())()).toBe(
      `${denied}iam:* on resource: * because no identity-based policy allows the iam:* action`,
    );
  });

  test.each<[string, PolicyJson]>([
    ['iam:*', statement('Allow', 'iam:*')],
    ['*', statement('Allow', '*')],
    [
      'everything but EC2',
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', NotAction: 'ec2:*', Resource: '*' }] },
    ],
  ])('a user who is allowed %s', (_name, policy) => {
    expect(asApp(withApp(homeAccount(), { policies: { own: policy } }))()).toBe('200 done');
  });

  test.each<[string, PolicyJson, string]>([
    ['single actions', statement('Allow', ['iam:Create*', 'iam:Get*', 'iam:List*']), 'iam:*'],
    ['actions of one letter', statement('Allow', 'iam:?'), 'iam:AcceptDelegationRequest'],
    ['IAM on some resources', statement('Allow', 'iam:*', 'arn:aws:iam::111122223333:user/*'), 'iam:*'],
    [
      'everything but one action of IAM',
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', NotAction: 'iam:DeleteUser', Resource: '*' }],
      },
      'iam:DeleteUser',
    ],
  ])('not a user who is allowed %s', (_name, policy, missing) => {
    expect(asApp(withApp(homeAccount(), { policies: { own: policy } }))()).toBe(
      `${denied}${missing} on resource: * because no identity-based policy allows the ${missing} action`,
    );
  });

  test('a member of a group that holds iam:*', () => {
    const account = withApp(
      homeAccount({
        groups: [
          {
            name: 'administrators',
            groupId: 'AGPAREGNFALLAAAAAAAAA',
            policies: { all: statement('Allow', 'iam:*') },
          },
        ],
      }),
      { groups: ['administrators'] },
    );
    expect(asApp(account)()).toBe('200 done');
  });

  test('a user with a managed policy that holds iam:*', () => {
    expect(asApp(withApp(homeAccount(), { attachedPolicies: [ADMINISTRATOR] }))()).toBe('200 done');
  });

  test('not one who is denied a single write', () => {
    const policies = { all: statement('Allow', '*'), but: statement('Deny', 'iam:CreateLoginProfile') };
    expect(asApp(withApp(homeAccount(), { policies }))()).toBe(
      `${denied}iam:CreateLoginProfile on resource: * with an explicit deny in an identity-based policy`,
    );
  });

  test('not one whose boundary leaves IAM out', () => {
    const account = withApp(homeAccount({ policies: { bound: statement('Allow', 's3:*') } }), {
      policies: { all: statement('Allow', '*') },
      boundary: 'arn:aws:iam::111122223333:policy/bound',
    });
    expect(asApp(account)()).toBe(
      `${denied}iam:* on resource: * because no permissions boundary allows the iam:* action`,
    );
  });

  test('not even an administrator, where the organization denies it', () => {
    const member = memberAccount([{ all: statement('Allow', '*') }, { no: statement('Deny', 'iam:*') }]);
    const desk = createIamDesk({
      accounts: [managingOrganization(), member],
    });
    const credentials = desk.credentialsIn(MEMBER, 'admin');
    expect(flip(desk, 'eu-west-1', 'Inactive', { credentials })).toBe(
      `403 User: arn:aws:iam::${MEMBER}:user/admin is not authorized to perform: iam:* on resource: * with an explicit deny in a service control policy`,
    );
  });
});

describe('credentials that IAM takes', () => {
  test('are not those of GetSessionToken without MFA, nor of GetFederationToken', async () => {
    const desk = createIamDesk();
    const admin = desk.credentials('aws', 'admin');
    for (const parameters of [
      { Action: 'GetSessionToken' },
      { Action: 'GetFederationToken', Name: 'visitor' },
    ]) {
      const answer = desk.ask({ credentials: admin, parameters: { Version: '2011-06-15', ...parameters } });
      const refused = await refusalOf(desk.iam(sessionOf(answer)).send(new ListUsersCommand({})));
      expect(refused).toEqual({
        code: 'InvalidClientTokenId',
        message: 'The security token included in the request is invalid.',
        status: 403,
      });
    }
  });

  test('are those of a role, within what the role may', async () => {
    const [role] = homeAccount().roles;
    if (role === undefined) throw new Error('no role');
    const policies = { users: statement('Allow', 'iam:ListUsers') };
    const desk = createIamDesk({
      accounts: [homeAccount({ roles: [{ ...role, policies, trust: trusting(APP) }] })],
    });
    const iam = desk.iam(sessionOf(desk.ask({ parameters: assuming(role.arn) })));
    expect((await iam.send(new ListUsersCommand({}))).Users).toHaveLength(2);
    expect((await refusalOf(iam.send(new CreateUserCommand({ UserName: 'x' })))).message).toBe(
      'User: arn:aws:sts::111122223333:assumed-role/app/game-day is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::111122223333:user/x because no identity-based policy allows the iam:CreateUser action',
    );
  });
});
