/**
 * The keys that an account's own tokens are signed with, one of RSA and one of P-384. Made when first needed and kept
 * for the life of the process; every Region of the process signs with the same ones.
 */

import { generateKeyPair, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface OutboundKeys {
  /** 2048 bits. The first call may take a quarter of a second, unless `prepare` came before. */
  rsa(): KeyPair;
  ec(): KeyPair;
  /** Makes both without holding anybody up: for when an account enables the feature. */
  prepare(): Promise<void>;
}

export type OutboundKeysOf = (account: string) => OutboundKeys;

export function createOutboundKeys(): OutboundKeysOf {
  const accounts = new Map<string, OutboundKeys>();
  return (account) => {
    const known = accounts.get(account);
    if (known !== undefined) return known;
    const keys = lazyKeys();
    accounts.set(account, keys);
    return keys;
  };
}

const RSA = { modulusLength: 2048 } as const;
const P384 = { namedCurve: 'P-384' } as const;

function lazyKeys(): OutboundKeys {
  let rsa: KeyPair | undefined;
  let ec: KeyPair | undefined;
  let pending: Promise<void> | undefined;
  const makeBoth = async (): Promise<void> => {
    const generate = promisify(generateKeyPair);
    const [made, madeEc] = await Promise.all([generate('rsa', RSA), generate('ec', P384)]);
    // Whatever has signed meanwhile stays.
    rsa ??= made;
    ec ??= madeEc;
  };
  return {
    rsa: () => {
      rsa ??= generateKeyPairSync('rsa', RSA);
      return rsa;
    },
    ec: () => {
      ec ??= generateKeyPairSync('ec', P384);
      return ec;
    },
    prepare: () => {
      pending ??= makeBoth();
      return pending;
    },
  };
}
