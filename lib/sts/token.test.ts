import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Session } from './session.ts';
import { openToken, type SealedSession, type SealOptions, sealSession, type TokenVersion } from './token.ts';

const key = Buffer.alloc(32, 7);
const VERSIONS: readonly TokenVersion[] = [1, 2];
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

const word = fc.stringMatching(/^[\w+=,.@-]{2,40}$/);
const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const several = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
  fc.array(value, { minLength: 1, maxLength: 4 });
const sessions: fc.Arbitrary<Session> = fc.record(
  {
    accessKeyId: fc.stringMatching(/^ASIA[A-Z2-7]{16}$/),
    account: fc.stringMatching(/^\d{12}$/),
    kind: fc.constantFrom('role', 'user', 'federated', 'root', 'root-task'),
    principalId: fc.stringMatching(/^A[A-Z2-7]{20}$/),
    sessionName: fc.oneof(fc.stringMatching(/^[\w+=,.@-]{0,64}$/), text),
    issuingRegion: fc.constantFrom('us-east-1', 'eu-west-1', 'us-gov-west-1', 'eusc-de-east-1'),
    issuedSeconds: fc.nat(4_000_000_000),
    expiresSeconds: fc.nat(4_000_000_000),
    policy: fc.oneof(fc.json(), text),
    policyArns: several(word),
    tags: several(fc.tuple(text, text)),
    transitiveTagKeys: several(text),
    sourceIdentity: word,
    mfaSeconds: fc.nat(4_000_000_000),
    chained: fc.constant(true),
    federation: fc.record({
      kind: fc.constantFrom('oidc', 'saml'),
      provider: text,
      subject: text,
      audience: text,
    }),
    taskPolicyArn: word,
    scopes: fc.array(text, { minLength: 1, maxLength: 3 }),
  },
  {
    requiredKeys: [
      'accessKeyId',
      'account',
      'kind',
      'principalId',
      'sessionName',
      'issuingRegion',
      'issuedSeconds',
      'expiresSeconds',
    ],
  },
);
const versions = fc.constantFrom(...VERSIONS);

