/**
 * The control plane as the service process shows it: AWS's own clients over TLS, under the real host names, and what
 * Regions make of the changes, each after its replica's delay. The leader's STS is not in this world; its IAM is.
 */

import {
  AccountClient,
  DisableRegionCommand,
  GetRegionOptStatusCommand,
  ListRegionsCommand,
} from '@aws-sdk/client-account';
import {
  CreateRoleCommand,
  EnableOutboundWebIdentityFederationCommand,
  IAMClient,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetWebIdentityTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openServiceKit, type ServiceKit } from './service-kit.ts';

const REGIONS = ['eu-west-1', 'us-west-2', 'af-south-1'];
const ROLE = 'arn:aws:iam::111122223333:role/';

let kit: ServiceKit;

beforeEach(async () => {
  kit = await openServiceKit(REGIONS);
});

afterEach(() => kit[Symbol.asyncDispose]());

const iam = (user = 'admin'): IAMClient => new IAMClient(kit.clientTo(kit.iamPort(), user));
const account = (user = 'admin'): AccountClient => new AccountClient(kit.clientTo(kit.accountPort(), user));
const sts = (region: string, user = 'app'): STSClient =>
  new STSClient({ ...kit.clientTo(kit.regionPort(region), user), region });

/** The code of the error, or `ok`. */
const outcome = (sent: Promise<unknown>): Promise<string> =>
  sent.then(
    () => 'ok',
    (error: Error) => error.name,
  );

const assume = (region: string, role = 'app'): Promise<string> =>
  outcome(
    sts(region).send(new AssumeRoleCommand({ RoleArn: `${ROLE}${role}`, RoleSessionName: 'game-day' })),
  );

describe('IAM', () => {
  test('makes a role, which other Regions know when the change has reached them', async () => {
    const { Role } = await iam().send(
      new CreateRoleCommand({
        RoleName: 'late',
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: 'arn:aws:iam::111122223333:user/app' },
              Action: 'sts:AssumeRole',
            },
          ],
        }),
      }),
    );
    expect(Role?.Arn).toBe(`${ROLE}late`);
    expect(await assume('us-west-2', 'late')).toBe('AccessDenied');
    kit.pass(kit.replicaDelayMs);
    expect(await assume('us-west-2', 'late')).toBe('ok');
    expect(await assume('eu-west-1', 'late')).toBe('ok');
  });

  test('stands in the log as served by the Region that leads it', async () => {
    await iam().send(new ListUsersCommand({}));
    await kit.service.log.begin({ path: 'unused', originUs: 0 });
    await kit.service.log.end();
    expect(kit.rows.at(-1)).toMatchObject({
      region: 'us-east-1',
      host: 'iam.amazonaws.com',
      operation: 'ListUsers',
      status: 200,
      account: '111122223333',
    });
  });

  test('answers under its dual-stack name, and under none of STS', async () => {
    const dual = new IAMClient({ ...kit.clientTo(kit.iamPort(), 'admin'), useDualstackEndpoint: true });
    expect(await outcome(dual.send(new ListUsersCommand({})))).toBe('ok');
    expect((await kit.get(kit.iamPort(), 'iam.amazonaws.com', '/')).status).toBe(302);
    const misled = new STSClient({ ...kit.clientTo(kit.iamPort(), 'app'), region: 'eu-west-1' });
    expect(await outcome(misled.send(new GetCallerIdentityCommand({})))).not.toBe('ok');
  });

  test('is led from another Region than Account Management in China', () => {
    expect(Object.keys(kit.service.ready.controlPlanePorts).sort()).toEqual([
      'cn-north-1',
      'cn-northwest-1',
      'us-east-1',
    ]);
  });
});

describe('Account Management', () => {
  test('disables an opt-in Region, in which the account’s keys are unknown after the delay', async () => {
    const who = (): Promise<string> => outcome(sts('af-south-1').send(new GetCallerIdentityCommand({})));
    const status = async () =>
      (await account().send(new GetRegionOptStatusCommand({ RegionName: 'af-south-1' }))).RegionOptStatus;
    expect([await status(), await who()]).toEqual(['ENABLED', 'ok']);
    await account().send(new DisableRegionCommand({ RegionName: 'af-south-1' }));
    expect([await status(), await who()]).toEqual(['DISABLING', 'ok']);
    kit.pass(kit.replicaDelayMs);
    expect([await status(), await who()]).toEqual(['DISABLED', 'InvalidClientTokenId']);
    const { Regions } = await account().send(
      new ListRegionsCommand({ RegionOptStatusContains: ['DISABLED'] }),
    );
    expect(Regions?.map(({ RegionName }) => RegionName)).toEqual(['af-south-1']);
  });

  test('is denied to a user without permission', async () => {
    expect(await outcome(account('app').send(new ListRegionsCommand({})))).toBe('AccessDeniedException');
  });
});

