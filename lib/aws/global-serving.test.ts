import { expect, test } from 'vitest';
import { type EraName, era } from './eras.ts';
import { globalServingRegion } from './global-serving.ts';

const WORLD = ['eu-west-1', 'us-east-1', 'af-south-1'];

test.for<[era: EraName, location: string, regions: readonly string[], serving: string | undefined]>([
  ['2026', 'eu-west-1', WORLD, 'eu-west-1'],
  ['2024', 'eu-west-1', WORLD, 'us-east-1'],
  ['2015', 'eu-west-1', WORLD, 'us-east-1'],
  // An opt-in Region, one that the world lacks, one of another partition, and a place that is no Region at all.
  ['2026', 'af-south-1', WORLD, 'us-east-1'],
  ['2026', 'eu-central-1', WORLD, 'us-east-1'],
  ['2026', 'cn-north-1', [...WORLD, 'cn-north-1'], 'us-east-1'],
  ['2026', 'office', WORLD, 'us-east-1'],
  ['2026', 'eu-west-1', ['eu-west-1'], 'eu-west-1'],
  ['2024', 'eu-west-1', ['eu-west-1'], undefined],
])('in %s the global endpoint serves callers in %s of %j from %s', ([name, location, regions, serving]) => {
  expect(globalServingRegion(location, regions, era(name))).toBe(serving);
});
