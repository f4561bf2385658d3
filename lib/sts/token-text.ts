/**
 * Policies as tokens carry them: squeezed, because a genuine token grows by far less than the policy's length. The
 * coder starts out knowing the words of every policy, so that the commonest one costs a few bytes. Its result is also
 * what the packed size is measured by, see session-size.ts.
 */

import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

/** Latin-1 text, one character a byte. Lossless, white space included. */
export function packText(text: string): string {
  // Nothing that long fits in a token: it is refused for its size, so that nobody will have to unpack it.
  return text.length > LONGEST_TEXT ? text : deflateRawSync(text, CODER).toString('latin1');
}

/** Throws a RangeError for more than a token could have carried and for what nobody packed. */
export function unpackText(packed: string): string {
  try {
    return inflateRawSync(Buffer.from(packed, 'latin1'), UNCODER).toString('utf8');
  } catch (cause) {
    throw new RangeError('not a packed text', { cause });
  }
}

/** Characters. A policy may have 2,048. */
const LONGEST_TEXT = 8_192;

/** Compact, with the likeliest at the end, where a reference to it is shortest. */
const WORDS =
  '{"Version":"2008-10-17","Id":"","Statement":[{"Sid":"","Effect":"Deny","NotAction":["NotResource":["Principal":' +
  '{"AWS":"Condition":{"StringNotEquals":{"StringEquals":{"StringLike":{"Bool":{"ArnLike":{"aws:PrincipalTag/' +
  '"aws:SecureTransport":"false"}},arn:aws:kms:arn:aws:dynamodb:arn:aws:iam::aws:policy/arn:aws:s3:::"]},"}}},' +
  '{"Effect":"Allow","Action":["],"Resource":["*"]}]}' +
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

const DICTIONARY = Buffer.from(WORDS, 'latin1');

/** One fixed code for all: what a policy costs then depends on its own words only, and short ones need no code table. */
const CODER = {
  level: 9,
  strategy: constants.Z_FIXED,
  dictionary: DICTIONARY,
  // Room for a policy and the dictionary, and not more: to clear the usual tables costs more than to fill them.
  windowBits: 12,
  memLevel: 4,
};
const UNCODER = { dictionary: DICTIONARY, windowBits: 12, maxOutputLength: LONGEST_TEXT * 3 };
