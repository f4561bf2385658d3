/** The one function of `node:crypto` that the canonical request needs, by k6's own: stands in for the module in bundles. */

import crypto from 'k6/crypto';

export function hash(_algorithm: 'sha256', data: string | Uint8Array, _encoding: 'hex'): string {
  if (typeof data === 'string') return crypto.sha256(data, 'hex');
  const { buffer, byteOffset, byteLength } = data;
  return crypto.sha256(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer, 'hex');
}
