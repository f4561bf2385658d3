import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partOrSkip } from '../../test/required-part.ts';
import { createAuthority } from './certificates.ts';
import { javaTrustStore, TRUST_STORE_PASSWORD } from './java-trust-store.ts';

const java = await partOrSkip('java');
const { caPem } = await createAuthority(Date.now());

describe('a Java trust store', () => {
  const store = Buffer.from(javaTrustStore(caPem));
  const der = new X509Certificate(caPem).raw;

  it('holds one trusted certificate, as it was', () => {
    expect(store.subarray(0, 16).toString('hex')).toBe('feedfeed000000020000000100000002');
    expect(store.subarray(-20 - der.length, -20)).toEqual(der);
    expect(store.readUInt32BE(store.length - 20 - der.length - 4)).toBe(der.length);
  });

  it('ends with the seal over what it says', () => {
    const password = [...TRUST_STORE_PASSWORD].flatMap((letter) => [0, letter.charCodeAt(0)]);
    const sealed = Buffer.concat([
      Buffer.from(password),
      Buffer.from('Mighty Aphrodite'),
      store.subarray(0, -20),
    ]);
    expect(store.subarray(-20)).toEqual(createHash('sha1').update(sealed).digest());
  });

  it('is the same for the same authority, so that two programs may write it at once', () => {
    expect(Buffer.from(javaTrustStore(caPem))).toEqual(store);
  });

  it('is refused for text that is no certificate', () => {
    expect(() => javaTrustStore('no certificate')).toThrow();
  });
});

java.suite('a Java trust store, read by keytool', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regionfall-jks-'));
    await writeFile(join(folder, 'ca.jks'), javaTrustStore(caPem));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const list = async (password: string): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      join(dirname(java.path), 'keytool'),
      ['-list', '-storetype', 'JKS', '-storepass', password, '-keystore', join(folder, 'ca.jks')],
      { env: { LC_ALL: 'C' } },
    );
    return stdout;
  };

  it('holds the world’s authority and nothing else', async () => {
    const listing = await list(TRUST_STORE_PASSWORD);
    expect(listing).toContain('Your keystore contains 1 entry');
    expect(listing).toMatch(/^regionfall, .*trustedCertEntry/m);
    expect(listing).toContain(new X509Certificate(caPem).fingerprint256);
  });

  it('does not open when its seal is broken', async () => {
    await expect(list('another')).rejects.toMatchObject({
      stdout: expect.stringContaining('Keystore was tampered with, or password was incorrect'),
    });
  });
});
