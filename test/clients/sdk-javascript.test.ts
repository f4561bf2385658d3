/** The AWS SDK for JavaScript, unmodified, inside a world: its own agent knows no proxy variable. */

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWitnessedWorld, USER, type WitnessedWorld } from './witnessed-world.ts';

const PROGRAM = fileURLToPath(new URL('../../scenarios/clients/sts-caller.mjs', import.meta.url));

describe('the AWS SDK for JavaScript inside a world', () => {
  let world: WitnessedWorld;
  beforeAll(async () => {
    world = await openWitnessedWorld();
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it('calls the regional endpoint, or the global one when asked, and its session is good in another Region', {
    timeout: 90_000,
  }, async () => {
    const command = [process.execPath, PROGRAM, 'regional', 'global', 'session'];
    const { told, stderr } = await world.exec('eu-west-1', command);
    const arn = 'arn:aws:sts::111122223333:assumed-role/app/js';
    const home = { region: 'eu-west-1', regionTold: 'eu-west-1' };
    const away = { region: 'us-west-2', regionTold: 'us-west-2' };
    expect(told, stderr).toEqual([
      { label: 'regional', arn: USER, host: 'sts.eu-west-1.amazonaws.com', ...home },
      { label: 'global', arn: USER, host: 'sts.amazonaws.com', ...home },
      { label: 'AssumeRole', arn, host: 'sts.eu-west-1.amazonaws.com', ...home },
      { label: 'GetCallerIdentity', arn, host: 'sts.us-west-2.amazonaws.com', ...away },
    ]);
  });
});
