/**
 * Access key ids that carry their account, as ids made since March 2019 do: of the 80 bits that the sixteen characters
 * after the prefix spell in base32, bits 1 to 40 are the account. Tools that read it from real ids read it from these.
 */

import type { Random } from '../time/random.ts';

export interface AccessKeyIdOptions {
  /** `AKIA` for long-term keys, `ASIA` for session keys. */
  readonly prefix: 'AKIA' | 'ASIA';
  /** Twelve digits. */
  readonly account: string;
  readonly random: Pick<Random, 'below'>;
  /** Up to six characters of A-Z and 2-7 in place of the last ones, so that people see that the id is no real one. */
  readonly mark?: string;
}

/** Throws for an account that is not twelve digits and for a mark that base32 cannot spell. */
export function makeAccessKeyId({ prefix, account, random, mark = '' }: AccessKeyIdOptions): string {
  if (account !== lastAccount) {
    if (!/^\d{12}$/.test(account)) throw new Error(`not an account id: '${account}'`);
    // One bit that ids of this kind have set, 40 bits of account, 9 bits of chance: ten characters of five bits.
    let bits = (FIRST_BIT + Number(account) * 2 ** 9) / 2 ** 10;
    lastOdd = Number(account) % 2;
    let characters = '';
    bits = Math.floor(bits);
    for (let index = 0; index < 8; index += 1) {
      characters = ALPHABET.charAt(bits % 32) + characters;
      bits = Math.floor(bits / 32);
    }
    lastCharacters = characters;
    lastAccount = account;
  }
  if (mark !== lastMark) {
    if (!/^[A-Z2-7]{0,6}$/.test(mark)) throw new Error(`not up to six characters of base32: '${mark}'`);
    lastMark = mark;
  }
  const rest = lastOdd * 512 + random.below(512);
  let end = ALPHABET.charAt(rest >> 5) + ALPHABET.charAt(rest & 31);
  for (let index = mark.length; index < 6; index += 1) end += ALPHABET.charAt(random.below(32));
  // Two short texts and one join: an id stands in several longer texts, each of which would join all its pieces.
  return prefix + lastCharacters + (end + mark);
}

let lastAccount = '';
let lastOdd = 0;
let lastCharacters = '';
let lastMark = '';

/** The twelve digits, or `undefined` when the text is not an access key id of twenty characters. */
export function accountOfAccessKeyId(id: string): string | undefined {
  if (!/^A[A-Z]{3}[A-Z2-7]{16}$/.test(id)) return undefined;
  let bits = 0;
  for (const character of id.slice(4, 14)) bits = bits * 32 + ALPHABET.indexOf(character);
  return String(Math.floor((bits % FIRST_BIT) / 2 ** 9)).padStart(12, '0');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const FIRST_BIT = 2 ** 49;
