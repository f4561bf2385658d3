/**
 * Signed tokens in compact form, as strict as they can be read: three parts of canonical base64url, a header that is
 * one JSON object, and of all algorithms the six that STS takes. Whose key is used is decided by the key set; nothing
 * in a header can bring a key along.
 *
 * `node:crypto` does the arithmetic, not `jose`: it answers at once, where WebCrypto (on which `jose` stands) only
 * promises, and every action of the service is otherwise synchronous. Keys are compiled once, so that a verification
 * is a single call.
 */

import { constants, verify } from 'node:crypto';
import type { VerifyingKey } from './key-set.ts';
import { type JsonObject, parseStrictJsonObject } from './strict-json.ts';

/** MODEL: "Tokens must be signed using either RSA keys (RS256, RS384, or RS512) or ECDSA keys (ES256, ES384, or ES512)". */
export type JwsAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'ES384' | 'ES512';

export interface CompactJws {
  readonly algorithm: JwsAlgorithm;
  /** A name to look a key up by, and nothing else: never a path, a query or an address. */
  readonly keyId: string | undefined;
  readonly header: JsonObject;
  readonly payload: Buffer;
  readonly signingInput: string;
  readonly signature: Buffer;
}

/** MODEL: the longest web identity token. */
export const LONGEST_TOKEN = 20_000;

/** `undefined` for whatever is not a compact JWS with one of the six algorithms. Total and linear. */
export function parseCompactJws(token: string): CompactJws | undefined {
  if (token.length > LONGEST_TOKEN) return undefined;
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first < 1 || second === -1 || token.includes('.', second + 1)) return undefined;
  const headerBytes = decodeBase64Url(token.slice(0, first));
  const payload = decodeBase64Url(token.slice(first + 1, second));
  const signature = decodeBase64Url(token.slice(second + 1));
  if (headerBytes === undefined || payload === undefined || signature === undefined) return undefined;
  const headerText = decodeUtf8(headerBytes);
  const header = headerText === undefined ? undefined : parseStrictJsonObject(headerText);
  if (header === undefined) return undefined;
  const algorithm = header.get('alg');
  const keyId = header.get('kid');
  if (!isJwsAlgorithm(algorithm) || (keyId !== undefined && typeof keyId !== 'string')) return undefined;
  // Whoever marks a header as critical asks for a refusal by those who do not know it, and we know none.
  if (header.has('crit') || header.has('b64')) return undefined;
  return { algorithm, keyId, header, payload, signature, signingInput: token.slice(0, second) };
}

/** Whether the key signed it, by the algorithm that the key is for. */
export function isSignedBy(jws: CompactJws, key: VerifyingKey): boolean {
  if (!key.algorithms.includes(jws.algorithm) || jws.signature.length !== key.signatureBytes) return false;
  const hash = HASHES[jws.algorithm];
  const input = Buffer.from(jws.signingInput, 'latin1');
  try {
    return verify(hash, input, { key: key.key, ...SCHEMES[key.type] }, jws.signature);
  } catch {
    // OpenSSL throws where the bytes cannot be a signature at all.
    return false;
  }
}

export function isJwsAlgorithm(value: unknown): value is JwsAlgorithm {
  return typeof value === 'string' && Object.hasOwn(HASHES, value);
}

/** Canonical only: no padding, no foreign characters, no bits left over. */
export function decodeBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

export const HASHES: Readonly<Record<JwsAlgorithm, string>> = {
  RS256: 'sha256',
  RS384: 'sha384',
  RS512: 'sha512',
  ES256: 'sha256',
  ES384: 'sha384',
  ES512: 'sha512',
};

const SCHEMES = {
  RSA: { padding: constants.RSA_PKCS1_PADDING },
  EC: { dsaEncoding: 'ieee-p1363' },
} as const;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
