import {
  DisableRegionCommand,
  EnableRegionCommand,
  GetRegionOptStatusCommand,
  ListRegionsCommand,
} from '@aws-sdk/client-account';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIamDesk, type IamDesk, refusalOf } from '../test-desk.ts';
import { homeAccount, MEMBER, managingOrganization, memberAccount, withApp } from '../test-organization.ts';

const OPT_DELAY_MS = 5_000;

function outside(...optedOutRegions: string[]): IamDesk {
  return createIamDesk({
    accounts: [homeAccount({ optedOutRegions })],
    regions: ['us-east-1', 'eu-west-1', 'ap-east-1'],
  });
}

async function statusOf(desk: IamDesk, RegionName: string): Promise<string | undefined> {
  return (await desk.account().send(new GetRegionOptStatusCommand({ RegionName }))).RegionOptStatus;
}

describe('an opt-in Region', () => {
  test('knows the account only once it has been enabled, which takes a while', async () => {
    const desk = outside('ap-east-1');
    const asked = () => desk.ask({ host: 'sts.ap-east-1.amazonaws.com' }).served.answer.errorCode;
    expect(await statusOf(desk, 'ap-east-1')).toBe('DISABLED');
    expect(asked()).toBe('InvalidClientTokenId');
    await desk.account().send(new EnableRegionCommand({ RegionName: 'ap-east-1' }));
    expect(await statusOf(desk, 'ap-east-1')).toBe('ENABLING');
    desk.passMs(OPT_DELAY_MS - 1);
    expect(asked()).toBe('InvalidClientTokenId');
    desk.passMs(1);
    expect(await statusOf(desk, 'ap-east-1')).toBe('ENABLED');
    expect(asked()).toBe('');
    await desk.account().send(new DisableRegionCommand({ RegionName: 'ap-east-1' }));
    expect(await statusOf(desk, 'ap-east-1')).toBe('DISABLING');
    // Until it is done the Region serves.
    expect(asked()).toBe('');
    desk.passMs(OPT_DELAY_MS);
    expect(await statusOf(desk, 'ap-east-1')).toBe('DISABLED');
    expect(asked()).toBe('InvalidClientTokenId');
  });

  test('takes no other order while one is under way', async () => {
    const desk = outside('ap-east-1');
    const account = desk.account();
    await account.send(new EnableRegionCommand({ RegionName: 'ap-east-1' }));
    desk.passMs(1_000);
    for (const command of [EnableRegionCommand, DisableRegionCommand]) {
      const refused = await refusalOf(account.send(new command({ RegionName: 'ap-east-1' }) as never));
      expect(refused).toMatchObject({ code: 'ConflictException', status: 409 });
    }
  });

  test('is one of few that can be ordered in a second', async () => {
    const desk = outside('ap-east-1', 'me-south-1');
    const account = desk.account();
    await account.send(new EnableRegionCommand({ RegionName: 'ap-east-1' }));
    const second = () => account.send(new EnableRegionCommand({ RegionName: 'me-south-1' }));
    expect(await refusalOf(second())).toMatchObject({ code: 'TooManyRequestsException', status: 429 });
    desk.passMs(1_000);
    await second();
  });

  test('cannot be ordered while the control plane is down, nor even looked at', async () => {
    const desk = outside('ap-east-1');
    desk.identity.plane.setUp('aws', false);
    const refused = await refusalOf(
      desk.account().send(new EnableRegionCommand({ RegionName: 'ap-east-1' })),
    );
    expect(refused).toMatchObject({ code: 'ServiceUnavailableException', status: 503 });
    desk.identity.plane.setUp('aws', true);
    expect(await statusOf(desk, 'ap-east-1')).toBe('DISABLED');
  });
});

