/** boto3, unmodified, inside a world. */

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { partOrSkip } from '../required-part.ts';
import { openWitnessedWorld, USER, type WitnessedWorld } from './witnessed-world.ts';

const boto3 = await partOrSkip('boto3');
const PROGRAM = fileURLToPath(new URL('../../scenarios/clients/sts_caller.py', import.meta.url));

boto3.suite('boto3 inside a world', () => {
  let world: WitnessedWorld;
  beforeAll(async () => {
    world = await openWitnessedWorld();
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it('calls the regional endpoint by default, and its session is good in another Region', {
    timeout: 90_000,
  }, async () => {
    const { told, stderr } = await world.exec('eu-west-1', [boto3.path, PROGRAM, 'default', 'session']);
    const arn = 'arn:aws:sts::111122223333:assumed-role/app/boto3';
    const home = { host: 'sts.eu-west-1.amazonaws.com', region: 'eu-west-1', regionTold: 'eu-west-1' };
    const away = { host: 'sts.us-west-2.amazonaws.com', region: 'us-west-2', regionTold: 'us-west-2' };
    expect(told, stderr).toEqual([
      { label: 'default', arn: USER, ...home },
      { label: 'AssumeRole', arn, ...home },
      { label: 'GetCallerIdentity', arn, ...away },
    ]);
  });

  it('calls the global endpoint when told to do as it did before, in Regions of that time', {
    timeout: 90_000,
  }, async () => {
    const command = ['env', 'AWS_STS_REGIONAL_ENDPOINTS=legacy', boto3.path, PROGRAM, 'legacy'];
    const { told, stderr } = await world.exec('eu-west-1', command);
    expect(told, stderr).toEqual([
      { label: 'legacy', arn: USER, host: 'sts.amazonaws.com', region: 'eu-west-1', regionTold: 'eu-west-1' },
    ]);
  });

  it('lives in GovCloud with the keys of the account there', { timeout: 90_000 }, async () => {
    const { told, stderr } = await world.exec('us-gov-west-1', [boto3.path, PROGRAM, 'gov']);
    expect(told, stderr).toEqual([
      {
        label: 'gov',
        arn: 'arn:aws-us-gov:iam::333344445555:user/app',
        host: 'sts.us-gov-west-1.amazonaws.com',
        region: 'us-gov-west-1',
        regionTold: 'us-gov-west-1',
      },
    ]);
  });
});
