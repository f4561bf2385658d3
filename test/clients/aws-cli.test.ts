/** The AWS CLI, unmodified, inside a world: where its calls really go. What it says of errors is in exec.test.ts. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { partOrSkip } from '../required-part.ts';
import { openWitnessedWorld, ROLE, USER, type WitnessedWorld } from './witnessed-world.ts';

const aws = await partOrSkip('aws');
const WHO_AM_I = [aws.path, 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'];

aws.suite('calls of the AWS CLI', () => {
  let world: WitnessedWorld;
  beforeAll(async () => {
    world = await openWitnessedWorld();
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it('go to the endpoint of the Region it stands in', { timeout: 90_000 }, async () => {
    const { calls, stdout, stderr } = await world.exec('eu-west-1', WHO_AM_I);
    expect(stdout.trim(), stderr).toBe(USER);
    expect(calls).toEqual([
      {
        operation: 'GetCallerIdentity',
        host: 'sts.eu-west-1.amazonaws.com',
        region: 'eu-west-1',
        status: 200,
      },
    ]);
  });

  it('go to the global endpoint when it knows no Region', { timeout: 90_000 }, async () => {
    const command = ['env', '-u', 'AWS_REGION', '-u', 'AWS_DEFAULT_REGION', ...WHO_AM_I];
    const { calls, stdout, stderr } = await world.exec('eu-central-1', command);
    expect(stdout.trim(), stderr).toBe(USER);
    expect(calls).toEqual([
      { operation: 'GetCallerIdentity', host: 'sts.amazonaws.com', region: 'us-east-1', status: 200 },
    ]);
  });

  it('are good in another Region with a session of the first', { timeout: 90_000 }, async () => {
    const script = [
      `set -e`,
      `json=$("$0" sts assume-role --role-arn ${ROLE} --role-session-name cli --output text --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]')`,
      `set -- $json`,
      `AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2 AWS_SESSION_TOKEN=$3 "$0" sts get-caller-identity --region us-west-2 --query Arn --output text`,
    ].join('\n');
    const { calls, stdout, stderr } = await world.exec('eu-west-1', ['sh', '-c', script, aws.path]);
    expect(stdout.trim(), stderr).toBe('arn:aws:sts::111122223333:assumed-role/app/cli');
    expect(calls).toEqual([
      { operation: 'AssumeRole', host: 'sts.eu-west-1.amazonaws.com', region: 'eu-west-1', status: 200 },
      {
        operation: 'GetCallerIdentity',
        host: 'sts.us-west-2.amazonaws.com',
        region: 'us-west-2',
        status: 200,
      },
    ]);
  });
});
