/** Judges a signature: recomputes it from the request as it arrived and compares. */

import { timingSafeEqual } from 'node:crypto';
import type { SignatureClaim } from './authorization.ts';
import { type CanonicalRules, canonicalRequest, payloadHashOf, STS_RULES } from './canonical-request.ts';
import { type HttpRequest, headerOf } from './http-request.ts';
import { signatureOf } from './signature.ts';

/**
 * Whether the holder of the secret signed this very request. The body is hashed here: neither a claimed
 * `x-amz-content-sha256` of other content nor `UNSIGNED-PAYLOAD` passes, as measured on STS. `host` and every
 * `x-amz-` header that was sent must be signed. The scope is used as claimed; whether it fits is checked elsewhere.
 */
export function signatureMatches(
  request: HttpRequest,
  claim: SignatureClaim,
  secretAccessKey: string,
  rules: CanonicalRules = STS_RULES,
): boolean {
  if (!coversWhatItMust(request, claim.signedHeaders, rules)) return false;
  const payloadHash = payloadHashOf(request.body);
  if ((headerOf(request, 'x-amz-content-sha256') ?? payloadHash) !== payloadHash) return false;
  const canonical = canonicalRequest(request, { signedHeaders: claim.signedHeaders, payloadHash }, rules);
  if (canonical === undefined) return false;
  const identity = { accessKeyId: claim.accessKeyId, secretAccessKey };
  return equalInConstantTime(signatureOf(canonical, claim.amzDate, claim, identity), claim.signature);
}

function coversWhatItMust(
  request: HttpRequest,
  signedHeaders: readonly string[],
  rules: CanonicalRules,
): boolean {
  if (!signedHeaders.includes('host')) return false;
  for (const [name] of request.headers) {
    if (!name.startsWith('x-amz-') || signedHeaders.includes(name)) continue;
    if (name === 'x-amz-security-token' && !rules.tokenSigned) continue;
    return false;
  }
  return true;
}

const SIGNATURE_BYTES = 64;
const expectedBytes = Buffer.alloc(SIGNATURE_BYTES);
const givenBytes = Buffer.alloc(SIGNATURE_BYTES);

/** The length is no secret; where two signatures begin to differ is. */
function equalInConstantTime(expected: string, given: string): boolean {
  if (given.length !== SIGNATURE_BYTES || Buffer.byteLength(given) !== SIGNATURE_BYTES) return false;
  expectedBytes.write(expected, 'latin1');
  givenBytes.write(given, 'latin1');
  return timingSafeEqual(expectedBytes, givenBytes);
}
