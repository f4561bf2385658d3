/** Which Region serves `sts.amazonaws.com`. The name is one; what answers behind it depends on where one stands. */

import { region } from './regions.ts';

/**
 * The Region that serves the global name for callers in a location: their own when it is enabled by default and part
 * of the world, us-east-1 for everyone else; undefined where us-east-1 is missing. So it is since April 2025, for
 * callers that ask the resolver of their VPC. Source: AWS, "Manage AWS STS in an AWS Region", on the global endpoint.
 */
export function globalServingRegion(location: string, regions: readonly string[]): string | undefined {
  const own = region(location);
  if (own?.partition === 'aws' && own.enabledBy === 'default' && regions.includes(location)) return location;
  return regions.includes('us-east-1') ? 'us-east-1' : undefined;
}
