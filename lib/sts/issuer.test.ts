import { describe, expect, test } from 'vitest';
import { accountOfAccessKeyId } from '../aws/access-key.ts';
import { createIssuer, type IssuedCredentials, type SessionOrder } from './issuer.ts';
import { openToken } from './token.ts';

const key = Buffer.alloc(32, 7);
const order: SessionOrder = {
  account: '111122223333',
  kind: 'role',
  principalId: 'AROAREGNFALLABCDEFGHI',
  sessionName: 'game-day',
  issuedSeconds: 1_795_000_000,
  durationSeconds: 900,
  version: 2,
};

describe('an issuer', () => {
  test('gives a session a key of its account, its Region and an end', () => {
    const issued = issue(order);
    expect(accountOfAccessKeyId(issued.accessKeyId)).toBe('111122223333');
    expect(issued.expiresSeconds).toBe(1_795_000_900);
    expect(issued.tokenBytes).toBe(issued.sessionToken.length);
    const opened = openToken(issued.sessionToken, key);
    expect(opened?.secretAccessKey.reveal()).toBe(issued.secretAccessKey);
    expect(opened?.session).toEqual({
      accessKeyId: issued.accessKeyId,
      account: '111122223333',
      kind: 'role',
      principalId: 'AROAREGNFALLABCDEFGHI',
      sessionName: 'game-day',
      issuingRegion: 'eu-west-1',
      issuedSeconds: 1_795_000_000,
      expiresSeconds: 1_795_000_900,
    });
  });

  test('seals in the version and to the size that the order asks for', () => {
    expect(openToken(issue({ ...order, version: 1 }).sessionToken, key)?.version).toBe(1);
    expect(issue({ ...order, minimumBytes: 2_000 }).tokenBytes).toBe(2_000);
  });

  test('keeps whatever else the session is to carry', () => {
    const more = {
      policy: '{}',
      chained: true,
      tags: [['team', 'blue']],
      mfaSeconds: 1_794_000_000,
    } as const;
    expect(openToken(issue({ ...order, ...more }).sessionToken, key)?.session).toMatchObject(more);
  });

  test('says how large a session is that fits in no token', () => {
    const tags = Array.from({ length: 50 }, (_, index) => [`tag-${index}`, 'v'.repeat(256)] as const);
    const outcome = createIssuer('eu-west-1', key).credentials({ ...order, tags });
    expect(outcome).toEqual({ tooLargeBytes: expect.toSatisfy((bytes: number) => bytes > 4_096) });
  });
});

function issue(of: SessionOrder): IssuedCredentials {
  const outcome = createIssuer('eu-west-1', key).credentials(of);
  if ('tooLargeBytes' in outcome) throw new Error(`${outcome.tooLargeBytes} bytes`);
  return outcome;
}
