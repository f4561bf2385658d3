import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { request } from 'node:https';
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type TestWorld } from './index.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ regions: ['eu-west-1', 'eu-central-1'] });
});
afterAll(() => world[Symbol.asyncDispose]());

const clientOf = (region: string): STSClient =>
  new STSClient({ ...world.clientConfig(region, { location: 'eu-west-1' }), maxAttempts: 1 });
const session = (region: string, client = clientOf(region)) =>
  client.send(new GetSessionTokenCommand({}), { abortSignal: AbortSignal.timeout(3_000) });

describe("a test's world", () => {
  test('serves the AWS SDK of the test itself, under the real host names', async () => {
    const { Credentials } = await session('eu-west-1');
    expect(Credentials?.SessionToken).toBeTruthy();
    const identity = await clientOf('eu-central-1').send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(`arn:aws:iam::${world.accounts[0]?.id}:user/app`);
  });

  test('is all that the agent of the test can reach', async () => {
    const asked = request('https://sts.us-west-2.amazonaws.com/', { agent: world.agent() });
    asked.end();
    const [error] = await once(asked, 'error').then(
      ([value]) => [value],
      (thrown) => [thrown],
    );
    expect(error).toMatchObject({ code: 'ENOTFOUND', hostname: 'sts.us-west-2.amazonaws.com' });
  });

  test('names the locations, Regions and users that it has to whoever asks for another', () => {
    expect(() => world.agent({ location: 'eu-north-1' })).toThrow("no location 'eu-north-1'");
    expect(() => world.clientConfig('eu-north-1')).toThrow("no Region 'eu-north-1'");
    expect(() => world.clientConfig('eu-west-1', { as: 'nobody' })).toThrow("no user 'nobody'");
  });

  test('gives a program of any language its whole environment', () => {
    const { AWS_REGION, HTTPS_PROXY, AWS_CA_BUNDLE } = world.environment({ location: 'eu-central-1' });
    expect({ AWS_REGION, HTTPS_PROXY }).toEqual({
      AWS_REGION: 'eu-central-1',
      HTTPS_PROXY: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(existsSync(AWS_CA_BUNDLE ?? '')).toBe(true);
  });
});

describe('a fault of a test', () => {
  test('is felt by the client once it is there, and not any more once it is lifted', async () => {
    {
      await using outage = await world.fault({ kind: 'refused', region: 'eu-west-1' });
      expect(outage).toMatchObject({
        name: 'refused-1',
        title: 'eu-west-1 refuses connections',
        proved: true,
      });
      await expect(session('eu-west-1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await expect(session('eu-central-1')).resolves.toBeDefined();
    }
    await expect(session('eu-west-1')).resolves.toBeDefined();
    const told = world.events().filter((event) => 'fault' in event && event.fault === 'refused-1');
    expect(told.map(({ kind }) => kind)).toEqual([
      'fault.planned',
      'fault.probed',
      'fault.applied',
      'fault.probed',
      'fault.lifted',
      'fault.probed',
      'fault.healed',
    ]);
  });

  test('may be of the service: a deactivated Region issues nothing and looks alive', async () => {
    await using _off = await world.fault({ kind: 'region-deactivated', region: 'eu-west-1' });
    await expect(session('eu-west-1')).rejects.toMatchObject({ name: 'RegionDisabledException' });
    await expect(clientOf('eu-west-1').send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
  });

  test('may hold a path beside another, and each ends with its own scope', async () => {
    {
      await using slow = await world.fault({ kind: 'slow', region: 'eu-west-1', addedMs: 80 });
      await using errors = await world.fault({
        kind: 'service-error',
        region: 'eu-west-1',
        code: 'InternalFailure',
      });
      expect([slow.proved, errors.proved]).toEqual([true, true]);
      await expect(session('eu-west-1')).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    }
    await expect(session('eu-west-1')).resolves.toBeDefined();
    const healed = world.events().filter((event) => event.kind === 'fault.healed');
    expect(healed.every((event) => event.healed)).toBe(true);
  });

  test.for([
    [{ kind: 'silent', region: 'eu-west-1' }, 'no fault kind "silent"', "did you mean 'silence'?"],
    [{ kind: 'silence', region: 'eu-wst-1' }, 'it would hit nothing in this world', 'Regions: eu-west-1'],
    [{ kind: 'silence' }, 'says nothing: name a region', 'docs/faults.md'],
    [{ kind: 'slow', region: 'eu-west-1' }, 'slow', 'write addedMs'],
    [{ kind: 'region-deactivated', region: 'us-east-1' }, 'cannot be switched off', 'eu-west-1'],
    [{ kind: 'clock-skew', offset: '1h' }, 'no callers of its own', 'the wrong clock'],
  ] as const)('that cannot be is refused with the reason: %j', async ([fault, message, hint]) => {
    await expect(world.fault(fault as never)).rejects.toMatchObject({
      code: 'RF-FAULT-INVALID',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });
});
