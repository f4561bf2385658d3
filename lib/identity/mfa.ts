/**
 * Time-based one-time passwords of virtual MFA devices, and the memory that refuses one a second time. Source: RFC 6238
 * with the defaults of AWS's virtual devices: SHA-1, six digits, thirty seconds.
 */

import { createHmac } from 'node:crypto';
import type { MfaDevice } from './state.ts';

export interface MfaLedger {
  /** Whether the code is the device's now and has not been used. A code that is accepted is used up. */
  accept(device: MfaDevice, code: string, nowMs: number): boolean;
}

/** One step early or late is accepted, since clocks of devices drift: a guess, as AWS does not say. */
const DRIFT_STEPS = 1;
const STEP_MS = 30_000;

export function createMfaLedger(): MfaLedger {
  /** Serial number → last step whose code was used: earlier ones are refused too. */
  const used = new Map<string, number>();
  return {
    accept: (device, code, nowMs) => {
      const step = Math.floor(nowMs / STEP_MS);
      const after = used.get(device.serial) ?? Number.NEGATIVE_INFINITY;
      for (let at = step - DRIFT_STEPS; at <= step + DRIFT_STEPS; at += 1) {
        if (at > after && totpAtStep(device.seed, at) === code) {
          used.set(device.serial, at);
          return true;
        }
      }
      return false;
    },
  };
}

/** Six digits. `seed` is base32, padding optional; letters of either case. */
export function totp(seed: string, atMs: number): string {
  return totpAtStep(seed, Math.floor(atMs / STEP_MS));
}

function totpAtStep(seed: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.max(step, 0)));
  const digest = createHmac('sha1', decodeBase32(seed)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Characters that base32 does not have are left out, as apps for people do. */
export function decodeBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text.toUpperCase()) {
    const value = ALPHABET.indexOf(character);
    if (value === -1) continue;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0x1fff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((held >> bits) & 0x1f);
    }
  }
  return bits === 0 ? text : text + ALPHABET.charAt((held << (5 - bits)) & 0x1f);
}
