/**
 * Signature Version 4A: the same canonical request under an ECDSA key on P-256, which both sides derive from the
 * secret. The scope names no Region, so one signature serves every Region of its region set. Key pairs are kept, since
 * deriving one costs more than using it.
 *
 * Source: the key derivation that AWS publishes with its signers (NIST SP 800-108 in counter mode over HMAC-SHA-256).
 */

import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { SigningIdentity } from './signature.ts';

export const ALGORITHM_V4A = 'AWS4-ECDSA-P256-SHA256';

/** A scope without a Region. */
export interface ScopeV4a {
  /** `20260131`. */
  readonly date: string;
  readonly service: string;
}

export function scopeTextV4a(scope: ScopeV4a): string {
  return `${scope.date}/${scope.service}/aws4_request`;
}

export function stringToSignV4a(canonicalRequest: string, amzDate: string, scope: ScopeV4a): string {
  return `${ALGORITHM_V4A}\n${amzDate}\n${scopeTextV4a(scope)}\n${hash('sha256', canonicalRequest, 'hex')}`;
}

/** DER in lower-case hexadecimal; another one each time, as ECDSA has it. */
export function signatureV4aOf(
  canonicalRequest: string,
  amzDate: string,
  scope: ScopeV4a,
  identity: SigningIdentity,
): string {
  const text = Buffer.from(stringToSignV4a(canonicalRequest, amzDate, scope));
  return sign('sha256', text, keysOf(identity).privateKey).toString('hex');
}

export interface GivenV4a extends ScopeV4a {
  readonly amzDate: string;
  readonly signature: string;
}

/** Whether the holder of the secret signed this canonical request. Any text may stand as the signature. */
export function signatureV4aMatches(
  canonicalRequest: string,
  given: GivenV4a,
  identity: SigningIdentity,
): boolean {
  if (!DER_IN_HEX.test(given.signature)) return false;
  const text = Buffer.from(stringToSignV4a(canonicalRequest, given.amzDate, given));
  return verify('sha256', text, keysOf(identity).publicKey, Buffer.from(given.signature, 'hex'));
}

/**
 * The private scalar of a key: the first HMAC output not above the group's order minus two, plus one. 32 bytes.
 * @throws after 254 outputs too large in a row, which no secret is known to bring about (one in 2^32 for each).
 */
export function deriveScalarV4a({ accessKeyId, secretAccessKey }: SigningIdentity): Buffer {
  for (let counter = 1; counter <= 254; counter += 1) {
    const output = createHmac('sha256', `AWS4A${secretAccessKey}`)
      .update(INPUT_START)
      .update(accessKeyId)
      .update(Buffer.from([counter, ...OUTPUT_BITS]))
      .digest();
    if (output.compare(ORDER_MINUS_TWO) <= 0) return plusOne(output);
  }
  throw new Error('no signing key can be derived from this secret');
}

/** The shortest and longest of a SEQUENCE of two positive INTEGERs of up to 33 bytes. */
const DER_IN_HEX = /^30(?:[0-9a-f]{2}){7,71}$/;

/** The index of the output block, the label and a zero byte; what follows is the context, and the length in bits. */
const INPUT_START = Buffer.concat([Buffer.from([0, 0, 0, 1]), Buffer.from(`${ALGORITHM_V4A}\0`)]);
const OUTPUT_BITS = [0, 0, 1, 0];
const ORDER_MINUS_TWO = Buffer.from(
  'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f',
  'hex',
);

function plusOne(bytes: Buffer): Buffer {
  for (let index = bytes.length - 1; index >= 0; index -= 1) {
    const byte = (bytes[index] ?? 0) + 1;
    bytes[index] = byte & 0xff;
    if (byte <= 0xff) break;
  }
  return bytes;
}

interface KeyPair {
  readonly secretAccessKey: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Two generations, as of the signing keys of Version 4; smaller, since a key pair is larger. */
const GENERATION_SIZE = 1_024;
let young = new Map<string, KeyPair>();
let old = new Map<string, KeyPair>();

function keysOf(identity: SigningIdentity): KeyPair {
  const { accessKeyId, secretAccessKey } = identity;
  let keys = young.get(accessKeyId);
  if (keys?.secretAccessKey === secretAccessKey) return keys;
  keys = old.get(accessKeyId);
  // Two worlds of one process may give one id different secrets.
  if (keys?.secretAccessKey !== secretAccessKey) keys = keyPair(identity);
  if (young.size >= GENERATION_SIZE) {
    old = young;
    young = new Map();
  }
  young.set(accessKeyId, keys);
  return keys;
}

/** An ECPrivateKey (RFC 5915) of P-256 around its scalar; the point that belongs to it is computed when it is read. */
const EC_KEY_START = Buffer.from('30310201010420', 'hex');
const EC_KEY_END = Buffer.from('a00a06082a8648ce3d030107', 'hex');

function keyPair(identity: SigningIdentity): KeyPair {
  const key = Buffer.concat([EC_KEY_START, deriveScalarV4a(identity), EC_KEY_END]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'sec1' });
  return {
    secretAccessKey: identity.secretAccessKey,
    privateKey,
    publicKey: createPublicKey(privateKey),
  };
}
