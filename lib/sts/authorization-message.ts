/**
 * Encoded authorization messages: what a denial hands to its caller and DecodeAuthorizationMessage reads back. Sealed
 * like a token, so that nothing is stored, and for one account, whose business it is.
 */

import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { NONCE_BYTES, nonce } from './token-nonce.ts';

/** MODEL: what EncodedMessage may be long. Characters. */
export const LONGEST_ENCODED_MESSAGE = 10_240;

/**
 * @param key 32 bytes, the partition's.
 * @param account Of the caller who was denied.
 * @returns Base64 for URLs; `undefined` when the message is too large to be sent.
 */
export function sealMessage(json: string, key: Uint8Array, account: string): string | undefined {
  if (json.length > LONGEST_MESSAGE) return undefined;
  const number = Buffer.from(nonce(), 'latin1');
  const cipher = createCipheriv(CIPHER, messageKey(key), number).setAAD(Buffer.from(account));
  const hidden = cipher.update(deflateRawSync(json, { dictionary: DICTIONARY }));
  cipher.final();
  const message = Buffer.concat([number, hidden, cipher.getAuthTag()]).toString('base64url');
  return message.length > LONGEST_ENCODED_MESSAGE ? undefined : message;
}

/** `undefined` for whatever was not sealed with this key for this account, character for character. */
export function openMessage(message: string, key: Uint8Array, account: string): string | undefined {
  if (message.length > LONGEST_ENCODED_MESSAGE) return undefined;
  const bytes = Buffer.from(message, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== message) return undefined;
  const hidden = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, messageKey(key), bytes.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(account))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const packed = decipher.update(hidden);
    decipher.final();
    return inflateRawSync(packed, UNCODER).toString('utf8');
  } catch {
    // A wrong tag; or, under a right one, what another release of Regionfall packed.
    return undefined;
  }
}

const CIPHER = 'aes-256-gcm';
const TAG_BYTES = 16;

/** Characters before packing. */
const LONGEST_MESSAGE = 131_072;

/** The coder starts out knowing what every message says. */
const DICTIONARY = Buffer.from(
  '{"statementId":"","effect":"DENY","principals":{"items":[{"value":"AIDA"}]},"principalGroups":{"items":[]},"actions":' +
    '{"items":[{"value":"*"}]},"resources":{"items":[{"value":"*"}]},"conditions":{"items":[]}}]},"name":"aws:userid"' +
    '"aws:SourceIp""aws:RequestedRegion""aws:PrincipalTag/"sts:ExternalId"sts:RoleSessionName"arn:aws:sts::' +
    '{"allowed":false,"explicitDeny":false,"matchedStatements":{"items":[]},"failures":{"items":[]},"context":' +
    '{"principal":{"id":"AIDA","arn":"arn:aws:iam::user/"},"action":"sts:AssumeRole","resource":"arn:aws:iam::role/"' +
    ',"conditions":{"items":[{"key":"aws:Region","values":{"items":[{"value":""}]}},',
);
const UNCODER = { dictionary: DICTIONARY, maxOutputLength: LONGEST_MESSAGE * 3 };

/** Of its own, so that no message is ever a token and no token a message. */
function messageKey(key: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', 'regionfall authorization message', 32));
}