describe('the Regions of an account', () => {
  test('are listed with their states, in pages', async () => {
    const desk = outside('ap-east-1');
    const account = desk.account();
    const first = await account.send(new ListRegionsCommand({ MaxResults: 30 }));
    const second = await account.send(new ListRegionsCommand({ NextToken: first.NextToken }));
    const all = [...(first.Regions ?? []), ...(second.Regions ?? [])];
    expect(second.NextToken).toBeUndefined();
    expect(all).toHaveLength(36);
    expect(all).toContainEqual({ RegionName: 'us-east-1', RegionOptStatus: 'ENABLED_BY_DEFAULT' });
    expect(all).toContainEqual({ RegionName: 'me-south-1', RegionOptStatus: 'ENABLED' });
    const off = await account.send(new ListRegionsCommand({ RegionOptStatusContains: ['DISABLED'] }));
    expect(off.Regions).toEqual([{ RegionName: 'ap-east-1', RegionOptStatus: 'DISABLED' }]);
  });

  test.each([
    ['us-east-1', 'invalidRegionOptTarget'],
    ['xx-west-1', 'invalidRegionOptTarget'],
    ['cn-north-1', 'invalidRegionOptTarget'],
    ['', 'fieldValidationFailed'],
    ['x'.repeat(51), 'fieldValidationFailed'],
  ])('do not let %s be enabled', async (RegionName, reason) => {
    const sent = createIamDesk().account().send(new EnableRegionCommand({ RegionName }));
    await expect(sent).rejects.toMatchObject({ name: 'ValidationException', reason });
  });

  test('are anyone’s to change who is allowed to for that Region', async () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'account:EnableRegion',
          Resource: '*',
          Condition: { StringEquals: { 'account:TargetRegion': 'ap-east-1' } },
        },
      ],
    };
    const account = homeAccount({ optedOutRegions: ['ap-east-1', 'me-south-1'] });
    const desk = createIamDesk({ accounts: [withApp(account, { policies: { policy } })] });
    const app = desk.account(desk.credentials('aws', 'app'));
    expect(await refusalOf(app.send(new EnableRegionCommand({ RegionName: 'me-south-1' })))).toEqual({
      code: 'AccessDeniedException',
      status: 403,
      message:
        'User: arn:aws:iam::111122223333:user/app is not authorized to perform: account:EnableRegion on resource: arn:aws:account::111122223333:account because no identity-based policy allows the account:EnableRegion action',
    });
    await app.send(new EnableRegionCommand({ RegionName: 'ap-east-1' }));
  });

  test('of members are the managing account’s to change, and nobody else’s', async () => {
    const member = { ...memberAccount(), optedOutRegions: ['ap-east-1'] };
    const desk = createIamDesk({ accounts: [managingOrganization(), member] });
    const order = new EnableRegionCommand({ RegionName: 'ap-east-1', AccountId: MEMBER });
    const asMember = desk.account(desk.credentialsIn(MEMBER, 'admin'));
    expect((await refusalOf(asMember.send(order))).code).toBe('AccessDeniedException');
    await desk.account().send(order);
    const status = new GetRegionOptStatusCommand({ RegionName: 'ap-east-1' });
    expect((await asMember.send(status)).RegionOptStatus).toBe('ENABLING');
    expect((await desk.account().send(status)).RegionOptStatus).toBe('ENABLED');
  });
});

describe('requests that are none', () => {
  test('to credentials that are unknown, the gateway’s names for the refusal', async () => {
    const desk = createIamDesk();
    const unknown = { ...desk.credentials('aws', 'admin'), accessKeyId: 'AKIAIOSFODNN7EXAMPLE' };
    expect(await refusalOf(desk.account(unknown).send(new ListRegionsCommand({})))).toMatchObject({
      code: 'UnrecognizedClientException',
      status: 403,
    });
  });

  test('whatever the body, an answer in JSON', () => {
    const desk = createIamDesk();
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string()),
        fc.constantFrom('/listRegions', '/enableRegion', '/x'),
        (body, path) => {
          const { answer } = desk.send('account', { path, body });
          expect(answer.errorCode).not.toBe('InternalServerException');
          if (answer.body !== '') JSON.parse(answer.body);
        },
      ),
      { numRuns: 300 },
    );
  });
});
