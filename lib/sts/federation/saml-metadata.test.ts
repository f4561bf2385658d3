import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, test } from 'vitest';
import { PAIRS, type Pair } from './jwt-forge.fixture.ts';
import { IDP, judgeSaml, response, signedAssertion } from './saml-forge.fixture.ts';
import { readSamlMetadata, samlTrustOf } from './saml-metadata.ts';
import { METADATA } from './saml-names.ts';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

async function certificateOf(pair: Pair): Promise<string> {
  const algorithm =
    pair.publicKey.asymmetricKeyType === 'ec'
      ? { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
      : ALGORITHM;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=idp.example',
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2021-01-01'),
    signingAlgorithm: algorithm,
    keys: {
      publicKey: pair.publicKey.toCryptoKey(algorithm, true, ['verify']),
      privateKey: pair.privateKey.toCryptoKey(algorithm, true, ['sign']),
    },
  });
  return Buffer.from(certificate.rawData).toString('base64');
}

function keyDescriptor(certificate: string, use = ' use="signing"'): string {
  return `<KeyDescriptor${use}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>\n${certificate}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`;
}

function metadata(inner: string, attributes = `entityID="${IDP}"`): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<EntityDescriptor xmlns="${METADATA}" ${attributes}><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${inner}<SingleSignOnService Binding="urn:x" Location="https://idp.example/sso"/></IDPSSODescriptor></EntityDescriptor>`;
}

describe('metadata of a SAML provider', () => {
  let good = '';
  let other = '';
  let weak = '';
  let elliptic = '';

  beforeAll(async () => {
    const tiny = generateKeyPairSync('rsa', { modulusLength: 512 });
    [good, other, weak, elliptic] = (await Promise.all(
      [PAIRS.rsa(), PAIRS.attacker(), tiny, PAIRS.p256()].map(certificateOf),
    )) as [string, string, string, string];
  });

  test('names the issuer and the certificates that its messages are verified with', () => {
    const trust = readSamlMetadata(
      metadata(keyDescriptor(good), `entityID="${IDP}" validUntil="2030-01-01T00:00:00Z"`),
    );
    expect(trust).toMatchObject({ issuer: IDP, validUntilMs: Date.parse('2030-01-01') });
    expect(judgeSaml(response(signedAssertion()), trust === undefined ? {} : { trust })).toMatchObject({
      issuer: IDP,
    });
  });

  test('may have several certificates, for one that follows another', () => {
    const trust = readSamlMetadata(metadata(keyDescriptor(other) + keyDescriptor(good, '')));
    expect(trust?.keys).toHaveLength(2);
    expect(judgeSaml(response(signedAssertion()), trust === undefined ? {} : { trust })).toMatchObject({
      issuer: IDP,
    });
  });

  test('keeps certificates for encryption out of it', () => {
    expect(
      readSamlMetadata(metadata(keyDescriptor(good) + keyDescriptor(other, ' use="encryption"')))?.keys,
    ).toHaveLength(1);
    expect(readSamlMetadata(metadata(keyDescriptor(good, ' use="encryption"')))).toBeUndefined();
  });

  test.each<[string, () => string]>([
    ['no XML', () => 'x'],
    ['nothing', () => ''],
    ['a document type', () => `<!DOCTYPE x>${metadata(keyDescriptor(good)).slice(39)}`],
    ['a byte order mark', () => `\ufeff${metadata(keyDescriptor(good))}`],
    ['no entityID', () => metadata(keyDescriptor(good), '')],
    ['no certificate', () => metadata('')],
    ['a certificate that is none', () => metadata(keyDescriptor('MIIB'))],
    ['a key of 512 bits', () => metadata(keyDescriptor(weak))],
    ['a key of another kind', () => metadata(keyDescriptor(elliptic))],
    ['a service provider instead', () => metadata(keyDescriptor(good)).replaceAll('IDPSSO', 'SPSSO')],
    [
      'two identity providers',
      () => {
        const one = metadata(keyDescriptor(good)).slice(39);
        return `<EntitiesDescriptor xmlns="${METADATA}">${one}${one}</EntitiesDescriptor>`;
      },
    ],
  ])('is not to be parsed with %s', (_name, text) => {
    expect(readSamlMetadata(text())).toBeUndefined();
  });

  test('is read once for as long as the provider stays the same', () => {
    const provider = { metadata: metadata(keyDescriptor(good)) };
    expect(samlTrustOf(provider)).toBe(samlTrustOf(provider));
    expect(samlTrustOf({ metadata: '' })).toBeUndefined();
  });
});
