/**
 * Session tokens of version 2: they say in clear which Region issued them, when and for which account, and carry
 * the whole session sealed with the key of the partition. Nothing is stored: whoever has that key can verify a
 * token and recompute its secret access key; whoever has not can do neither.
 *
 *   0x21 │ 1 origin_ec │ 2 key number │ 3 Region │ 4 seal │ 5 { 2, 3 account, 4 nonce, 5 session } │ 6 issued │ 7 padding
 *
 * Layout as decoded from genuine tokens, where field 4 is an ECDSA signature and 5.5 and 7 are opaque. Here field 4
 * is one half of a keyed SHA-512 over everything else, and the half that is never published is the secret. As
 * only half of the state is ever shown, the hash cannot be extended, so that no second hash is needed around it.
 */

import { hash, randomFillSync, timingSafeEqual } from 'node:crypto';
import { Secret } from '../aws/credentials.ts';
import { bytesField, FieldReader, integerField } from './token-fields.ts';

export interface Session {
  readonly accessKeyId: string;
  readonly account: string;
  readonly kind: 'role' | 'user';
  /** Unique id of the role or user: a namesake made later does not inherit its sessions. */
  readonly principalId: string;
  /** Empty for a user's session. */
  readonly sessionName: string;
  readonly issuingRegion: string;
  readonly issuedSeconds: number;
  readonly expiresSeconds: number;
}

export interface SealedSession {
  readonly sessionToken: string;
  readonly secretAccessKey: Secret;
}

export interface OpenedSession {
  readonly session: Session;
  readonly secretAccessKey: Secret;
}

/** @param key 32 bytes, the partition's. */
export function sealSession(session: Session, key: Uint8Array): SealedSession {
  const head = `${VERSION_2}${bytesField(1, ORIGIN)}${integerField(2, KEY_NUMBER)}${bytesField(3, session.issuingRegion)}${SEAL_FIELD}`;
  const record =
    bytesField(1, session.accessKeyId) +
    integerField(2, session.kind === 'role' ? 1 : 2) +
    bytesField(3, session.principalId) +
    bytesField(4, session.sessionName) +
    integerField(5, session.expiresSeconds);
  const message =
    integerField(2, 1) + bytesField(3, session.account) + bytesField(4, nonce()) + bytesField(5, record);
  const tail = padded(head, bytesField(5, message) + integerField(6, session.issuedSeconds));
  const length = head.length + SEAL_BYTES + tail.length;
  const room = roomFor(length, key);
  room.write(head, KEY_BYTES, 'latin1');
  room.write(tail, KEY_BYTES + head.length + SEAL_BYTES, 'latin1');
  const sealAt = KEY_BYTES + head.length;
  const digest = keyedDigest(room, sealAt, KEY_BYTES + length);
  room.write(sealOf(digest), sealAt, 'base64');
  return {
    sessionToken: room.toString('base64', KEY_BYTES, KEY_BYTES + length),
    secretAccessKey: secretOf(digest),
  };
}

/** `undefined` for whatever this key did not seal, byte for byte. Says nothing about expiry. */
export function openToken(sessionToken: string, key: Uint8Array): OpenedSession | undefined {
  if (sessionToken.length > MAXIMUM_CHARACTERS) return undefined;
  const token = Buffer.from(sessionToken, 'base64');
  // Node reads base64 leniently; a token has one spelling only.
  if (token[0] !== 0x21 || token.toString('base64') !== sessionToken) return undefined;
  try {
    const reader = new FieldReader(token, 1);
    if (reader.text(1) !== ORIGIN) return undefined;
    reader.integer(2);
    const issuingRegion = reader.text(3);
    const seal = reader.bytes(4);
    if (seal.length !== SEAL_BYTES) return undefined;
    const room = roomFor(token.length, key);
    token.copy(room, KEY_BYTES);
    const digest = keyedDigest(room, KEY_BYTES + reader.position - SEAL_BYTES, KEY_BYTES + token.length);
    if (!timingSafeEqual(seal, Buffer.from(sealOf(digest), 'base64'))) return undefined;
    const message = new FieldReader(reader.bytes(5));
    message.integer(2);
    const account = message.text(3);
    message.bytes(4);
    const record = new FieldReader(message.bytes(5));
    const session: Session = {
      accessKeyId: record.text(1),
      account,
      kind: record.integer(2) === 1 ? 'role' : 'user',
      principalId: record.text(3),
      sessionName: record.text(4),
      issuingRegion,
      issuedSeconds: reader.integer(6),
      expiresSeconds: record.integer(5),
    };
    return { session, secretAccessKey: secretOf(digest) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const VERSION_2 = '\u{21}';
const ORIGIN = 'origin_ec';
/** Real tokens carry a number that counts up as keys rotate; a world has one key for its life. */
const KEY_NUMBER = 1;
const KEY_BYTES = 32;
/** Half a SHA-512 and one byte more, so that it ends where a group of base64 ends. */
const SEAL_BYTES = 33;
const SEAL_CHARACTERS = 44;
const SEAL_FIELD = String.fromCharCode((4 << 3) | 2, SEAL_BYTES);
const NONCE_BYTES = 12;

/** Genuine tokens of a plain AssumeRole are 768 characters long. */
const USUAL_BYTES = 576;
/** 4,096 bytes is the limit of real tokens. */
const MAXIMUM_CHARACTERS = 5_464;

/** Fills field 7, so that whoever decodes a token reads what it is. */
const PADDING = 'regionfall: emulated, not a token of AWS. '.repeat(16);

function padded(head: string, tail: string): string {
  const missing = USUAL_BYTES - SEAL_BYTES - head.length - tail.length;
  // One byte of tag and two of length, since the padding of a short token is longer than 127 bytes.
  const filler = Math.max(missing - 3, 0);
  return tail + bytesField(7, PADDING.slice(0, filler));
}

/** The key and behind it a token, so that one pass hashes both. Reused: nothing here yields in between. */
let scratch = Buffer.alloc(2_048);

function roomFor(tokenBytes: number, key: Uint8Array): Buffer {
  if (scratch.length < KEY_BYTES + tokenBytes) scratch = Buffer.alloc(KEY_BYTES + tokenBytes);
  scratch.set(key, 0);
  return scratch;
}

/** SHA-512 in base64 over the key and the token, with zeros where its seal stands. Clears the seal in `filled`. */
function keyedDigest(filled: Buffer, sealAt: number, end: number): string {
  filled.fill(0, sealAt, sealAt + SEAL_BYTES);
  return hash('sha512', filled.subarray(0, end), 'base64');
}

/** The published part, in base64. */
function sealOf(digest: string): string {
  return digest.slice(0, SEAL_CHARACTERS);
}

/** 40 characters, as secret access keys are: 30 of the 31 bytes that the token does not show. */
function secretOf(digest: string): Secret {
  return new Secret(digest.slice(SEAL_CHARACTERS, SEAL_CHARACTERS + 40));
}

/** Chance is drawn in blocks: one call for twelve bytes costs as much as one for a thousand. */
const pool = Buffer.alloc(NONCE_BYTES * 128);
let poolUsed = pool.length;

function nonce(): string {
  if (poolUsed === pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  poolUsed += NONCE_BYTES;
  return pool.toString('latin1', poolUsed - NONCE_BYTES, poolUsed);
}
