/** The one secret of a partition, turned into a key for each purpose, so that no purpose can pass for another. */

import { hkdfSync } from 'node:crypto';

export interface PartitionKeys {
  /** Seals long-term access keys; 32 bytes. */
  readonly accessKeys: Uint8Array;
  /** Seals session tokens; 32 bytes. */
  readonly sessionTokens: Uint8Array;
}

/** @param sealKey 64 hexadecimal digits. @throws {RangeError} for anything else; the value is not in the message. */
export function partitionKeys(sealKey: string): PartitionKeys {
  if (!/^[0-9a-f]{64}$/i.test(sealKey)) throw new RangeError('a seal key is 64 hexadecimal digits');
  const secret = Buffer.from(sealKey, 'hex');
  const derive = (purpose: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', secret, '', `regionfall ${purpose}`, 32));
  return { accessKeys: derive('access keys'), sessionTokens: derive('session tokens') };
}
