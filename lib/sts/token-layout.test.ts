import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Session } from './session.ts';
import { MAXIMUM_TOKEN_BYTES } from './session-size.ts';
import { openToken, type SealOptions, sealSession, type TokenVersion } from './token.ts';

const key = Buffer.alloc(32, 7);
const session: Session = {
  accessKeyId: 'ASIAQAA2XH7JR3JBWRGF',
  account: '111122223333',
  kind: 'role',
  principalId: 'AROAREGNFALLABCDEFGHI',
  sessionName: 'a-session-name-of-30-chars-ab.',
  issuingRegion: 'us-east-1',
  issuedSeconds: 1_795_000_000,
  expiresSeconds: 1_795_003_600,
};

describe('a token of version 2', () => {
  test('has the fields of genuine ones, in clear what those have in clear', () => {
    const token = bytesOf(session, { version: 2 });
    expect(token[0]).toBe(0x21);
    const fields = decodeFields(token.subarray(1));
    expect(fields.map(({ field }) => field)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const [origin, keyNumber, region, seal, message, issued, mark] = fields.map(({ value }) => value);
    expect(String(origin)).toBe('origin_ec');
    expect(keyNumber).toBeTypeOf('bigint');
    expect(String(region)).toBe('us-east-1');
    expect(issued).toBe(1_795_000_000n);
    expect(decodeFields(bufferOf(message)).map(({ field, value }) => [field, plain(value)])).toEqual([
      [1, -91n],
      [2, 1n],
      [3, '111122223333'],
      [4, expect.toSatisfy((nonce: string) => nonce.length === 12)],
      [5, expect.toSatisfy((record: string) => record.length === 264)],
    ]);
    // Recorded: 70 to 72 and 142 to 203 bytes.
    expect(bufferOf(seal).length).toBe(71);
    expect(bufferOf(mark).length).toBe(157);
    expect(String(mark)).toContain('regionfall: emulated, not a token of AWS.');
  });

  test('has two positive integers in strict DER where genuine ones have a signature', () => {
    for (let round = 0; round < 200; round += 1) {
      const seal = bufferOf(decodeFields(bytesOf(session, { version: 2 }).subarray(1))[3]?.value);
      expect(seal.subarray(0, 5).toString('hex')).toBe('3045022100');
      // Zero in front of an integer is allowed, and needed, when its next bit is set.
      expect(seal[5]).toBeGreaterThan(0x7f);
      expect(seal.subarray(37, 39).toString('hex')).toBe('0220');
      expect(seal.subarray(39).toString('latin1')).toMatch(/^[a-zA-Z: ]{32}$/);
    }
  });

  test('counts keys on by the hour', () => {
    const numberAt = (issuedSeconds: number): unknown =>
      decodeFields(bytesOf({ ...session, issuedSeconds }, { version: 2 }).subarray(1))[1]?.value;
    const first = numberAt(1_795_000_000);
    expect(numberAt(1_795_000_001)).toBe(first);
    expect(numberAt(1_795_003_600)).toBe(Number(first) + 1 === 128 ? 1n : BigInt(Number(first) + 1));
  });
});

describe('a token of version 1', () => {
  test('has the fields of genuine ones', () => {
    const token = bytesOf(session, { version: 1 });
    expect(token[0]).toBe(0x17);
    const fields = decodeFields(token.subarray(1));
    expect(fields.map(({ field }) => field)).toEqual([1, 2, 3, 4, 5, 6]);
    const [origin, keyNumber, nonce, record, issued, seal] = fields.map(({ value }) => value);
    expect(String(origin)).toBe('er/aws');
    expect(plain(keyNumber)).toBeLessThan(0n);
    expect(bufferOf(nonce).length).toBe(12);
    expect(bufferOf(record).length).toBe(172);
    expect(issued).toBe(1_795_000_000n);
    expect(bufferOf(seal).length).toBe(45);
    expect(bufferOf(seal).toString('latin1')).toContain('regionfall');
  });

  test('names in clear neither account nor Region nor anything of its session', () => {
    const bytes = bytesOf(
      { ...session, tags: [['Department', 'Marketing']], sourceIdentity: 'somebody' },
      { version: 1 },
    ).toString('latin1');
    const { accessKeyId, account, principalId, sessionName, issuingRegion } = session;
    const told = [accessKeyId, account, principalId, sessionName, issuingRegion, 'Marketing', 'somebody'];
    for (const secret of told) {
      for (let at = 0; at + 4 <= secret.length; at += 1)
        expect(bytes).not.toContain(secret.slice(at, at + 4));
    }
  });

  test('hides the same session differently each time', () => {
    const records = [1, 2].map(() => decodeFields(bytesOf(session, { version: 1 }).subarray(1))[3]?.value);
    const [first, second] = records.map((record) => bufferOf(record).subarray(2, 90));
    expect(first).not.toEqual(second);
  });
});

describe('the size of a token', () => {
  test.each([
    ['version 2, plain', 2, session, 768, 768],
    ['version 2, plain, of a short name', 2, { ...session, sessionName: 'ab' }, 768, 768],
    ['version 2, of GetSessionToken', 2, { ...session, kind: 'user' as const, sessionName: '' }, 768, 768],
    // Recorded: ciphertexts of 326, 327 and 328 bytes for names of 30, 31 and 32.
    ['version 2, of a name of 64', 2, { ...session, sessionName: 'n'.repeat(64) }, 812, 816],
    ['version 1, plain', 1, session, 352, 352],
    // Recorded: 1036 and 1420, for policies other than these; so within a tenth.
    ['version 2, policy of 282', 2, { ...session, policy: SHORT_POLICY }, 932, 1_140],
    ['version 2, policy of 1,509', 2, { ...session, policy: LONG_POLICY }, 1_278, 1_562],
  ] as const)('of %s is the recorded one', (_, version, of, from, to) => {
    const { tokenBytes, sessionToken } = sealed(of, { version });
    expect(tokenBytes).toBe(sessionToken.length);
    expect(tokenBytes).toBeGreaterThanOrEqual(from);
    expect(tokenBytes).toBeLessThanOrEqual(to);
  });

  test.each([
    [1, 'FwoGZXIvYXdz'],
    [2, 'IQoJb3JpZ2luX2Vj'],
  ] as const)('leaves the beginning of version %i as it is known', (version, beginning) => {
    expect(sealed(session, { version }).sessionToken.startsWith(beginning)).toBe(true);
  });

  test('is raised to the minimum asked for, in steps of four, and no further', () => {
    const sizes = fc.oneof(fc.nat(MAXIMUM_TOKEN_BYTES), fc.constantFrom(0, 4_092, 4_093, 4_095, 4_096));
    fc.assert(
      fc.property(fc.constantFrom<TokenVersion>(1, 2), sizes, (version, minimumBytes) => {
        const usual = sealed(session, { version }).tokenBytes;
        const { tokenBytes, sessionToken } = sealed(session, { version, minimumBytes });
        expect(tokenBytes).toBe(Math.max(usual, Math.ceil(minimumBytes / 4) * 4));
        expect(sessionToken).toHaveLength(tokenBytes);
        expect(openToken(sessionToken, key)?.session.sessionName).toBe(session.sessionName);
      }),
      { numRuns: 500 },
    );
  });

  test('is raised right at every length where a head grows', () => {
    for (let minimumBytes = 300; minimumBytes < 600; minimumBytes += 1) {
      const { tokenBytes } = sealed(session, { version: 1, minimumBytes });
      expect(tokenBytes).toBe(Math.max(352, Math.ceil(minimumBytes / 4) * 4));
    }
  });

  test.each([1, 2] as const)('has an end: over 4,096 bytes there is no token of version %i', (version) => {
    let refused = 0;
    for (let length = 2_300; length < 2_900; length += 1) {
      const outcome = sealSession({ ...session, tags: [['k', 'v'.repeat(length)]] }, key, { version });
      if ('tooLargeBytes' in outcome) {
        refused += 1;
        expect(outcome.tooLargeBytes).toBeGreaterThan(4_096);
      } else {
        expect(refused).toBe(0);
        expect(outcome.tokenBytes).toBeLessThanOrEqual(4_096);
        expect(openToken(outcome.sessionToken, key)?.session.tags?.[0]?.[1]).toHaveLength(length);
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(600);
  });

  test.each([1, 2] as const)(
    'grows with the bytes of a name, in version %i, where those are more than its characters',
    (version) => {
      const of = { ...session, sessionName: '界'.repeat(64) };
      const { sessionToken } = sealed(of, { version });
      expect(openToken(sessionToken, key)?.session.sessionName).toBe(of.sessionName);
      expect(decodeFields(Buffer.from(sessionToken, 'base64').subarray(1))).toHaveLength(
        version === 1 ? 6 : 7,
      );
    },
  );

  test('refuses even what would pack well', () => {
    const outcome = sealSession({ ...session, policy: ' '.repeat(1_000_000) }, key, { version: 2 });
    expect(outcome).toEqual({ tooLargeBytes: expect.toSatisfy((bytes: number) => bytes > 4_096) });
  });
});

function sealed(of: Session, options: SealOptions) {
  const outcome = sealSession(of, key, options);
  if ('tooLargeBytes' in outcome) throw new Error(`${outcome.tooLargeBytes} bytes`);
  return outcome;
}

function bytesOf(of: Session, options: SealOptions): Buffer {
  return Buffer.from(sealed(of, options).sessionToken, 'base64');
}

interface DecodedField {
  readonly field: number;
  readonly value: bigint | Buffer;
}

/** Reads Protocol Buffers without knowing what is in them: nothing in common with the product's reader. */
function decodeFields(bytes: Buffer): readonly DecodedField[] {
  const fields: DecodedField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    if ((tag & 7) === 0) {
      fields.push({ field: tag >> 3, value: varint() });
    } else {
      expect(tag & 7).toBe(2);
      const length = Number(varint());
      expect(at + length).toBeLessThanOrEqual(bytes.length);
      fields.push({ field: tag >> 3, value: bytes.subarray(at, at + length) });
      at += length;
    }
  }
  return fields;
}

function bufferOf(value: bigint | Buffer | undefined): Buffer {
  if (!Buffer.isBuffer(value)) throw new Error('not bytes');
  return value;
}

/** Integers as signed ones of 64 bits, bytes as Latin-1. */
function plain(value: bigint | Buffer | undefined): bigint | string {
  return typeof value === 'bigint' ? BigInt.asIntN(64, value) : bufferOf(value).toString('latin1');
}

/** Printed over several lines, as people and services send policies, and filled up with white space. */
function printed(characters: number, Statement: readonly object[]): string {
  const policy = JSON.stringify({ Version: '2012-10-17', Statement }, undefined, 2);
  return policy.replace('\n', `\n${' '.repeat(characters - policy.length)}`);
}

const SHORT_POLICY = printed(282, [
  {
    Effect: 'Allow',
    Action: 'dynamodb:GetItem',
    Resource: '*',
    Condition: { StringEquals: { 'dynamodb:LeadingKeys': 'tenant-4711' } },
  },
]);

const LONG_POLICY = printed(1_509, [
  {
    Effect: 'Allow',
    Action: ['Volume', 'Snapshot', 'KeyPair', 'NetworkAcl', 'RouteTable', 'VpcEndpoints', 'LaunchTemplate']
      .flatMap((noun) => [`ec2:Create${noun}`, `ec2:Describe${noun}s`, `ec2:Delete${noun}`])
      .concat(
        'ec2:AttachVolume',
        'ec2:DetachVolume',
        'ec2:StartInstances',
        'ec2:StopInstances',
        'ec2:CopyImage',
      ),
    Resource: '*',
  },
  {
    Effect: 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    Resource: 'arn:aws:dynamodb:*:*:table/bookings-production',
    Condition: { StringEquals: { 'dynamodb:LeadingKeys': 'tenant-4711' } },
  },
]);
