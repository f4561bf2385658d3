/** The AWS CLI, unmodified, at the control plane of a world: IAM where it really is, whichever Region the CLI is in. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { partOrSkip } from '../required-part.ts';
import { openWitnessedWorld, type WitnessedWorld } from './witnessed-world.ts';

const aws = await partOrSkip('aws');

aws.suite('IAM of a world, asked by the AWS CLI,', () => {
  let world: WitnessedWorld;
  beforeAll(async () => {
    world = await openWitnessedWorld();
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it('makes a user for an administrator, and tells of it', { timeout: 90_000 }, async () => {
    const script = [
      `set -e`,
      `"$0" iam create-user --user-name cli --path /game-day/ --query User.Arn --output text`,
      `"$0" iam get-user --user-name cli --query User.Arn --output text`,
    ].join('\n');
    const { calls, stdout, stderr } = await world.exec('eu-west-1', ['sh', '-c', script, aws.path], 'admin');
    const arn = 'arn:aws:iam::111122223333:user/game-day/cli';
    expect(stdout.trim().split('\n'), stderr).toEqual([arn, arn]);
    const call = { host: 'iam.amazonaws.com', region: 'us-east-1', status: 200 };
    expect(calls).toEqual([
      { ...call, operation: 'CreateUser' },
      { ...call, operation: 'GetUser' },
    ]);
  });

  it('makes none for a user without permission', { timeout: 90_000 }, async () => {
    const command = [aws.path, 'iam', 'create-user', '--user-name', 'other'];
    const { code, calls, stderr } = await world.exec('us-gov-west-1', command);
    expect(code).not.toBe(0);
    expect(stderr).toContain('(AccessDenied)');
    expect(calls).toEqual([
      { operation: 'CreateUser', host: 'iam.us-gov.amazonaws.com', region: 'us-gov-west-1', status: 403 },
    ]);
  });
});
