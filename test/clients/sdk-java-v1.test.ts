/**
 * The AWS SDK for Java 1.x, unmodified, inside a world: the example of AWS's announcement of regional STS endpoints
 * in February 2015, which said to call `setEndpoint` because `setRegion` stays with the global one.
 */

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { javaSdkOrSkip } from './java-sdk.ts';
import { openWitnessedWorld, type ToldCall, USER, type WitnessedWorld } from './witnessed-world.ts';

const java = await javaSdkOrSkip();
const PROGRAM = fileURLToPath(new URL('../../scenarios/clients/java/StsCaller.java', import.meta.url));

java.suite('the AWS SDK for Java 1.x inside a world', () => {
  let world: WitnessedWorld;
  beforeAll(async () => {
    world = await openWitnessedWorld();
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  const command = (...labels: readonly string[]): readonly string[] => [
    java.path,
    '--class-path',
    java.classPath,
    PROGRAM,
    ...labels,
  ];

  it('reaches the regional endpoint by setEndpoint, and the global one by setRegion or the builder’s Region', {
    timeout: 90_000,
  }, async () => {
    const ways = [
      'setEndpoint',
      'setRegion',
      'setRegion-setEndpoint',
      'builder',
      'builder-endpoint',
      'nothing',
    ];
    const { told, calls, stderr } = await world.exec('eu-central-1', command(...ways));
    expect(told, stderr).toEqual([
      regional('setEndpoint'),
      global('setRegion', 'us-east-1'),
      regional('setRegion-setEndpoint'),
      global('builder', 'us-east-1'),
      regional('builder-endpoint'),
      global('nothing', 'us-east-1'),
    ]);
    expect(calls).toHaveLength(ways.length);
  });

  it('is served near by, whichever name it calls, in a Region that answers to the global one', {
    timeout: 90_000,
  }, async () => {
    const { told, stderr } = await world.exec('eu-west-1', command('setEndpoint', 'setRegion'));
    expect(told, stderr).toEqual([regional('setEndpoint'), global('setRegion', 'eu-west-1')]);
  });

  it('reaches the regional endpoint by setRegion too once it is told to prefer them', {
    timeout: 90_000,
  }, async () => {
    const preferred = ['env', 'AWS_STS_REGIONAL_ENDPOINTS=regional', ...command('setRegion', 'builder')];
    const { told, stderr } = await world.exec('eu-central-1', preferred);
    expect(told, stderr).toEqual([regional('setRegion'), regional('builder')]);
  });

  it('takes a session that is good in another Region', { timeout: 90_000 }, async () => {
    const { told, stderr } = await world.exec('eu-west-1', command('session'));
    const arn = 'arn:aws:sts::111122223333:assumed-role/app/java';
    expect(told, stderr).toEqual([
      { ...regional('AssumeRole'), arn },
      {
        label: 'GetCallerIdentity',
        arn,
        host: 'sts.us-west-2.amazonaws.com',
        region: 'us-west-2',
        regionTold: 'us-west-2',
      },
    ]);
  });
});

function regional(label: string): ToldCall {
  return {
    label,
    arn: USER,
    host: 'sts.eu-west-1.amazonaws.com',
    region: 'eu-west-1',
    regionTold: 'eu-west-1',
  };
}

function global(label: string, region: string): ToldCall {
  return { label, arn: USER, host: 'sts.amazonaws.com', region, regionTold: region };
}
