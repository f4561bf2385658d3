import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PARTITIONS } from './partitions.ts';
import { nearestName, REGIONS, region } from './regions.ts';

describe('the table of Regions', () => {
  it('has 36 of partition aws, of which 17 are enabled by default and 15 are legacy', () => {
    const aws = REGIONS.filter((entry) => entry.partition === 'aws');
    expect(aws).toHaveLength(36);
    expect(aws.filter(({ enabledBy }) => enabledBy === 'default')).toHaveLength(17);
    expect(aws.filter(({ legacyGlobal }) => legacyGlobal)).toHaveLength(15);
  });

  it('lets sixteen Regions of aws and one of China turn STS off', () => {
    const switchable = REGIONS.filter(({ stsSwitch }) => stsSwitch === 'switchable');
    expect(switchable.filter((entry) => entry.partition === 'aws')).toHaveLength(16);
    expect(switchable.filter((entry) => entry.partition !== 'aws').map(({ id }) => id)).toEqual([
      'cn-northwest-1',
    ]);
  });

  it('ties the switch to the opt-in exactly where there is one', () => {
    for (const entry of REGIONS) {
      expect(entry.stsSwitch === 'follows-opt-in').toBe(entry.enabledBy === 'opt-in');
    }
  });

  it('gives every Region to one partition, and every partition its implicit Region', () => {
    expect(PARTITIONS.flatMap((entry) => entry.regions)).toEqual(REGIONS);
    for (const entry of PARTITIONS) {
      expect(entry.regions.map(({ id }) => id)).toContain(entry.implicitGlobalRegion);
    }
  });

  it('finds a Region by its exact id', () => {
    expect(region('eu-west-1')?.name).toBe('Europe (Ireland)');
    expect(region('EU-WEST-1')).toBeUndefined();
    expect(region('constructor')).toBeUndefined();
  });
});

describe('nearestName', () => {
  const ids = REGIONS.map(({ id }) => id);

  it.each([
    ['eu-wset-1', 'eu-west-1'],
    ['EU-WEST-1', 'eu-west-1'],
    ['us-est-1', 'us-east-1'],
    ['us-east1', 'us-east-1'],
    ['euwest1', 'eu-west-1'],
  ])('takes %s for %s', (typed, meant) => expect(nearestName(typed, ids)).toBe(meant));

  it.each(['frankfurt', 'x', ''])("has no guess for '%s'", (typed) => {
    expect(nearestName(typed, ids)).toBeUndefined();
  });

  it('has no guess among no names', () => expect(nearestName('silence', [])).toBeUndefined());

  it('returns a known name for itself, whatever its case', () => {
    fc.assert(fc.property(fc.constantFrom(...ids), (id) => nearestName(id.toUpperCase(), ids) === id));
  });

  it('finds a long name with one letter lost, doubled or swapped, or one as near', () => {
    const names = ['region-outage', 'partition-wall', 'global-endpoint-outage'];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(11),
        fc.constantFrom('lose', 'double', 'swap'),
        (name, at, how) => {
          const [head, letter, next, tail] = [
            name.slice(0, at),
            name.charAt(at),
            name.charAt(at + 1),
            name.slice(at + 2),
          ];
          const typed = {
            lose: head + next + tail,
            double: head + letter + letter + next + tail,
            swap: head + next + letter + tail,
          }[how];
          return nearestName(typed, names) === name;
        },
      ),
    );
  });
});
