/** Makes tokens for tests and attacks: an issuer with its keys, and everything that can be wrong with what it signs. */

import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { StsError } from '../errors.ts';
import type { JsonWebKey } from './key-set.ts';
import { createProviderKeys, type KeySource } from './provider-keys.ts';
import {
  isRefusal,
  type OidcProviderFacts,
  verifyWebIdentityToken,
  type WebIdentity,
} from './web-identity-token.ts';

export const ISSUER = 'https://issuer.example/tenant';
export const CLIENT_ID = 'sts.amazonaws.com';
export const NOW_SECONDS = 1_795_521_600;

export interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Made once a process: RSA takes its time. */
export const PAIRS = {
  rsa: once(() => generateKeyPairSync('rsa', { modulusLength: 2048 })),
  attacker: once(() => generateKeyPairSync('rsa', { modulusLength: 2048 })),
  weak: once(() => generateKeyPairSync('rsa', { modulusLength: 1024 })),
  p256: once(() => generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  p384: once(() => generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  p521: once(() => generateKeyPairSync('ec', { namedCurve: 'P-521' })),
  ed25519: once(() => generateKeyPairSync('ed25519')),
} as const;

export function jwk(pair: Pair, more: Readonly<Record<string, unknown>> = {}): JsonWebKey {
  return { ...pair.publicKey.export({ format: 'jwk' }), ...more };
}

/** One RSA key `r` bound to RS256, one of each curve. */
export const KEYS: () => readonly JsonWebKey[] = once(() => [
  jwk(PAIRS.rsa(), { kid: 'r', alg: 'RS256', use: 'sig' }),
  jwk(PAIRS.p256(), { kid: 'e' }),
  jwk(PAIRS.p384(), { kid: 'e3' }),
  jwk(PAIRS.p521(), { kid: 'e5' }),
]);

export const CLAIMS: Readonly<Record<string, unknown>> = {
  iss: ISSUER,
  sub: 'repo:example/app:ref:main',
  aud: CLIENT_ID,
  iat: NOW_SECONDS - 10,
  exp: NOW_SECONDS + 300,
};

export interface TokenOrder {
  /** Members are replaced, or dropped when `undefined`. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Instead of what header and claims would make. */
  readonly headerText?: string;
  readonly payloadText?: string | Buffer;
  readonly signer?: Signer;
}

export type Signer = (input: string) => string;

export function token(order: TokenOrder = {}): string {
  const headerText =
    order.headerText ?? JSON.stringify({ alg: 'RS256', typ: 'JWT', kid: 'r', ...order.header });
  const payloadText = order.payloadText ?? JSON.stringify({ ...CLAIMS, ...order.claims });
  const input = `${encode(headerText)}.${encode(payloadText)}`;
  return `${input}.${(order.signer ?? rsaSigner(PAIRS.rsa()))(input)}`;
}

export function rsaSigner({ privateKey }: Pair, hash = 'sha256', options: object = {}): Signer {
  return (input) => sign(hash, Buffer.from(input), { key: privateKey, ...options }).toString('base64url');
}

export function ecSigner(
  { privateKey }: Pair,
  hash: string,
  dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363',
): Signer {
  return (input) => sign(hash, Buffer.from(input), { key: privateKey, dsaEncoding }).toString('base64url');
}

export function hmacSigner(secret: string | Buffer, hash = 'sha256'): Signer {
  return (input) => createHmac(hash, secret).update(input).digest('base64url');
}

export function edSigner({ privateKey }: Pair): Signer {
  return (input) => sign(null, Buffer.from(input), privateKey).toString('base64url');
}

export function encode(text: string | Buffer): string {
  return Buffer.from(text).toString('base64url');
}

/** As the service would judge it at {@link NOW_SECONDS}, keys from configuration. */
export function judge(text: string, provider: Partial<OidcProviderFacts> = {}): WebIdentity | StsError {
  const facts: OidcProviderFacts = { url: ISSUER, clientIds: [CLIENT_ID, 'app'], keys: KEYS(), ...provider };
  const verdict = verifyWebIdentityToken(text, {
    find: (issuer) => (issuer === facts.url ? facts : undefined),
    keys: createProviderKeys({ clock: () => 0 }),
    nowSeconds: NOW_SECONDS,
  });
  if (verdict instanceof Promise) throw new Error('keys from configuration need no promise');
  return verdict;
}

export function outcomeOf(text: string, keys?: KeySource['keys']): 'refused' | 'accepted' {
  return isRefusal(judge(text, keys === undefined ? {} : { keys })) ? 'refused' : 'accepted';
}

export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
