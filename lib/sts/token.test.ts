import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openToken, type Session, sealSession } from './token.ts';

const key = Buffer.alloc(32, 7);
const session: Session = {
  accessKeyId: 'ASIAQAA2XH7JR3JBWRGF',
  account: '111122223333',
  kind: 'role',
  principalId: 'AROAREGNFALLABCDEFGHI',
  sessionName: 'game-day',
  issuingRegion: 'eu-west-1',
  issuedSeconds: 1_795_000_000,
  expiresSeconds: 1_795_003_600,
};

const sessions: fc.Arbitrary<Session> = fc.record({
  accessKeyId: fc.stringMatching(/^ASIA[A-Z2-7]{16}$/),
  account: fc.stringMatching(/^\d{12}$/),
  kind: fc.constantFrom('role', 'user'),
  principalId: fc.stringMatching(/^A[A-Z2-7]{20}$/),
  sessionName: fc.stringMatching(/^[\w+=,.@-]{0,64}$/),
  issuingRegion: fc.constantFrom('us-east-1', 'eu-west-1', 'us-gov-west-1', 'eusc-de-east-1'),
  issuedSeconds: fc.nat(4_000_000_000),
  expiresSeconds: fc.nat(4_000_000_000),
});

describe('a session token', () => {
  test('opens under its key to what was sealed, with the same secret', () => {
    fc.assert(
      fc.property(sessions, (sealedIn) => {
        const { sessionToken, secretAccessKey } = sealSession(sealedIn, key);
        const opened = openToken(sessionToken, key);
        expect(opened?.session).toEqual(sealedIn);
        expect(opened?.secretAccessKey.reveal()).toBe(secretAccessKey.reveal());
      }),
    );
  });

  test('does not open under any other key', () => {
    const { sessionToken } = sealSession(session, key);
    expect(openToken(sessionToken, randomBytes(32))).toBeUndefined();
  });

  test('does not open with any one character changed, added or lost', () => {
    const { sessionToken } = sealSession(session, key);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ ';
    for (let at = 0; at < sessionToken.length; at += 1) {
      const before = sessionToken.slice(0, at);
      const replacement = alphabet.charAt((alphabet.indexOf(sessionToken.charAt(at)) + 1 + at) % 68);
      if (replacement === sessionToken.charAt(at)) continue;
      expect(
        openToken(before + replacement + sessionToken.slice(at + 1), key),
        `changed at ${at}`,
      ).toBeUndefined();
      expect(openToken(before + sessionToken.slice(at + 1), key), `lost at ${at}`).toBeUndefined();
      expect(openToken(`${before}A${sessionToken.slice(at)}`, key), `added at ${at}`).toBeUndefined();
    }
  });

  test('survives no rubbish', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const rubbish = Buffer.concat([Buffer.from('!\n\torigin_ec', 'latin1'), bytes]);
        expect(openToken(rubbish.toString('base64'), key)).toBeUndefined();
      }),
    );
    expect(openToken('', key)).toBeUndefined();
    expect(openToken('A'.repeat(100_000), key)).toBeUndefined();
  });

  test('has the size and the clear fields of a real one', () => {
    const { sessionToken } = sealSession(session, key);
    expect(sessionToken).toHaveLength(768);
    expect(sessionToken).toMatch(/^IQoJb3JpZ2luX2Vj[A-Za-z0-9+/]+=*$/);
    const bytes = Buffer.from(sessionToken, 'base64').toString('latin1');
    expect(bytes).toContain('\u001a\u0009eu-west-1');
    expect(bytes).toContain('\u001a\u000c111122223333');
    expect(bytes).toContain('not a token of AWS');
  });

  test('does not contain its secret, and neither does another token of the same session', () => {
    const first = sealSession(session, key);
    const second = sealSession(session, key);
    const secret = first.secretAccessKey.reveal();
    expect(secret).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(second.secretAccessKey.reveal()).not.toBe(secret);
    const bytes = Buffer.from(first.sessionToken, 'base64');
    expect(bytes.includes(Buffer.from(secret, 'base64'))).toBe(false);
  });
});
