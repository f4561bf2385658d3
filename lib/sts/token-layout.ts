/**
 * Where things stand in a token of either version, as decoded from genuine ones. Those of version 2 say in clear which
 * Region issued them, when and for which account; those of version 1 only when.
 *
 *   2: 0x21 │ 1 origin_ec │ 2 key number │ 3 Region │ 4 seal │ 5 { 1, 2, 3 account, 4 nonce, 5 session } │ 6 issued │ 7 mark
 *   1: 0x17 │ 1 er/aws │ 2 key number │ 3 nonce │ 4 session │ 5 issued │ 6 seal, mark
 *
 * In version 2 genuine tokens have an ECDSA signature for a seal. Ours stands in the same DER, whose second number says
 * what it is. Sizes are the recorded ones: as in genuine tokens the session takes one byte more for each character of its
 * name beyond 30, policies and tags come on top, and lengthen field 7 as well.
 */

import { bytesField, bytesHead, FieldReader, integerField, negativeField } from './token-fields.ts';
import type { EncodedRecord, TokenFacts } from './token-record.ts';

export type TokenVersion = 1 | 2;

/** A seal is a DER integer of 33 bytes: 0, then 32 of which the first is 128 or more. */
export const SEAL_BYTES = 33;

export interface TokenContents extends TokenFacts {
  readonly sessionName: string;
  readonly record: EncodedRecord;
  /** Twelve bytes. */
  readonly nonce: string;
  /** The token gets at least so many bytes, counted before base64. */
  readonly leastBytes: number;
}

/** All text is Latin-1, one character a byte; positions count from the start of the token. */
export interface LaidOut {
  /** Zeros where the seal will stand, and the record in clear. */
  readonly bytes: string;
  readonly sealAt: number;
  readonly recordAt: number;
}

export function layOut(version: TokenVersion, contents: TokenContents): LaidOut {
  return version === 2 ? layOutSecond(contents) : layOutFirst(contents);
}

/** Where the seal of what may be a token stands; `undefined` where none could. Believes nothing else that it reads. */
export function findSeal(
  bytes: string,
): { readonly version: TokenVersion; readonly sealAt: number } | undefined {
  const second = bytes.startsWith(OPENING_2);
  if (!second && !bytes.startsWith(OPENING_1)) return undefined;
  const sealAt = second ? sealOfSecond(bytes) : sealOfFirst(bytes);
  // Comparisons with NaN, which reading past the end makes, are false.
  if (!(sealAt + SEAL_BYTES <= bytes.length)) return undefined;
  return { version: second ? 2 : 1, sealAt };
}

export interface ReadLayout extends TokenFacts {
  readonly nonce: string;
  readonly recordAt: number;
  readonly recordBytes: number;
}

/** Of a token whose seal is right. Throws a RangeError where another release of Regionfall laid it out. */
export function readLayout(version: TokenVersion, bytes: string): ReadLayout {
  return version === 2 ? readSecond(bytes) : readFirst(bytes);
}

function layOutSecond(contents: TokenContents): LaidOut {
  const { issuedSeconds, record, nonce, leastBytes } = contents;
  const sessionBytes = sessionBytesOf(SESSION_BYTES_2, contents);
  const { text, sealAt } = beginningOfSecond(contents, sessionBytes);
  const start = text + nonce + bytesHead(5, sessionBytes);
  const body = start + sessionOf(record.bytes, sessionBytes) + integerField(6, issuedSeconds);
  const usual = record.extraBytes === 0 ? MARK_BYTES_2 : LONG_MARK_BYTES_2;
  // The head takes three bytes, since the mark is always longer than 127.
  const mark = filler(Math.max(usual, leastBytes - body.length - 3));
  return { bytes: body + bytesField(7, mark), sealAt, recordAt: start.length + LENGTH_BYTES };
}

/** A token up to its nonce: the same for the sessions that a Region issues for one account within the hour. */
interface Beginning {
  readonly account: string;
  readonly keyNumber: number;
  readonly sessionBytes: number;
  readonly text: string;
  readonly sealAt: number;
}

/** The last one by Region, of which there are a few dozen. */
const beginnings = new Map<string, Beginning>();

function beginningOfSecond(contents: TokenContents, sessionBytes: number): Beginning {
  const { account, issuingRegion, issuedSeconds, nonce } = contents;
  const number = keyNumber(issuedSeconds);
  const last = beginnings.get(issuingRegion);
  if (last?.account === account && last.keyNumber === number && last.sessionBytes === sessionBytes) {
    return last;
  }
  const head = OPENING_2 + integerField(2, number) + bytesField(3, issuingRegion) + SIGNATURE_HEAD;
  const message = MESSAGE_HEAD + bytesField(3, account) + bytesHead(4, nonce.length);
  const rest = nonce.length + bytesHead(5, sessionBytes).length + sessionBytes;
  const text = head + UNSEALED_2 + bytesHead(5, message.length + rest) + message;
  const made = { account, keyNumber: number, sessionBytes, text: inOnePiece(text), sealAt: head.length };
  beginnings.set(issuingRegion, made);
  return made;
}

/** Text that was joined stays in its pieces until somebody reads it. @param bytes Latin-1 text. */
function inOnePiece(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('latin1');
}

