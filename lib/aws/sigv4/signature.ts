/**
 * From a canonical request to a signature: the string to sign, the signing key of a day, Region and service, and the
 * HMAC over both. Keys are kept, since deriving one costs more than all the rest of a verification.
 */

import { createHmac, hash } from 'node:crypto';
import { type CredentialScope, stringToSign } from './string-to-sign.ts';

export interface SigningIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Lower-case hexadecimal. `amzDate` is in basic format: `20260131T120000Z`. */
export function signatureOf(
  canonicalRequest: string,
  amzDate: string,
  scope: CredentialScope,
  identity: SigningIdentity,
): string {
  return keyedHash(signingKey(scope, identity), stringToSign(canonicalRequest, amzDate, scope));
}

/** An HMAC key as its two padded blocks (RFC 2104), so that one-shot hashes can follow. */
export interface PaddedKey {
  readonly secretAccessKey: string;
  readonly inner: Buffer;
  /** The outer block with room for the inner digest behind it. */
  readonly outer: Buffer;
}

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/** Two generations: when the younger is full it becomes the elder, and what nobody asked for since then is gone. */
const GENERATION_SIZE = 8_192;
let young = new Map<string, PaddedKey>();
let old = new Map<string, PaddedKey>();

export function signingKey(scope: CredentialScope, identity: SigningIdentity): PaddedKey {
  const name = `${identity.accessKeyId}/${scope.date}/${scope.region}/${scope.service}`;
  let key = young.get(name);
  if (key === undefined) {
    key = old.get(name) ?? deriveKey(scope, identity);
    if (young.size >= GENERATION_SIZE) {
      old = young;
      young = new Map();
    }
    young.set(name, key);
  }
  // Two worlds of one process may give one id different secrets.
  if (key.secretAccessKey !== identity.secretAccessKey) {
    key = deriveKey(scope, identity);
    young.set(name, key);
  }
  return key;
}

function deriveKey(scope: CredentialScope, { secretAccessKey }: SigningIdentity): PaddedKey {
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`, 'utf8');
  for (const step of [scope.date, scope.region, scope.service, 'aws4_request']) {
    key = createHmac('sha256', key).update(step).digest();
  }
  // Pooled memory: every session of a world brings a key, and buffers of their own would cost as much as the hashes.
  const inner = Buffer.allocUnsafe(BLOCK_BYTES).fill(0x36);
  const outer = Buffer.allocUnsafe(BLOCK_BYTES + DIGEST_BYTES).fill(0x5c);
  for (let index = 0; index < DIGEST_BYTES; index += 1) {
    const byte = key[index] ?? 0;
    inner[index] = 0x36 ^ byte;
    outer[index] = 0x5c ^ byte;
  }
  return { secretAccessKey, inner, outer };
}

/** Reused by every call: nothing here yields in between. */
const scratch = Buffer.alloc(BLOCK_BYTES + 1_024);

/**
 * HMAC-SHA-256 as two one-shot hashes, which beat an Hmac object for texts as short as these. Digests come as
 * hexadecimal text, since a Buffer for each costs more than the hash itself.
 */
function keyedHash(key: PaddedKey, text: string): string {
  const bytes = Buffer.byteLength(text);
  const fits = bytes <= scratch.length - BLOCK_BYTES;
  const message = fits ? scratch : Buffer.alloc(BLOCK_BYTES + bytes);
  message.set(key.inner);
  message.write(text, BLOCK_BYTES, 'utf8');
  return outerHash(key, hash('sha256', message.subarray(0, BLOCK_BYTES + bytes), 'hex'));
}

/** The second of the two, over the first one's digest. */
export function outerHash(key: PaddedKey, innerDigest: string): string {
  key.outer.write(innerDigest, BLOCK_BYTES, 'hex');
  return hash('sha256', key.outer, 'hex');
}
