/**
 * Which Regions a signature is good for: one for Signature Version 4, which names it in the scope, and a set of names
 * and wildcards for Version 4A.
 */

import type { SignatureClaim } from './authorization.ts';

export function claimCoversRegion(claim: SignatureClaim, region: string): boolean {
  return claim.algorithm === 'v4' ? claim.region === region : regionSetCovers(claim.regionSet, region);
}

/** `us-east-1,eu-*`, or `*` for all; white space beside the commas is ignored. An empty set covers nothing. */
export function regionSetCovers(regionSet: string, region: string): boolean {
  for (const part of regionSet.split(',')) {
    const pattern = part.trim();
    if (pattern === region || (pattern.includes('*') && wildcardMatches(pattern, region))) return true;
  }
  return false;
}

/** A star stands for any text, also none. Going back to the last star alone is enough, and bounds the work. */
function wildcardMatches(pattern: string, text: string): boolean {
  let at = 0;
  let index = 0;
  let star = -1;
  let taken = 0;
  while (index < text.length) {
    if (pattern[at] === '*') {
      star = at;
      taken = index;
      at += 1;
    } else if (pattern[at] === text[index]) {
      at += 1;
      index += 1;
    } else if (star !== -1) {
      taken += 1;
      index = taken;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
