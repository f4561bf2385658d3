/** Judges a signature: recomputes it from the request as it arrived and compares. */

import { timingSafeEqual } from 'node:crypto';
import type { SignatureClaim } from './authorization.ts';
import { type CanonicalRules, canonicalRequest, payloadHashOf, STS_RULES } from './canonical-request.ts';
import type { HttpRequest } from './http-request.ts';
import { signatureOf } from './signature.ts';
import { signatureV4aMatches } from './signature-v4a.ts';

/**
 * Whether the holder of the secret signed this very request, by Signature Version 4 or 4A. The body is hashed here:
 * neither a claimed `x-amz-content-sha256` of other content nor `UNSIGNED-PAYLOAD` passes, as measured on STS. `host`
 * and every `x-amz-` header that was sent must be signed, and no `X-Amz-Signature` may stand in the query beside a
 * signature in the header. The scope is used as claimed; whether its date, Region and service fit is checked elsewhere.
 */
export function signatureMatches(
  request: HttpRequest,
  claim: SignatureClaim,
  secretAccessKey: string,
  rules: CanonicalRules = STS_RULES,
): boolean {
  // No other terminator is ever signed.
  if (claim.terminator !== 'aws4_request') return false;
  const payloadHash = payloadHashOf(request.body);
  if (!coversWhatItMust(request, claim, payloadHash, rules)) return false;
  const { signedHeaders, amzDate } = claim;
  const aids = claim.aids?.signedHeaders === signedHeaders ? claim.aids : undefined;
  const parts = { signedHeaders, payloadHash, headerTexts: aids?.headerTexts };
  const canonical = canonicalRequest(request, parts, rules);
  if (canonical === undefined) return false;
  const identity = { accessKeyId: claim.accessKeyId, secretAccessKey };
  if (claim.algorithm === 'v4a') return signatureV4aMatches(canonical, claim, identity);
  const expected =
    aids === undefined
      ? signatureOf(canonical, amzDate, claim, identity)
      : aids.signatureOf(canonical, amzDate, claim, identity);
  return equalInConstantTime(expected, claim.signature);
}

function coversWhatItMust(
  request: HttpRequest,
  { kind, signedHeaders }: SignatureClaim,
  payloadHash: string,
  rules: CanonicalRules,
): boolean {
  if (!signedHeaders.includes('host')) return false;
  // The canonical query leaves the first of these out, whatever it says.
  if (kind === 'header' && request.query !== '' && SIGNATURE_IN_QUERY.test(request.query)) return false;
  for (const header of request.headers) {
    const name = header[0];
    if (!name.startsWith('x-amz-')) continue;
    if (name === 'x-amz-content-sha256' && header[1] !== payloadHash) return false;
    if (signedHeaders.includes(name)) continue;
    if (name === 'x-amz-security-token' && !rules.tokenSigned) continue;
    return false;
  }
  return true;
}

const SIGNATURE_IN_QUERY = /(?:^|&)X-Amz-Signature(?:[=&]|$)/;

const SIGNATURE_BYTES = 64;
const expectedBytes = Buffer.alloc(SIGNATURE_BYTES);
const givenBytes = Buffer.alloc(SIGNATURE_BYTES);

/** The length is no secret; where two signatures begin to differ is. */
function equalInConstantTime(expected: string, given: string): boolean {
  // What is not ASCII does not fit: fewer characters of it are written than there is room for.
  if (given.length !== SIGNATURE_BYTES || givenBytes.write(given) !== SIGNATURE_BYTES) return false;
  expectedBytes.write(expected, 'latin1');
  return timingSafeEqual(expectedBytes, givenBytes);
}