describe('a session token', () => {
  test('opens under its key to what was sealed, with the same secret', () => {
    fc.assert(
      fc.property(sessions, versions, (sealedIn, version) => {
        const { sessionToken, secretAccessKey } = sealed({ version }, sealedIn);
        const opened = openToken(sessionToken, key);
        expect(opened?.session).toEqual(version === 1 ? { ...sealedIn, issuingRegion: '' } : sealedIn);
        expect(opened?.secretAccessKey.reveal()).toBe(secretAccessKey.reveal());
        expect(opened?.version).toBe(version);
      }),
      { numRuns: 500 },
    );
  });

  test('does not open under any other key', () => {
    fc.assert(
      fc.property(sessions, versions, fc.nat(255), (sealedIn, version, bit) => {
        const { sessionToken } = sealed({ version }, sealedIn);
        const neighbour = Buffer.from(key);
        neighbour[bit >> 3] = (neighbour[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(openToken(sessionToken, neighbour)).toBeUndefined();
        expect(openToken(sessionToken, randomBytes(32))).toBeUndefined();
      }),
    );
  });

  test.each(VERSIONS)('of version %i does not open with any one bit changed', (version) => {
    const token = bytesOf(sealed({ version }));
    for (let bit = 0; bit < token.length * 8; bit += 1) {
      const changed = Buffer.from(token);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(opens(changed), `bit ${bit}`).toBe(false);
    }
  });

  test.each(VERSIONS)(
    'of version %i does not open cut short, lengthened or with bytes lost inside',
    (version) => {
      const token = bytesOf(sealed({ version }));
      for (let at = 0; at < token.length; at += 1) {
        expect(opens(token.subarray(0, at)), `cut at ${at}`).toBe(false);
        expect(opens(token.subarray(at + 1)), `begun at ${at}`).toBe(false);
        expect(opens(Buffer.concat([token.subarray(0, at), token.subarray(at + 1)])), `lost ${at}`).toBe(
          false,
        );
        expect(opens(Buffer.concat([token.subarray(0, at), token.subarray(at)])), `whole ${at}`).toBe(true);
      }
      expect(opens(Buffer.concat([token, Buffer.of(0)]))).toBe(false);
      expect(opens(Buffer.concat([token, token]))).toBe(false);
    },
  );

  test.each(VERSIONS)('of version %i has one spelling', (version) => {
    const { sessionToken } = sealed({ version });
    const url = sessionToken.replaceAll('+', '-').replaceAll('/', '_');
    const foreign = sessionToken.replace('A', String.fromCharCode(0x141));
    const respelt = [
      ...(url === sessionToken ? [] : [url]),
      foreign,
      sessionToken.replace(/=+$/, ''),
      `${sessionToken}=`,
      `${sessionToken} `,
      `\n${sessionToken}`,
      `${sessionToken.slice(0, 76)}\n${sessionToken.slice(76)}`,
      `${sessionToken.slice(0, 40)}%${sessionToken.slice(40)}`,
    ];
    for (const spelling of respelt) expect(openToken(spelling, key), spelling).toBeUndefined();
  });

  test('says nothing in clear that can be changed', () => {
    const second = bytesOf(sealed({ version: 2 })).toString('latin1');
    const changes: readonly (readonly [string, string])[] = [
      ['eu-west-1', 'eu-west-2'],
      ['111122223333', '111122223334'],
      ['game-day', 'game-dax'],
      ['AROAREGNFALLABCDEFGHI', 'AROAREGNFALLABCDEFGHJ'],
    ];
    for (const [from, to] of changes) {
      expect(second).toContain(from);
      expect(opens(Buffer.from(second.replace(from, to), 'latin1')), to).toBe(false);
    }
  });

  test('of one version is none of the other', () => {
    const [first, second] = VERSIONS.map((version) => bytesOf(sealed({ version })));
    if (first === undefined || second === undefined) throw new Error('no tokens');
    for (const [from, to] of [
      [first, second],
      [second, first],
    ] as const) {
      for (const borrowed of [1, 9, 13, 40]) {
        const mixed = Buffer.concat([to.subarray(0, borrowed), from.subarray(borrowed)]);
        expect(opens(mixed), `${borrowed}`).toBe(false);
      }
    }
  });

  test('survives what was never a token', () => {
    const opening = fc.constantFrom(
      '',
      '!\n\torigin_ec',
      '!\n\torigin_ec\x10\x05\x1a',
      '\x17\n\x06er/aws',
      '\x21',
      '\x17',
    );
    fc.assert(
      fc.property(opening, fc.uint8Array({ maxLength: 300 }), (start, bytes) => {
        expect(opens(Buffer.concat([Buffer.from(start, 'latin1'), bytes]))).toBe(false);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (rubbish) => {
        expect(openToken(rubbish, key)).toBeUndefined();
      }),
    );
    for (const length of [0, 1, 4, 4_096, 4_097, 1_000_000]) {
      expect(openToken('A'.repeat(length), key)).toBeUndefined();
      expect(openToken('IQoJb3JpZ2luX2Vj'.padEnd(length, '/'), key)).toBeUndefined();
      expect(openToken('FwoGZXIvYXdz'.padEnd(length, '/'), key)).toBeUndefined();
    }
  });

  test('does not contain its secret, and another token of the same session has another', () => {
    for (const version of VERSIONS) {
      const first = sealed({ version });
      const secret = first.secretAccessKey.reveal();
      expect(secret).toMatch(/^[A-Za-z0-9+/]{40}$/);
      expect(sealed({ version }).secretAccessKey.reveal()).not.toBe(secret);
      expect(bytesOf(first).includes(Buffer.from(secret, 'base64'))).toBe(false);
    }
  });

  test('opens apart from others that were sealed and opened in between', () => {
    const long = sealed({ version: 2, minimumBytes: 4_096 });
    const short = sealed({ version: 1 });
    for (const { sessionToken, secretAccessKey } of [long, short, long]) {
      expect(openToken(sessionToken, key)?.secretAccessKey.reveal()).toBe(secretAccessKey.reveal());
      expect(openToken(sessionToken, Buffer.alloc(32, 8))).toBeUndefined();
    }
  });
});

function sealed(options: SealOptions, of: Session = session): SealedSession {
  const outcome = sealSession(of, key, options);
  if ('tooLargeBytes' in outcome) throw new Error(`${outcome.tooLargeBytes} bytes`);
  return outcome;
}

function bytesOf({ sessionToken }: SealedSession): Buffer {
  return Buffer.from(sessionToken, 'base64');
}

function opens(token: Buffer): boolean {
  return openToken(token.toString('base64'), key) !== undefined;
}