function layOutFirst(contents: TokenContents): LaidOut {
  const { issuedSeconds, record, nonce, leastBytes } = contents;
  const sessionBytes = sessionBytesOf(SESSION_BYTES_1, contents);
  const start =
    OPENING_1 +
    negativeField(2, -keyNumber(issuedSeconds)) +
    bytesField(3, nonce) +
    bytesHead(4, sessionBytes);
  const body = start + sessionOf(record.bytes, sessionBytes) + integerField(5, issuedSeconds);
  const missing = leastBytes - body.length - SEAL_BYTES - MARK_1.length;
  // A field of more than 127 bytes has a head of three.
  const mark = MARK_1 + filler(Math.max(0, missing - (missing > MARK_BYTES_1 ? 3 : 2)));
  const head = body + bytesHead(6, SEAL_BYTES + mark.length);
  return { bytes: head + UNSEALED + mark, sealAt: head.length, recordAt: start.length + LENGTH_BYTES };
}

/** Behind the opening: tag and number, tag and length and Region, and the head of the signature. */
function sealOfSecond(bytes: string): number {
  const regionAt = OPENING_2.length + 4;
  return regionAt + bytes.charCodeAt(regionAt - 1) + SIGNATURE_HEAD.length;
}

/** Behind the opening: eleven bytes of number, fourteen of nonce, tag and length and session, time, tag and length. */
function sealOfFirst(bytes: string): number {
  const lengthAt = OPENING_1.length + 26;
  const sessionBytes = (bytes.charCodeAt(lengthAt) & 0x7f) + (bytes.charCodeAt(lengthAt + 1) << 7);
  const timeAt = lengthAt + 3 + sessionBytes;
  return afterVarint(bytes, afterVarint(bytes, timeAt) + 1);
}

function afterVarint(bytes: string, position: number): number {
  let at = position;
  while (bytes.charCodeAt(at) >= 0x80) at += 1;
  return at + 1;
}

function readSecond(bytes: string): ReadLayout {
  const reader = new FieldReader(bytes, OPENING_2.length);
  reader.integer(2);
  const issuingRegion = reader.bytes(3);
  reader.bytes(4);
  reader.enter(5);
  reader.take(MESSAGE_HEAD.length);
  const account = reader.bytes(3);
  const nonce = reader.bytes(4);
  const { recordAt, recordBytes } = readSession(reader, 5);
  return { issuingRegion, account, nonce, recordAt, recordBytes, issuedSeconds: reader.integer(6) };
}

function readFirst(bytes: string): ReadLayout {
  const reader = new FieldReader(bytes, OPENING_1.length + 11);
  const nonce = reader.bytes(3);
  const { recordAt, recordBytes } = readSession(reader, 4);
  return { issuingRegion: '', account: '', nonce, recordAt, recordBytes, issuedSeconds: reader.integer(5) };
}

function readSession(reader: FieldReader, field: number): Pick<ReadLayout, 'recordAt' | 'recordBytes'> {
  const length = reader.enter(field);
  const recordAt = reader.position + LENGTH_BYTES;
  const lengthBytes = reader.take(length);
  return { recordAt, recordBytes: lengthBytes.charCodeAt(0) + (lengthBytes.charCodeAt(1) << 8) };
}

/** Record and what fills up behind it, with the record's length in front. */
function sessionOf(record: string, sessionBytes: number): string {
  const length = String.fromCharCode(record.length & 0xff, record.length >> 8);
  return length + record + filler(sessionBytes - LENGTH_BYTES - record.length);
}

function sessionBytesOf(usual: number, { sessionName, record }: TokenContents): number {
  const bytes = usual + Math.max(0, sessionName.length - USUAL_NAME) + record.extraBytes;
  return Math.max(bytes, LENGTH_BYTES + record.bytes.length);
}

/** Genuine keys have numbers that count on by the hour. A world has one key for its life, so that here only time counts. */
function keyNumber(issuedSeconds: number): number {
  return 1 + (Math.floor(issuedSeconds / 3_600) % 127);
}

/** So that whoever decodes a token reads what it is. */
function filler(length: number): string {
  return FILLER.slice(0, length);
}

const FILLER = inOnePiece('regionfall: emulated, not a token of AWS. '.repeat(100));

const LENGTH_BYTES = 2;
const USUAL_NAME = 30;
const SESSION_BYTES_1 = 172;
const SESSION_BYTES_2 = 264;

const OPENING_1 = `\u0017${bytesField(1, 'er/aws')}`;
const OPENING_2 = `\u0021${bytesField(1, 'origin_ec')}`;
const UNSEALED = '\0'.repeat(SEAL_BYTES);

/** Field 4, then DER: a sequence of two integers. */
const SECOND_NUMBER = `\u0002\u0020not ECDSA: regionfall keyed hash`;
const FIRST_NUMBER = `\u0002${String.fromCharCode(SEAL_BYTES)}`;
const DER_BYTES = FIRST_NUMBER.length + SEAL_BYTES + SECOND_NUMBER.length;
const SIGNATURE_HEAD = `${bytesHead(4, 2 + DER_BYTES)}\u0030${String.fromCharCode(DER_BYTES)}${FIRST_NUMBER}`;
const UNSEALED_2 = UNSEALED + SECOND_NUMBER;

/** What genuine messages begin with. */
const MESSAGE_HEAD = negativeField(1, -91) + integerField(2, 1);

const MARK_1 = '(regionfall)';
/** What more of a mark fits in a field of up to 127 bytes, and its head. */
const MARK_BYTES_1 = 129 - SEAL_BYTES - MARK_1.length;
/** With the signature, 228 and 262 bytes: the two commonest sums in genuine tokens. */
const MARK_BYTES_2 = 157;
const LONG_MARK_BYTES_2 = 191;
