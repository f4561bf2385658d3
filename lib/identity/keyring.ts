/**
 * Long-term access keys. Each travels to every Region sealed under the key of its own partition; a Region knows
 * the ones that its partition's key opens, and no other. That, and no comparison of names, is why keys of one
 * partition are unknown in the next.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Secret } from '../aws/credentials.ts';

export interface LongTermKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly userId: string;
}

export interface SealedKey {
  readonly accessKeyId: string;
  /** 12 bytes nonce, 16 bytes tag, ciphertext. */
  readonly sealed: Uint8Array;
}

export type Keyring = ReadonlyMap<string, LongTermKey>;

/** @param partitionKey 32 bytes. */
export function sealAccessKey(key: LongTermKey, partitionKey: Uint8Array): SealedKey {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', partitionKey, nonce).setAAD(Buffer.from(key.accessKeyId));
  const text = JSON.stringify([key.userId, key.secretAccessKey.reveal()]);
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return {
    accessKeyId: key.accessKeyId,
    sealed: Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]),
  };
}

/** Of all sealed keys, those that this partition's key opens. */
export function openKeyring(keys: readonly SealedKey[], partitionKey: Uint8Array): Keyring {
  const ring = new Map<string, LongTermKey>();
  for (const key of keys) {
    const opened = open(key, partitionKey);
    if (opened !== undefined) ring.set(key.accessKeyId, opened);
  }
  return ring;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function open({ accessKeyId, sealed }: SealedKey, partitionKey: Uint8Array): LongTermKey | undefined {
  const decipher = createDecipheriv('aes-256-gcm', partitionKey, sealed.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(accessKeyId))
    .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8');
    const [userId, secret] = JSON.parse(text + decipher.final('utf8')) as [string, string];
    return { accessKeyId, secretAccessKey: new Secret(secret), userId };
  } catch {
    // Sealed under another partition's key: here the key does not exist.
    return undefined;
  }
}
