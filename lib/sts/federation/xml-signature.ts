/**
 * Enveloped XML signatures as SAML allows them, and none of what else XML Signature could be: one reference to the
 * element that the signature stands in, by its unique ID, exclusive canonicalization, RSA over SHA-2. `xml-crypto`
 * does the canonicalization; this file decides before whether there is anything it should look at, lends it only
 * these algorithms, and keeps it from ever reading a key out of the message. SHA-1 is refused: collisions are cheap.
 *
 * What comes out is the canonical text that was signed. Whoever reads anything reads it from there.
 */

import { createHash, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { signedXml, type XmlElement } from './xml-library.ts';
import {
  attribute,
  attributesOf,
  childrenOf,
  isElement,
  isNamed,
  leafText,
  withDescendants,
} from './xml-tree.ts';

export interface SignedElement {
  /** Of the element that carries the signature. */
  readonly id: string;
  readonly name: string;
  /** Canonical; the signature itself is taken out. */
  readonly text: string;
}

/**
 * Every signature of the document, verified; `undefined` when there is none, or one of them is not in order. An
 * element signed is the parent of its signature. Total.
 *
 * @param text The document that `root` was parsed from.
 * @param keys RSA keys, any of which may have signed.
 */
export function verifySignatures(
  text: string,
  root: XmlElement,
  keys: readonly KeyObject[],
): readonly SignedElement[] | undefined {
  const elements = withDescendants(root);
  if (!haveUniqueIds(elements)) return undefined;
  const signatures = elements.filter((element) => isNamed(element, DSIG, 'Signature'));
  if (signatures.length === 0 || signatures.length > MOST_SIGNATURES) return undefined;
  const signed: SignedElement[] = [];
  for (const signature of signatures) {
    const element = verifyOne(text, signature, keys);
    if (element === undefined) return undefined;
    signed.push(element);
  }
  return new Set(signed.map(({ id }) => id)).size === signed.length ? signed : undefined;
}

export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
/** The response and its assertion. */
const MOST_SIGNATURES = 2;
const ENVELOPED = `${DSIG}enveloped-signature`;
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

const SIGNATURE_METHODS: ReadonlyMap<string | undefined, string> = new Map([
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', 'sha512'],
]);

const DIGEST_METHODS: ReadonlyMap<string | undefined, string> = new Map([
  ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
]);

function verifyOne(
  text: string,
  signature: XmlElement,
  keys: readonly KeyObject[],
): SignedElement | undefined {
  const { parentNode } = signature;
  const parent = parentNode !== null && isElement(parentNode) ? parentNode : undefined;
  const id = parent && attribute(parent, 'ID');
  if (parent === undefined || id === undefined || !/^[A-Za-z_][\w.-]*$/.test(id)) return undefined;
  const plan = readSignature(signature, id);
  if (plan === undefined) return undefined;
  const library = new (signedXml())({
    publicCert: 'the keys are in the algorithm',
    getCertFromKeyInfo: () => null,
  });
  library.idAttributes = ['ID'];
  const { [EXCLUSIVE]: exclusive, [ENVELOPED]: enveloped } = library.CanonicalizationAlgorithms;
  library.CanonicalizationAlgorithms = { [EXCLUSIVE]: exclusive, [ENVELOPED]: enveloped };
  library.HashAlgorithms = { [plan.digestUri]: digestClass(plan.digest) };
  library.SignatureAlgorithms = { [plan.methodUri]: signatureClass(plan, keys) };
  try {
    library.loadSignature(signature);
    if (!library.checkSignature(text)) return undefined;
  } catch {
    // However the library says no.
    return undefined;
  }
  const [canonical, another] = library.getSignedReferences();
  if (canonical === undefined || another !== undefined) return undefined;
  return { id, name: parent.localName, text: canonical };
}

interface SignaturePlan {
  readonly methodUri: string;
  readonly hash: string;
  readonly digestUri: string;
  readonly digest: string;
  readonly value: Buffer;
}

/** What the signature says of itself, if it says exactly what is allowed; in this order and nothing besides. */
function readSignature(signature: XmlElement, id: string): SignaturePlan | undefined {
  const [info, valueElement, keyInfo, more] = childrenOf(signature);
  if (!isPart(info, 'SignedInfo') || !isPart(valueElement, 'SignatureValue')) return undefined;
  if ((keyInfo !== undefined && !isPart(keyInfo, 'KeyInfo')) || more !== undefined) return undefined;
  const [canonicalization, method, reference, moreInfo] = childrenOf(info);
  if (!isPart(canonicalization, 'CanonicalizationMethod') || !isPart(method, 'SignatureMethod'))
    return undefined;
  if (!isPart(reference, 'Reference') || moreInfo !== undefined) return undefined;
  const [transforms, digestMethod, digestValue, moreReference] = childrenOf(reference);
  if (!isPart(transforms, 'Transforms') || !isPart(digestMethod, 'DigestMethod')) return undefined;
  if (!isPart(digestValue, 'DigestValue') || moreReference !== undefined) return undefined;
  const [first, second, third] = childrenOf(transforms);
  const inOrder =
    attribute(reference, 'URI') === `#${id}` &&
    isExclusive(canonicalization) &&
    isPart(first, 'Transform') &&
    attribute(first, 'Algorithm') === ENVELOPED &&
    childrenOf(first).length === 0 &&
    isPart(second, 'Transform') &&
    isExclusive(second) &&
    third === undefined &&
    childrenOf(method).length === 0 &&
    childrenOf(digestMethod).length === 0;
  const methodUri = attribute(method, 'Algorithm');
  const digestUri = attribute(digestMethod, 'Algorithm');
  const hash = SIGNATURE_METHODS.get(methodUri);
  const digest = DIGEST_METHODS.get(digestUri);
  const value = decodeLeaf(valueElement);
  if (!inOrder || value === undefined || decodeLeaf(digestValue) === undefined) return undefined;
  if (methodUri === undefined || digestUri === undefined || hash === undefined || digest === undefined)
    return undefined;
  return { methodUri, hash, digestUri, digest, value };
}

function isPart(element: XmlElement | undefined, name: string): element is XmlElement {
  return element !== undefined && isNamed(element, DSIG, name);
}

/** Without comments; a list of prefixes that count as used is the one thing it may hold. */
function isExclusive(element: XmlElement): boolean {
  if (attribute(element, 'Algorithm') !== EXCLUSIVE) return false;
  const [prefixes, more] = childrenOf(element);
  if (prefixes === undefined) return true;
  return (
    more === undefined &&
    isNamed(prefixes, EXCLUSIVE, 'InclusiveNamespaces') &&
    childrenOf(prefixes).length === 0
  );
}

/** Text alone, canonical base64 when its line breaks are taken out. */
function decodeLeaf(element: XmlElement): Buffer | undefined {
  const text = leafText(element)?.replaceAll(/[ \t\r\n]/g, '');
  if (text === undefined || text === '') return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function haveUniqueIds(elements: readonly XmlElement[]): boolean {
  const seen = new Set<string>();
  for (const element of elements) {
    for (const { localName, value } of attributesOf(element)) {
      if (localName.toLowerCase() !== 'id') continue;
      if (seen.has(value)) return false;
      seen.add(value);
    }
  }
  return true;
}

function digestClass(hash: string): unknown {
  return class {
    getHash = (canonical: string): string => createHash(hash).update(canonical, 'utf8').digest('base64');
  };
}

/** The value comes from our own reading of it, and must be the one that the library found. */
function signatureClass({ hash, value }: SignaturePlan, keys: readonly KeyObject[]): unknown {
  return class {
    verifySignature = (canonical: string, _key: unknown, found: string): boolean => {
      const bytes = Buffer.from(found, 'base64');
      if (bytes.length !== value.length || !timingSafeEqual(bytes, value)) return false;
      const input = Buffer.from(canonical, 'utf8');
      return keys.some((key) => verify(hash, input, key, value));
    };
  };
}
