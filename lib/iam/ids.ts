/** Makes the ids and secrets of new things, all with the marks that show them to be emulated. */

import { makeAccessKeyId } from '../aws/access-key.ts';
import { Secret } from '../aws/credentials.ts';
import { ACCESS_KEY_MARK, UNIQUE_ID_MARK } from '../identity/marks.ts';
import { encodeBase32 } from '../identity/mfa.ts';
import type { Random } from '../time/random.ts';

/** 21 characters, as real ones. */
export function newUniqueId(prefix: 'AIDA' | 'AGPA' | 'AROA' | 'ANPA', random: Random): string {
  return prefix + UNIQUE_ID_MARK + draw(BASE32, 9, random);
}

/** One that `taken` does not know. */
export function newAccessKeyId(account: string, random: Random, taken: (id: string) => boolean): string {
  for (;;) {
    const id = makeAccessKeyId({ prefix: 'AKIA', account, random, mark: ACCESS_KEY_MARK });
    if (!taken(id)) return id;
  }
}

/** 40 characters. Worth what `random` is: with a seed it can be foretold, and it opens only the emulator. */
export function newSecretAccessKey(random: Random): Secret {
  return new Secret(draw(`${BASE32.slice(0, 26)}abcdefghijklmnopqrstuvwxyz0123456789+/`, 40, random));
}

/** 64 characters, as real ones. */
export function newMfaSeed(random: Random): string {
  return encodeBase32(Uint8Array.from({ length: 40 }, () => random.below(256)));
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function draw(alphabet: string, length: number, random: Random): string {
  return Array.from({ length }, () => alphabet.charAt(random.below(alphabet.length))).join('');
}
