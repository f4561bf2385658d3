import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Secret } from '../aws/credentials.ts';
import { openKeyring, sealAccessKey } from './keyring.ts';

const key = { accessKeyId: 'AKIATEST', secretAccessKey: new Secret('a secret'), userId: 'AIDATEST' };

describe('a keyring', () => {
  test('holds the keys that its partition’s key opens, and no others', () => {
    const [ours, theirs] = [randomBytes(32), randomBytes(32)];
    const sealed = [sealAccessKey(key, ours), sealAccessKey({ ...key, accessKeyId: 'AKIAOTHER' }, theirs)];
    expect([...openKeyring(sealed, ours).keys()]).toEqual(['AKIATEST']);
    expect([...openKeyring(sealed, theirs).keys()]).toEqual(['AKIAOTHER']);
    expect(openKeyring(sealed, ours).get('AKIATEST')?.secretAccessKey.reveal()).toBe('a secret');
  });

  test('drops a key whose record was moved to another id', () => {
    const ours = randomBytes(32);
    const moved = { ...sealAccessKey(key, ours), accessKeyId: 'AKIAOTHER' };
    expect(openKeyring([moved], ours).size).toBe(0);
  });

  test('does not carry the secret in clear', () => {
    const { sealed } = sealAccessKey(key, randomBytes(32));
    expect(Buffer.from(sealed).includes('a secret')).toBe(false);
  });
});
