/** The session inside a token, as bytes: everything that the token does not already say in clear. */

import type { Session, SessionFederation, SessionTag } from './session.ts';
import { bytesField, FieldReader, integerField, textField } from './token-fields.ts';
import { packText, unpackText } from './token-text.ts';

/** What the token itself says beside its record. */
export type TokenFacts = Pick<Session, 'account' | 'issuingRegion' | 'issuedSeconds'>;

export interface EncodedRecord {
  /** Latin-1 text, one character a byte. */
  readonly bytes: string;
  /** How many of them only some sessions have: policies, tags and what else was asked for. */
  readonly extraBytes: number;
}

/** @param account The session's, where the token does not say it in clear; else empty. */
export function encodeRecord(session: Session, account: string): EncodedRecord {
  const { accessKeyId, kind, principalId, sessionName, expiresSeconds, chained } = session;
  const plain =
    bytesField(1, accessKeyId) +
    integerField(2, KINDS.indexOf(kind) + (chained === true ? CHAINED : 0)) +
    bytesField(3, principalId) +
    textField(4, sessionName) +
    integerField(5, expiresSeconds) +
    (account === '' ? '' : bytesField(6, account));
  const extra = encodeExtra(session);
  return { bytes: plain + extra, extraBytes: extra.length };
}

/** Throws a RangeError, or an Error from the unpacking, for what {@link encodeRecord} did not write. */
export function decodeRecord(bytes: string, facts: TokenFacts): Session {
  const reader = new FieldReader(bytes);
  const accessKeyId = reader.bytes(1);
  const flags = reader.integer(2);
  const kind = KINDS[flags % CHAINED];
  if (kind === undefined) throw new RangeError('no kind of session');
  const principalId = reader.bytes(3);
  const sessionName = reader.text(4);
  const expiresSeconds = reader.integer(5);
  const account = reader.field === 6 ? reader.bytes(6) : facts.account;
  const { issuingRegion, issuedSeconds } = facts;
  const session: Mutable<Session> = {
    accessKeyId,
    account,
    kind,
    principalId,
    sessionName,
    issuingRegion,
    issuedSeconds,
    expiresSeconds,
  };
  if (flags >= CHAINED) session.chained = true;
  if (reader.field !== 0) decodeExtra(reader, session);
  return session;
}

function encodeExtra(session: Session): string {
  const { policy, policyArns, tags, transitiveTagKeys, sourceIdentity, mfaSeconds } = session;
  const { federation, taskPolicyArn, scopes } = session;
  let extra = '';
  if (policy !== undefined) extra += bytesField(7, packText(policy));
  if (policyArns !== undefined) for (const arn of policyArns) extra += textField(8, arn);
  if (tags !== undefined) {
    for (const [key, value] of tags) extra += bytesField(9, textField(1, key) + textField(2, value));
  }
  if (transitiveTagKeys !== undefined) for (const key of transitiveTagKeys) extra += textField(10, key);
  if (sourceIdentity !== undefined) extra += textField(11, sourceIdentity);
  if (mfaSeconds !== undefined) extra += integerField(12, mfaSeconds);
  if (federation !== undefined) extra += bytesField(13, encodeFederation(federation));
  if (taskPolicyArn !== undefined) extra += textField(14, taskPolicyArn);
  if (scopes !== undefined) for (const scope of scopes) extra += bytesField(15, packText(scope));
  return extra;
}

function decodeExtra(reader: FieldReader, session: Mutable<Session>): void {
  if (reader.field === 7) session.policy = unpackText(reader.bytes(7));
  if (reader.field === 8) session.policyArns = several(reader, 8, () => reader.text(8));
  if (reader.field === 9) session.tags = several(reader, 9, () => decodeTag(reader.bytes(9)));
  if (reader.field === 10) session.transitiveTagKeys = several(reader, 10, () => reader.text(10));
  if (reader.field === 11) session.sourceIdentity = reader.text(11);
  if (reader.field === 12) session.mfaSeconds = reader.integer(12);
  if (reader.field === 13) session.federation = decodeFederation(reader.bytes(13));
  if (reader.field === 14) session.taskPolicyArn = reader.text(14);
  if (reader.field === 15) session.scopes = several(reader, 15, () => unpackText(reader.bytes(15)));
  if (reader.field !== 0) throw new RangeError('a field out of order');
}

function several<Value>(reader: FieldReader, field: number, read: () => Value): readonly Value[] {
  const values: Value[] = [];
  while (reader.field === field) values.push(read());
  return values;
}

function decodeTag(bytes: string): SessionTag {
  const reader = new FieldReader(bytes);
  return [reader.text(1), reader.text(2)];
}

function encodeFederation({ kind, provider, subject, audience }: SessionFederation): string {
  return (
    integerField(1, kind === 'saml' ? 1 : 0) +
    textField(2, provider) +
    textField(3, subject) +
    textField(4, audience)
  );
}

function decodeFederation(bytes: string): SessionFederation {
  const reader = new FieldReader(bytes);
  const kind = reader.integer(1) === 1 ? 'saml' : 'oidc';
  return { kind, provider: reader.text(2), subject: reader.text(3), audience: reader.text(4) };
}

const KINDS = ['role', 'user', 'federated', 'root', 'root-task'] as const;
/** Added to the number of the kind. */
const CHAINED = 8;

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
