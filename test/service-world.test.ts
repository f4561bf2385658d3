/** A world with its control plane: the links to it, calls over them, and what an outage of the leader Region takes along. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stsLinks } from '../lib/journal/event.ts';
import { openWorld, type World } from '../lib/world/local-world.ts';
import { upJson } from '../lib/world/up-json.ts';

const LOCATIONS = ['eu-west-1', 'cn-north-1'];
let world: World;

beforeAll(async () => {
  world = await openWorld({
    regions: ['eu-west-1', 'cn-north-1'],
    global: false,
    locations: LOCATIONS,
    network: 'embedded',
    seed: 7,
    edges: [],
    controlPlane: true,
  });
}, 60_000);

afterAll(() => world?.[Symbol.asyncDispose]());

const list = (partition: 'aws' | 'aws-cn', timeLimitMs = 10_000) =>
  world.callControlPlane({
    link: world.controlPlaneLink('eu-west-1', partition),
    user: 'admin',
    action: 'RegionfallListStsRegionStatus',
    timeLimitMs,
  });

describe('links to the control plane', () => {
  test('lead from every location to the Region that leads, though its STS is not in the world', () => {
    const hosts = [
      'iam.amazonaws.com',
      'account.us-east-1.amazonaws.com',
      'account.cn-northwest-1.amazonaws.com.cn',
    ];
    for (const location of LOCATIONS) {
      expect(hosts.map((host) => world.link(location, host).servingRegion)).toEqual([
        'us-east-1',
        'us-east-1',
        'cn-northwest-1',
      ]);
      expect(world.controlPlaneLink(location, 'aws-cn')).toMatchObject({
        location,
        host: 'iam.cn-north-1.amazonaws.com.cn',
        service: 'iam',
        servingRegion: 'cn-north-1',
      });
    }
    const services = new Set(world.links.map(({ service }) => service));
    expect([...services]).toEqual(['sts', 'iam', 'account', 'issuer']);
  });

  test('stand beside the endpoints of `up --json`, not among them', () => {
    const { endpoints, controlPlane } = upJson(world, '/ca.pem');
    expect(Object.keys(endpoints).every((host) => host.startsWith('sts'))).toBe(true);
    expect(controlPlane['iam.amazonaws.com']).toBe(
      `127.0.0.1:${world.link('eu-west-1', 'iam.amazonaws.com').port}`,
    );
    expect(Object.keys(endpoints).length + Object.keys(controlPlane).length).toBe(
      world.links.length / LOCATIONS.length,
    );
    expect(stsLinks(world.links).length).toBe(Object.keys(endpoints).length * LOCATIONS.length);
  });

  test('carry signed calls, in each partition its own', async () => {
    for (const partition of ['aws', 'aws-cn'] as const) {
      const { observed, errorCode, body } = await list(partition);
      expect([observed, errorCode]).toEqual(['ok', '']);
      expect(body).toContain(partition === 'aws' ? 'eu-west-1' : 'cn-northwest-1');
    }
  });

  test('fall silent with their Region, and come back', async () => {
    const taken = world.links.filter(({ servingRegion }) => servingRegion === 'us-east-1');
    await world.network.call('setFault', {
      id: 'leader',
      links: taken.map(({ id }) => id),
      effect: { kind: 'refused' },
      connections: { which: 'all', share: 1 },
      seed: 1,
      leaseMs: 60_000,
    });
    expect((await list('aws')).observed).toBe('refused');
    expect((await list('aws-cn')).observed).toBe('ok');
    await world.network.call('clearFault', { id: 'leader' });
    expect((await list('aws')).observed).toBe('ok');
  });
});

test('a world opened without its control plane has no link to it', async () => {
  await using plain = await openWorld({
    regions: ['eu-west-1'],
    global: false,
    locations: ['eu-west-1'],
    network: 'embedded',
    seed: 7,
    edges: [],
  });
  expect(plain.links.every(({ service }) => service === 'sts')).toBe(true);
  expect(() => plain.controlPlaneLink('eu-west-1', 'aws')).toThrow('lacks a link');
}, 60_000);
