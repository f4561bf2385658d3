import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Secret } from '../aws/credentials.ts';
import { openAccessKey, sealAccessKey } from './keyring.ts';

const key = { accessKeyId: 'AKIATEST', secretAccessKey: new Secret('a secret'), principalId: 'AIDATEST' };

describe('a sealed access key', () => {
  test('opens with its partition’s key and with no other', () => {
    const [ours, theirs] = [randomBytes(32), randomBytes(32)];
    const sealed = sealAccessKey(key, ours);
    const opened = openAccessKey(sealed, ours);
    expect(opened?.secretAccessKey.reveal()).toBe('a secret');
    expect(opened?.principalId).toBe('AIDATEST');
    expect(openAccessKey(sealed, theirs)).toBeUndefined();
  });

  test('does not open under another id', () => {
    const ours = randomBytes(32);
    const moved = { ...sealAccessKey(key, ours), accessKeyId: 'AKIAOTHER' };
    expect(openAccessKey(moved, ours)).toBeUndefined();
  });

  test('does not carry the secret in clear', () => {
    const { sealed } = sealAccessKey(key, randomBytes(32));
    expect(Buffer.from(sealed).includes('a secret')).toBe(false);
  });
});
