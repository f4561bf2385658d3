/**
 * An issuer's public keys, compiled from JSON Web Keys and each bound to the algorithms it may be used with. A set
 * that holds a secret or names two keys alike is refused whole; a key that is too weak, made for encryption or of a
 * kind STS does not take is in the set and good for nothing.
 */

import { createPublicKey, type KeyObject, type webcrypto } from 'node:crypto';
import { decodeBase64Url, isJwsAlgorithm, type JwsAlgorithm } from './compact-jws.ts';
import { hasRocaFingerprint } from './roca.ts';
import { isJsonArray, isJsonObject, type JsonObject, parseStrictJson, stringsOf } from './strict-json.ts';

export interface VerifyingKey {
  readonly type: 'RSA' | 'EC';
  readonly key: KeyObject;
  readonly algorithms: readonly JwsAlgorithm[];
  /** A signature of this key has exactly so many bytes. */
  readonly signatureBytes: number;
}

export interface KeySet {
  /**
   * @param keyId Absent: the one key that can have signed with this algorithm, if it is only one.
   * @returns `unusable`: there is such a key, but not for this.
   */
  find(algorithm: JwsAlgorithm, keyId: string | undefined): VerifyingKey | 'unusable' | undefined;
}

export type JsonWebKey = webcrypto.JsonWebKey;

/** Documented for providers of web identity: at most 100 keys of RSA and 100 of ECDSA. */
const MOST_KEYS = 200;

/** The text of a key set (RFC 7517); `undefined` when it must not be used at all. Total. */
export function parseKeySet(text: string): KeySet | undefined {
  const document = parseStrictJson(text);
  const keys = isJsonObject(document) ? document.get('keys') : undefined;
  if (!isJsonArray(keys) || !keys.every(isJsonObject)) return undefined;
  return compileKeySet(keys);
}

/** The keys of a provider's configuration. Compiled once for one list. */
export function keySetOf(keys: readonly JsonWebKey[]): KeySet | undefined {
  if (!COMPILED.has(keys)) COMPILED.set(keys, parseKeySet(JSON.stringify({ keys })));
  return COMPILED.get(keys);
}

const COMPILED = new WeakMap<readonly JsonWebKey[], KeySet | undefined>();

function compileKeySet(keys: readonly JsonObject[]): KeySet | undefined {
  if (keys.length > MOST_KEYS) return undefined;
  const named = new Map<string, VerifyingKey | 'unusable'>();
  const usable: VerifyingKey[] = [];
  for (const jwk of keys) {
    if (SECRET_MEMBERS.some((member) => jwk.has(member))) return undefined;
    const key = compileKey(jwk);
    if (key !== 'unusable') usable.push(key);
    const keyId = jwk.get('kid');
    if (keyId === undefined) continue;
    if (typeof keyId !== 'string' || named.has(keyId)) return undefined;
    named.set(keyId, key);
  }
  return {
    find: (algorithm, keyId) => {
      if (keyId === undefined) {
        const [only, another] = usable.filter((key) => key.algorithms.includes(algorithm));
        return another === undefined ? only : undefined;
      }
      const key = named.get(keyId);
      return key === undefined || key === 'unusable' || key.algorithms.includes(algorithm) ? key : 'unusable';
    },
  };
}

/** A public key has none of them; `k` is the whole of a symmetric one. */
const SECRET_MEMBERS = ['k', 'd', 'p', 'q', 'dp', 'dq', 'qi', 'oth'] as const;

function compileKey(jwk: JsonObject): VerifyingKey | 'unusable' {
  const use = jwk.get('use');
  const operations = jwk.has('key_ops') ? stringsOf(jwk.get('key_ops')) : ['verify'];
  if ((use !== undefined && use !== 'sig') || operations?.includes('verify') !== true) return 'unusable';
  const shape = jwk.get('kty') === 'RSA' ? rsaShape(jwk) : ellipticShape(jwk);
  if (shape === undefined) return 'unusable';
  const bound = jwk.get('alg');
  const algorithms =
    bound === undefined ? shape.algorithms : shape.algorithms.filter((name) => name === bound);
  if (algorithms.length === 0 || (bound !== undefined && !isJwsAlgorithm(bound))) return 'unusable';
  try {
    return { ...shape, algorithms, key: createPublicKey({ key: shape.jwk, format: 'jwk' }) };
  } catch {
    // Not a point of its curve, or no key for another reason that OpenSSL knows.
    return 'unusable';
  }
}

interface KeyShape extends Omit<VerifyingKey, 'key'> {
  /** The members that make the key, and no others. */
  readonly jwk: JsonWebKey;
}

const RSA_ALGORITHMS: readonly JwsAlgorithm[] = ['RS256', 'RS384', 'RS512'];
const LEAST_RSA_BITS = 2048;
/** Verifying with a larger one would cost whoever asks nothing and us milliseconds. */
const MOST_RSA_BITS = 8192;

function rsaShape(jwk: JsonObject): KeyShape | undefined {
  const n = jwk.get('n');
  const e = jwk.get('e');
  if (typeof n !== 'string' || typeof e !== 'string' || n.length > MOST_RSA_BITS) return undefined;
  const modulus = decodeBase64Url(n);
  const exponent = decodeBase64Url(e);
  if (modulus === undefined || exponent === undefined || exponent.length === 0 || exponent.length > 4)
    return undefined;
  const number = modulus.length === 0 ? 0n : BigInt(`0x${modulus.toString('hex')}`);
  const bits = number.toString(2).length;
  const power = exponent.readUIntBE(0, exponent.length);
  if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS || power < 3 || power % 2 === 0) return undefined;
  if (number % 2n === 0n || hasRocaFingerprint(number)) return undefined;
  return {
    type: 'RSA',
    algorithms: RSA_ALGORITHMS,
    signatureBytes: Math.ceil(bits / 8),
    jwk: { kty: 'RSA', n, e },
  };
}

const CURVES: ReadonlyMap<unknown, { readonly algorithm: JwsAlgorithm; readonly coordinateBytes: number }> =
  new Map([
    ['P-256', { algorithm: 'ES256', coordinateBytes: 32 }],
    ['P-384', { algorithm: 'ES384', coordinateBytes: 48 }],
    ['P-521', { algorithm: 'ES512', coordinateBytes: 66 }],
  ]);

function ellipticShape(jwk: JsonObject): KeyShape | undefined {
  const curve = jwk.get('kty') === 'EC' ? CURVES.get(jwk.get('crv')) : undefined;
  const x = jwk.get('x');
  const y = jwk.get('y');
  if (curve === undefined || typeof x !== 'string' || typeof y !== 'string') return undefined;
  const crv = String(jwk.get('crv'));
  return {
    type: 'EC',
    algorithms: [curve.algorithm],
    signatureBytes: 2 * curve.coordinateBytes,
    jwk: { kty: 'EC', crv, x, y },
  };
}
