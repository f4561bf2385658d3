/**
 * What an identity provider's metadata says that matters here: its name, and the certificates that its messages may
 * be signed with. Read when the provider is registered and again, once, when its first response arrives.
 */

import { type KeyObject, X509Certificate } from 'node:crypto';
import { METADATA } from './saml-names.ts';
import type { XmlElement } from './xml-library.ts';
import type { XmlLimits } from './xml-scan.ts';
import { DSIG } from './xml-signature.ts';
import { attribute, childrenNamed, isNamed, leafText, parseXml, withDescendants } from './xml-tree.ts';

export interface SamlTrust {
  /** The `entityID`: the Issuer of every message. */
  readonly issuer: string;
  /** RSA keys of the signing certificates, at least one. */
  readonly keys: readonly KeyObject[];
  /** `validUntil` of the document, epoch milliseconds. */
  readonly validUntilMs?: number;
}

/**
 * `undefined` when IAM would say that it cannot parse the document: no XML, no identity provider, no certificate of
 * RSA with at least 1024 bits (DOCS), a byte order mark (DOCS). Certificates are taken whatever their dates: what AWS
 * does with expired ones is not known. Total.
 */
export function readSamlMetadata(text: string): SamlTrust | undefined {
  const root = parseXml(text, METADATA_LIMITS);
  if (root === undefined) return undefined;
  const entities = withDescendants(root).filter((element) => isNamed(element, METADATA, 'EntityDescriptor'));
  const providers = entities.filter(
    (entity) => childrenNamed(entity, METADATA, 'IDPSSODescriptor').length > 0,
  );
  const [provider, another] = providers;
  const issuer = provider && attribute(provider, 'entityID');
  if (provider === undefined || another !== undefined || !issuer) return undefined;
  const keys = keysOf(provider);
  if (keys === undefined || keys.length === 0) return undefined;
  const validUntilMs = Date.parse(attribute(provider, 'validUntil') ?? '');
  return { issuer, keys, ...(Number.isNaN(validUntilMs) ? {} : { validUntilMs }) };
}

/** As {@link readSamlMetadata}, remembered for as long as the registered provider is the same one. */
export function samlTrustOf(provider: { readonly metadata: string }): SamlTrust | undefined {
  if (!TRUSTS.has(provider)) TRUSTS.set(provider, readSamlMetadata(provider.metadata));
  return TRUSTS.get(provider);
}

const TRUSTS = new WeakMap<object, SamlTrust | undefined>();

const METADATA_LIMITS: XmlLimits = {
  // IAM takes ten million; what is really sent has some ten thousand.
  characters: 1_000_000,
  depth: 64,
  elements: 20_000,
  names: 200,
  attributes: 50_000,
  references: 10_000,
  comments: 10_000,
};

const LEAST_RSA_BITS = 1024;
const MOST_RSA_BITS = 8192;

/** `undefined` when one of the certificates cannot be used. */
function keysOf(provider: XmlElement): readonly KeyObject[] | undefined {
  const keys: KeyObject[] = [];
  for (const descriptor of childrenNamed(provider, METADATA, 'IDPSSODescriptor')) {
    for (const keyDescriptor of childrenNamed(descriptor, METADATA, 'KeyDescriptor')) {
      const use = attribute(keyDescriptor, 'use');
      if (use !== undefined && use !== 'signing') continue;
      const certificates = withDescendants(keyDescriptor).filter((element) =>
        isNamed(element, DSIG, 'X509Certificate'),
      );
      for (const certificate of certificates) {
        const key = keyOfCertificate(leafText(certificate) ?? '');
        if (key === undefined) return undefined;
        keys.push(key);
      }
    }
  }
  return keys;
}

function keyOfCertificate(base64: string): KeyObject | undefined {
  try {
    const { publicKey } = new X509Certificate(Buffer.from(base64, 'base64'));
    const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
    const isUsable = publicKey.asymmetricKeyType === 'rsa' && bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS;
    return isUsable ? publicKey : undefined;
  } catch {
    // Not a certificate.
    return undefined;
  }
}
