/** For tests: an authority of a moment and one certificate that fits every host asked for. */

import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { HostCertificate } from './service-config.ts';

export interface TestCertificates {
  readonly caPem: string;
  readonly certificates: readonly HostCertificate[];
}

export async function makeTestCertificates(hosts: readonly string[]): Promise<TestCertificates> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  const notBefore = new Date(Date.now() - HOUR_MS);
  const notAfter = new Date(Date.now() + HOUR_MS);
  const [authorityKeys, keys] = [await generateKeys(), await generateKeys()];
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Regionfall test authority',
    notBefore,
    notAfter,
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=emulated STS',
    issuer: authority.subject,
    notBefore,
    notAfter,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: 'dns', value }) as const)),
    ],
  });
  const certificatePem = certificate.toString('pem');
  const keyBytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const keyPem = `-----BEGIN PRIVATE KEY-----\n${keyBytes.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  return {
    caPem: authority.toString('pem'),
    certificates: hosts.map((host) => ({ host, certificatePem, keyPem })),
  };
}

const HOUR_MS = 3_600_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

function generateKeys() {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}
