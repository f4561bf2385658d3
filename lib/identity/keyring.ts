/**
 * Long-term access keys as they travel to the Regions: each sealed under the key of its own partition, so that only
 * Regions of that partition can open it.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Secret } from '../aws/credentials.ts';

export interface LongTermKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  /** Unique id of the user, or the account's id for its root user. */
  readonly principalId: string;
}

export interface SealedKey {
  readonly accessKeyId: string;
  /** 12 bytes nonce, 16 bytes tag, ciphertext. */
  readonly sealed: Uint8Array;
}

/** @param partitionKey 32 bytes. */
export function sealAccessKey(key: LongTermKey, partitionKey: Uint8Array): SealedKey {
  const text = JSON.stringify([key.principalId, key.secretAccessKey.reveal()]);
  return { accessKeyId: key.accessKeyId, sealed: seal(text, key.accessKeyId, partitionKey) };
}

/** `undefined` for a key of another partition: here it does not exist. */
export function openAccessKey(
  { accessKeyId, sealed }: SealedKey,
  partitionKey: Uint8Array,
): LongTermKey | undefined {
  const text = unseal(sealed, accessKeyId, partitionKey);
  if (text === undefined) return undefined;
  const [principalId, secret] = JSON.parse(text) as [string, string];
  return { accessKeyId, secretAccessKey: new Secret(secret), principalId };
}

/** What makes an account one of its partition: Regions of another cannot open it, and so do not know the account. */
export function sealAccount(id: string, partitionKey: Uint8Array): Uint8Array {
  return seal('', id, partitionKey);
}

export function knowsAccount(id: string, sealed: Uint8Array, partitionKey: Uint8Array): boolean {
  return unseal(sealed, id, partitionKey) !== undefined;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param name What the text belongs to: under another name it does not open. */
function seal(text: string, name: string, partitionKey: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', partitionKey, nonce).setAAD(Buffer.from(name));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
}

function unseal(sealed: Uint8Array, name: string, partitionKey: Uint8Array): string | undefined {
  const decipher = createDecipheriv('aes-256-gcm', partitionKey, sealed.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(name))
    .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8');
    return text + decipher.final('utf8');
  } catch {
    // Sealed under another partition's key.
    return undefined;
  }
}
