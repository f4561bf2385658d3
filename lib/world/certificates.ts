/**
 * The run's own certificate authority and one certificate per STS host name. The authority lives as long as the
 * world, is never installed anywhere, and its private key never leaves this process.
 */

import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface HostCertificate {
  readonly host: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface Authority {
  readonly caPem: string;
  /**
   * A certificate for exactly this DNS name, good from two days ago for nine days: a wall clock that is set by a day
   * in the middle of a run breaks no handshake.
   */
  issue(host: string): Promise<HostCertificate>;
  /** One that a client which dials this name must refuse. */
  issueTroubled(host: string, trouble: CertificateTrouble): Promise<HostCertificate>;
}

/**
 * `expired`: until an hour ago it was good. `other-name`: it is good for another name. `unknown-authority`: it is good
 * to whoever trusts an authority that nobody in this world has heard of.
 */
export type CertificateTrouble = 'expired' | 'other-name' | 'unknown-authority';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Reserved for names that lead nowhere (RFC 2606, 2). */
const OTHER_NAME = 'elsewhere.invalid';

/** @param nowMs Wall clock, for the validity period. */
export async function createAuthority(nowMs: number): Promise<Authority> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  const notBefore = new Date(nowMs - 2 * DAY_MS);
  const notAfter = new Date(nowMs + 7 * DAY_MS);
  const authorityKeys = await generateKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    // The name says what it is to anyone who meets this certificate outside its world.
    name: 'CN=Regionfall emulated STS (not AWS), O=Regionfall',
    notBefore,
    notAfter,
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const issue = async (host: string, name: string, until: Date): Promise<HostCertificate> => {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: `CN=${name}`,
      issuer: authority.subject,
      notBefore,
      notAfter: until,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
        await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
    return {
      host,
      certificatePem: certificate.toString('pem'),
      keyPem: x509.PemConverter.encode(key, 'PRIVATE KEY'),
    };
  };
  return {
    caPem: authority.toString('pem'),
    issue: (host) => issue(host, host, notAfter),
    issueTroubled: async (host, trouble) => {
      switch (trouble) {
        case 'expired':
          return await issue(host, host, new Date(nowMs - HOUR_MS));
        case 'other-name':
          return await issue(host, OTHER_NAME, notAfter);
        case 'unknown-authority':
          return await (await createAuthority(nowMs)).issue(host);
        default:
          return trouble satisfies never;
      }
    },
  };
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

/** 16 random bytes, the first kept below 0x80 so that the number is positive (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return Buffer.from(bytes).toString('hex');
}
