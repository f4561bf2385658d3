import { describe, expect, test } from 'vitest';
import { createMfaLedger, decodeBase32, encodeBase32, totp } from './mfa.ts';
import type { MfaDevice } from './state.ts';

const seed = encodeBase32(Buffer.from('12345678901234567890'));
const device: MfaDevice = { serial: 'arn:aws:iam::111122223333:mfa/app', seed };
const nowMs = 1_234_567_890_000;

describe('a one-time password', () => {
  /** RFC 6238, appendix B, the SHA-1 rows; the last six of its eight digits. */
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %i s is %s', (seconds, code) => {
    expect(totp(seed, seconds * 1_000)).toBe(code);
  });

  test('is accepted once, and none before it is accepted afterwards', () => {
    const ledger = createMfaLedger();
    expect(ledger.accept(device, totp(seed, nowMs), nowMs)).toBe(true);
    expect(ledger.accept(device, totp(seed, nowMs), nowMs)).toBe(false);
    expect(ledger.accept(device, totp(seed, nowMs - 30_000), nowMs)).toBe(false);
    expect(ledger.accept(device, totp(seed, nowMs + 30_000), nowMs + 30_000)).toBe(true);
  });

  test('is accepted one step early or late, and no further off', () => {
    for (const [offMs, accepted] of [
      [-60_000, false],
      [-30_000, true],
      [30_000, true],
      [60_000, false],
    ] as const) {
      expect(createMfaLedger().accept(device, totp(seed, nowMs + offMs), nowMs)).toBe(accepted);
    }
  });

  test('of another device is refused, and uses up none of this one’s', () => {
    const ledger = createMfaLedger();
    const other = { serial: 'arn:aws:iam::111122223333:mfa/other', seed: encodeBase32(Buffer.alloc(20, 7)) };
    expect(ledger.accept(device, totp(other.seed, nowMs), nowMs)).toBe(false);
    expect(ledger.accept(other, totp(other.seed, nowMs), nowMs)).toBe(true);
    expect(ledger.accept(device, totp(seed, nowMs), nowMs)).toBe(true);
  });
});

test('base32 is read as it is written, padding or not', () => {
  for (let length = 0; length < 12; length += 1) {
    const bytes = Buffer.alloc(length, 0xa7);
    expect(decodeBase32(encodeBase32(bytes))).toEqual(bytes);
  }
  expect(decodeBase32('mzxw6===')).toEqual(Buffer.from('foo'));
});
