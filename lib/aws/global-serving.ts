/** Which Region serves `sts.amazonaws.com`. The name is one; what answers behind it depends on where one stands. */

import type { Era } from './eras.ts';
import { region } from './regions.ts';

/**
 * The Region that serves the global name for callers in a location; undefined where it is missing. Since April 2025
 * it is their own, when that is enabled by default and part of the world, for callers that ask the resolver of their
 * VPC; for everyone else, and for everyone before, it is us-east-1. Source: AWS, "Manage AWS STS in an AWS Region", on
 * the global endpoint.
 */
export function globalServingRegion(
  location: string,
  regions: readonly string[],
  { globalServedNearCaller }: Pick<Era, 'globalServedNearCaller'>,
): string | undefined {
  const own = globalServedNearCaller ? region(location) : undefined;
  if (own?.partition === 'aws' && own.enabledBy === 'default' && regions.includes(location)) return location;
  return regions.includes('us-east-1') ? 'us-east-1' : undefined;
}