describe('the switch of STS in a Region', () => {
  const deactivate = (user: string) =>
    kit.iam(user, 'RegionfallSetStsRegionStatus', { Region: 'eu-west-1', Status: 'Inactive' });

  test('is refused to a user without iam:*', async () => {
    expect(await deactivate('app')).toMatchObject({
      observed: 'error',
      status: 403,
      errorCode: 'AccessDenied',
    });
    kit.pass(kit.replicaDelayMs);
    expect(await assume('eu-west-1')).toBe('ok');
  });

  test('is moved by an administrator, and felt in the Region after its delay', async () => {
    expect(await deactivate('admin')).toMatchObject({ observed: 'ok', status: 200 });
    expect(await assume('eu-west-1')).toBe('ok');
    kit.pass(kit.replicaDelayMs);
    expect(await assume('eu-west-1')).toBe('RegionDisabledException');
    expect(await assume('us-west-2')).toBe('ok');
    const { body } = await kit.iam('admin', 'RegionfallListStsRegionStatus');
    expect(body).toMatch(/<Region>eu-west-1<\/Region>\s*<Status>Inactive<\/Status>/);
  });

  test('is refused while the control plane is down, and the Region stays as it was', async () => {
    kit.service.control.setControlPlane({ partition: 'aws', up: false });
    expect(await deactivate('admin')).toMatchObject({ status: 503, errorCode: 'ServiceUnavailable' });
    expect(await outcome(account().send(new ListRegionsCommand({})))).not.toBe('ok');
    kit.service.control.setControlPlane({ partition: 'aws', up: true });
    kit.pass(kit.replicaDelayMs);
    expect(await assume('eu-west-1')).toBe('ok');
    expect(await deactivate('admin')).toMatchObject({ status: 200 });
  });
});

describe('a fault that holds the control plane down', () => {
  const read = async () => (await kit.iam('admin', 'RegionfallListStsRegionStatus')).status;

  test('ends by itself, while credentials go on being issued', async () => {
    const { control } = kit.service;
    control.setFault({ id: 'held', kind: 'control-plane-down', partition: 'aws', leaseMs: 400 });
    expect(control.observe().faults).toEqual(['held']);
    expect(control.controlPlanes()).toEqual({ aws: 'down', 'aws-cn': 'up' });
    expect(await read()).toBe(503);
    expect(await assume('eu-west-1')).toBe('ok');
    await expect.poll(read, { timeout: 10_000 }).toBe(200);
    expect(control.observe().faults).toEqual([]);
    expect(control.renewFault({ id: 'held', leaseMs: 400 })).toEqual({ known: false });
  });

  test('is renewed and cleared like any other', async () => {
    const { control } = kit.service;
    control.setFault({ id: 'held', kind: 'control-plane-down', partition: 'aws', leaseMs: 60_000 });
    expect(control.renewFault({ id: 'held', leaseMs: 60_000 })).toEqual({ known: true });
    expect(await read()).toBe(503);
    expect(control.clearFault({ id: 'held' })).toEqual({ known: true });
    expect(await read()).toBe(200);
  });
});

describe('the token issuer of an account', () => {
  const DISCOVERY = '/.well-known/openid-configuration';

  test('publishes under its own name the keys by which its tokens can be checked', async () => {
    const { IssuerIdentifier = '' } = await iam().send(new EnableOutboundWebIdentityFederationCommand({}));
    const host = new URL(IssuerIdentifier).host;
    expect((await kit.get(kit.iamPort(), host, DISCOVERY)).status).toBe(404);
    kit.pass(kit.replicaDelayMs);
    const discovery = JSON.parse((await kit.get(kit.iamPort(), host, DISCOVERY)).body);
    expect(discovery.issuer).toBe(IssuerIdentifier);
    const keys = await kit.get(kit.iamPort(), host, new URL(discovery.jwks_uri).pathname);
    const { WebIdentityToken = '' } = await sts('us-west-2', 'admin').send(
      new GetWebIdentityTokenCommand({ Audience: ['https://api.example'], SigningAlgorithm: 'ES384' }),
    );
    const keySet = createLocalJWKSet(JSON.parse(keys.body) as JSONWebKeySet);
    // The service's clock is ahead of this process's.
    const currentDate = new Date(Date.now() + kit.replicaDelayMs);
    const { payload } = await jwtVerify(WebIdentityToken, keySet, { issuer: IssuerIdentifier, currentDate });
    expect(payload.aud).toBe('https://api.example');
  });
});
