/**
 * Session tokens of both versions: each carries its whole session, sealed with the key of its partition. Nothing is
 * stored: whoever has that key can verify a token and recompute its secret access key; whoever has not can do neither.
 *
 * The seal is one half of a keyed SHA-512 over everything else, and of the half that is never published comes the
 * secret. As only half of the state is ever shown, the hash cannot be extended, so that no second hash is needed
 * around it. Version 1, whose tokens name no account, hides its session behind a keyed SHAKE of the nonce. In version 2,
 * which names it anyhow, the session can be read: hiding it would add a third to the cost. Layouts: token-layout.ts.
 */

import { createHash, hash } from 'node:crypto';
import { Secret } from '../aws/credentials.ts';
import type { Session } from './session.ts';
import { MAXIMUM_TOKEN_BYTES } from './session-size.ts';
import { findSeal, layOut, readLayout, SEAL_BYTES, type TokenVersion } from './token-layout.ts';
import { NONCE_BYTES, nonce } from './token-nonce.ts';
import { decodeRecord, encodeRecord } from './token-record.ts';

export type { TokenVersion } from './token-layout.ts';

export interface SealOptions {
  readonly version: TokenVersion;
  /** MinimumSessionTokenSize: the token gets at least this many bytes, in steps of four. 0 to 4,096. */
  readonly minimumBytes?: number;
}

export interface SealedSession {
  readonly sessionToken: string;
  readonly secretAccessKey: Secret;
  /** Of the token as clients send it: the length of its text. */
  readonly tokenBytes: number;
}

export interface TooLarge {
  readonly tooLargeBytes: number;
}

export interface OpenedSession {
  readonly session: Session;
  readonly secretAccessKey: Secret;
  readonly version: TokenVersion;
}

/** @param key 32 bytes, the partition's. */
export function sealSession(
  session: Session,
  key: Uint8Array,
  options: SealOptions,
): SealedSession | TooLarge {
  const { version, minimumBytes = 0 } = options;
  const { account, issuingRegion, issuedSeconds, sessionName } = session;
  const record = encodeRecord(session, version === 1 ? account : '');
  const number = nonce();
  const leastBytes = Math.ceil(minimumBytes / 4) * 3;
  const contents = { account, issuingRegion, issuedSeconds, sessionName, record, nonce: number, leastBytes };
  const { bytes, sealAt, recordAt } = layOut(version, contents);
  const tokenBytes = Math.ceil(bytes.length / 3) * 4;
  if (tokenBytes > MAXIMUM_TOKEN_BYTES) return { tooLargeBytes: tokenBytes };
  room.write(bytes, KEY_BYTES, 'latin1');
  if (version === 1) mask(KEY_BYTES + recordAt, record.bytes.length, key, number);
  const secretAccessKey = seal(KEY_BYTES + sealAt, KEY_BYTES + bytes.length, key);
  return {
    sessionToken: room.toString('base64', KEY_BYTES, KEY_BYTES + bytes.length),
    secretAccessKey,
    tokenBytes,
  };
}

/** `undefined` for whatever this key did not seal, byte for byte. Says nothing about expiry. */
export function openToken(sessionToken: string, key: Uint8Array): OpenedSession | undefined {
  if (sessionToken.length > MAXIMUM_TOKEN_BYTES) return undefined;
  const end = KEY_BYTES + room.write(sessionToken, KEY_BYTES, 'base64');
  // Node reads base64 leniently; a token has one spelling only.
  if (room.toString('base64', KEY_BYTES, end) !== sessionToken) return undefined;
  const bytes = room.toString('latin1', KEY_BYTES, end);
  const found = findSeal(bytes);
  if (found === undefined) return undefined;
  const { version, sealAt } = found;
  room.fill(0, KEY_BYTES + sealAt, KEY_BYTES + sealAt + SEAL_BYTES);
  const secretAccessKey = seal(KEY_BYTES + sealAt, end, key);
  if (!stillReads(bytes, sealAt)) return undefined;
  try {
    const { nonce: number, recordAt, recordBytes, ...facts } = readLayout(version, bytes);
    if (version === 1) mask(KEY_BYTES + recordAt, recordBytes, key, number);
    const record = room.toString('latin1', KEY_BYTES + recordAt, KEY_BYTES + recordAt + recordBytes);
    return { session: decodeRecord(record, facts), secretAccessKey, version };
  } catch (error) {
    // Sealed by another release of Regionfall, whose tokens look different inside.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const KEY_BYTES = 32;
const LARGEST_TOKEN = (MAXIMUM_TOKEN_BYTES / 4) * 3;

/** The key and behind it a token, so that one pass hashes both. Reused: nothing here yields in between. */
const room = Buffer.alloc(KEY_BYTES + LARGEST_TOKEN);

/** The key and behind it a nonce. */
const maskRoom = Buffer.alloc(KEY_BYTES + NONCE_BYTES);

/** Seals what is in the room, which has zeros at `sealAt`. 40 characters of secret: 30 bytes that no token shows. */
function seal(sealAt: number, end: number, key: Uint8Array): Secret {
  room.set(key, 0);
  const digest = hash('sha512', room.subarray(0, end), 'base64');
  // 33 bytes end where a group of base64 ends.
  room.write(digest.slice(0, SEAL_CHARACTERS), sealAt, 'base64');
  room[sealAt] = 0;
  room[sealAt + 1] = (room[sealAt + 1] ?? 0) | 0x80;
  return new Secret(digest.slice(SEAL_CHARACTERS, SEAL_CHARACTERS + 40));
}

const SEAL_CHARACTERS = 44;

/** Whether the seal in the room is the one in `bytes`. Takes as long wherever the two differ. */
function stillReads(bytes: string, sealAt: number): boolean {
  let difference = 0;
  for (let index = sealAt; index < sealAt + SEAL_BYTES; index += 1) {
    difference |= (room[KEY_BYTES + index] ?? 0) ^ bytes.charCodeAt(index);
  }
  return difference === 0;
}

/** As latin1. In one call where `hash` takes a length, from Node 24.4 on, for that is faster. */
const shake128: (data: Uint8Array, length: number) => string = takesLength()
  ? (data, length) => hash('shake128', data, { outputEncoding: 'latin1', outputLength: length })
  : (data, length) => createHash('shake128', { outputLength: length }).update(data).digest('latin1');

function takesLength(): boolean {
  try {
    return hash('shake128', '', { outputEncoding: 'latin1', outputLength: 40 }).length === 40;
  } catch {
    return false;
  }
}

/** Hides what stands in the room, or shows what was hidden. */
function mask(at: number, length: number, key: Uint8Array, number: string): void {
  maskRoom.set(key, 0);
  maskRoom.write(number, KEY_BYTES, 'latin1');
  const stream = shake128(maskRoom, length);
  for (let index = 0; index < length; index += 1) {
    room[at + index] = (room[at + index] ?? 0) ^ stream.charCodeAt(index);
  }
}
