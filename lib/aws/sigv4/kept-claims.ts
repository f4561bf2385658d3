/**
 * Clients write the same words before their signatures all day. What those were read as is kept, so that only date,
 * token and signature are read each time. Two generations: when the younger is full it becomes the elder, and what
 * nobody sent since then is gone.
 */

import type { SignatureClaim } from './authorization.ts';

interface Kept {
  /** Everything before the signature, which must be the same to the last byte. */
  readonly opening: Buffer;
  readonly claim: SignatureClaim;
}

const GENERATION_SIZE = 128;
const LONGEST_OPENING = 512;
let young = new Map<string, Kept>();
let old = new Map<string, Kept>();
/** Requests of one client tend to come together, and to find anything in a map takes longer than to compare. */
let last: Kept | undefined;

/** The claim whose opening is the header's first `cut` bytes. @param header ASCII, with more behind it perhaps. */
export function recallClaim(header: Buffer, cut: number): SignatureClaim | undefined {
  if (last !== undefined && isOpening(last, header, cut)) return last.claim;
  const place = placeOf(header);
  const kept = young.get(place) ?? old.get(place);
  if (kept === undefined || !isOpening(kept, header, cut)) return undefined;
  last = kept;
  return kept.claim;
}

export function keepClaim(header: Buffer, cut: number, claim: SignatureClaim): void {
  if (cut > LONGEST_OPENING) return;
  if (young.size >= GENERATION_SIZE) {
    old = young;
    young = new Map();
  }
  last = { opening: Buffer.from(header.subarray(0, cut)), claim };
  young.set(placeOf(header), last);
}

/** Bytes, because two texts are compared many times as slowly when one of them is a part of a longer one. */
function isOpening({ opening }: Kept, header: Buffer, cut: number): boolean {
  return opening.length === cut && opening.compare(header, 0, cut) === 0;
}

/** The part that tells most openings apart: key, date and Region. To hash all of one takes as long as to hash a body. */
function placeOf(header: Buffer): string {
  return header.toString('latin1', PLACE_START, PLACE_END);
}

const PLACE_START = 'AWS4-HMAC-SHA256 Credential='.length;
const PLACE_END = PLACE_START + 'AKIAIOSFODNN7EXAMPLE/20260131/eu-west-1/sts'.length;
