import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST_ENCODED_MESSAGE, openMessage, sealMessage } from './authorization-message.ts';
import type { Session } from './session.ts';
import { openToken, sealSession } from './token.ts';

const key = Buffer.alloc(32, 7);
const ACCOUNT = '111122223333';
const DENIAL = JSON.stringify({
  allowed: false,
  explicitDeny: false,
  matchedStatements: { items: [] },
  failures: { items: [] },
  context: {
    principal: { id: 'AIDAREGNFALLABCDEFGHI', name: 'app', arn: `arn:aws:iam::${ACCOUNT}:user/app` },
    action: 'sts:AssumeRole',
    resource: `arn:aws:iam::${ACCOUNT}:role/deploy`,
    conditions: { items: [{ key: 'aws:Region', values: { items: [{ value: 'eu-west-1' }] } }] },
  },
});

describe('an encoded authorization message', () => {
  test('opens to what was sealed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'grapheme' })), (json) => {
        expect(openMessage(sealed(json), key, ACCOUNT)).toBe(json);
      }),
    );
  });

  test('is compact, can stand in a URL and shows nothing of what it says', () => {
    const message = sealed(DENIAL);
    expect(message).toMatch(/^[\w-]+$/);
    expect(message.length).toBeLessThan(DENIAL.length);
    const bytes = Buffer.from(message, 'base64url');
    for (const word of ['deploy', 'AssumeRole', ACCOUNT]) expect(bytes.includes(word)).toBe(false);
    expect(sealed(DENIAL)).not.toBe(message);
  });

  test('opens neither under another key nor for another account', () => {
    const message = sealed(DENIAL);
    expect(openMessage(message, Buffer.alloc(32, 8), ACCOUNT)).toBeUndefined();
    expect(openMessage(message, key, '111122223334')).toBeUndefined();
    expect(openMessage(message, key, '')).toBeUndefined();
  });

  test('does not open with any character changed, lost or added, nor spelt in another way', () => {
    const message = sealed(DENIAL);
    for (let at = 0; at < message.length; at += 1) {
      const before = message.slice(0, at);
      const other = message.charAt(at) === 'A' ? 'B' : 'A';
      expect(openMessage(`${before}${other}${message.slice(at + 1)}`, key, ACCOUNT), `${at}`).toBeUndefined();
      expect(openMessage(before + message.slice(at + 1), key, ACCOUNT), `lost ${at}`).toBeUndefined();
      expect(openMessage(`${before}A${message.slice(at)}`, key, ACCOUNT), `added ${at}`).toBeUndefined();
    }
    const plain = message.replaceAll('-', '+').replaceAll('_', '/');
    for (const spelling of [
      `${message}=`,
      ` ${message}`,
      `${message}\n`,
      ...(plain === message ? [] : [plain]),
    ]) {
      expect(openMessage(spelling, key, ACCOUNT)).toBeUndefined();
    }
  });

  test('is never longer than a request may carry: what does not fit is not sealed', () => {
    for (const json of [randomText(7_000), randomText(200_000), 'a'.repeat(131_072), 'a'.repeat(131_073)]) {
      const message = sealMessage(json, key, ACCOUNT);
      if (message === undefined) continue;
      expect(message.length).toBeLessThanOrEqual(LONGEST_ENCODED_MESSAGE);
      expect(openMessage(message, key, ACCOUNT)).toBe(json);
    }
    expect(sealMessage(randomText(200_000), key, ACCOUNT)).toBeUndefined();
    expect(sealMessage('a'.repeat(131_072), key, ACCOUNT)).toBeDefined();
    expect(sealMessage('a'.repeat(131_073), key, ACCOUNT)).toBeUndefined();
  });

  test('survives what was never one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), (rubbish) => {
        expect(openMessage(rubbish, key, ACCOUNT)).toBeUndefined();
      }),
    );
    const bomb = deflateRawSync('a'.repeat(5_000_000)).toString('base64url');
    for (const rubbish of ['', 'A'.repeat(10_240), 'A'.repeat(10_241), 'A'.repeat(5_000_000), bomb]) {
      expect(openMessage(rubbish, key, ACCOUNT)).toBeUndefined();
    }
  });

  test('is no session token, and no session token is a message', () => {
    const session: Session = {
      accessKeyId: 'ASIAQAA2XH7JR3JBWRGF',
      account: ACCOUNT,
      kind: 'user',
      principalId: 'AIDAREGNFALLABCDEFGHI',
      sessionName: '',
      issuingRegion: 'eu-west-1',
      issuedSeconds: 1_795_000_000,
      expiresSeconds: 1_795_003_600,
    };
    const token = sealSession(session, key, { version: 2 });
    if ('tooLargeBytes' in token) throw new Error('no token');
    expect(openMessage(token.sessionToken, key, ACCOUNT)).toBeUndefined();
    const message = Buffer.from(sealed(DENIAL), 'base64url').toString('base64');
    expect(openToken(message, key)).toBeUndefined();
  });
});

function sealed(json: string): string {
  const message = sealMessage(json, key, ACCOUNT);
  if (message === undefined) throw new Error('too large');
  return message;
}

/** Text that does not pack: every character takes about seven bits of chance. */
function randomText(length: number): string {
  let state = 1;
  let text = '';
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += String.fromCharCode(32 + ((state >>> 16) % 95));
  }
  return text;
}
