/**
 * What attackers send as a SAML response. All of it must be refused, or, where a change touches nothing that was
 * signed, must leave the identity as the provider signed it.
 */

import type { Attack } from './attacks.fixture.ts';
import { PAIRS } from './jwt-forge.fixture.ts';
import { SAML_CONTENT_ATTACKS } from './saml-content-attacks.fixture.ts';
import {
  assertionHalves,
  DS,
  ENVELOPED,
  EVIL,
  EXC,
  GOOD,
  IDP,
  judgeSaml,
  pemOf,
  ROLE_ARN,
  response,
  type SignatureOrder,
  SUBJECT,
  signatureOf,
  signedAssertion,
  signedResponse,
  unsignedAssertion,
} from './saml-forge.fixture.ts';
import { ASSERTION } from './saml-names.ts';
import { isRefusal } from './web-identity-token.ts';

export function samlAttack(name: string, forge: () => string | Buffer): Attack {
  return {
    kind: 'saml',
    name,
    run: () => (isRefusal(judgeSaml(forge())) ? 'refused' : 'accepted'),
  };
}

/** Whoever changes what is not signed has won nothing as long as the identity stays as it was. */
function harmless(name: string, forge: () => string): Attack {
  return {
    kind: 'saml',
    name,
    run: () => {
      const identity = judgeSaml(forge());
      if (isRefusal(identity)) return 'refused';
      return identity.subject === SUBJECT && identity.sessionName === 'alice' ? 'refused' : 'accepted';
    },
  };
}

/** The good response with the signature made otherwise. */
function signedSo(name: string, order: () => SignatureOrder): Attack {
  return samlAttack(name, () => response(signedAssertion({}, order())));
}

function altered(name: string, from: string | RegExp, to: string): Attack {
  return samlAttack(name, () => {
    const changed = GOOD().replace(from, to);
    if (changed === GOOD()) throw new Error(`'${name}' changes nothing`);
    return changed;
  });
}

/** An assertion of the attacker's around or beside the signed one; `signature` is that of the signed one. */
function evilWith(inside: string): string {
  const [head, tail] = assertionHalves(EVIL);
  return head + inside + tail;
}

const [GOOD_HEAD, GOOD_TAIL] = assertionHalves();
const original = (): string => GOOD_HEAD + GOOD_TAIL;
const signature = (): string => signatureOf(original());
const inSignature = (inner: string): string =>
  signature().replace('</ds:Signature>', `${inner}</ds:Signature>`);

const WRAPPING: readonly Attack[] = [
  samlAttack('XSW1: the signed response within the signature of another', () => {
    const good = signedResponse(unsignedAssertion());
    const evil = response(unsignedAssertion(EVIL), { id: '_evil-response' });
    const seal = good.slice(good.indexOf('<ds:Signature'), good.indexOf('</ds:Signature>'));
    const inner = good.replace(/<ds:Signature.*<\/ds:Signature>/s, '');
    return evil.replace('<samlp:Status>', `${seal}${inner}</ds:Signature><samlp:Status>`);
  }),
  samlAttack('XSW2: the signed response before the signature of another', () => {
    const good = signedResponse(unsignedAssertion());
    const evil = response(unsignedAssertion(EVIL), { id: '_evil-response' });
    const seal = good.slice(good.indexOf('<ds:Signature'), good.indexOf('</ds:Signature>') + 15);
    const inner = good.replace(/<ds:Signature.*<\/ds:Signature>/s, '');
    return evil.replace('<samlp:Status>', `${inner}${seal}<samlp:Status>`);
  }),
  samlAttack('XSW3: another assertion before the signed one', () =>
    response(unsignedAssertion(EVIL) + signedAssertion()),
  ),
  samlAttack('another assertion behind the signed one', () =>
    response(signedAssertion() + unsignedAssertion(EVIL)),
  ),
  samlAttack('XSW4: the signed assertion within another', () => response(evilWith(signedAssertion()))),
  samlAttack('XSW5: the signature in another assertion, the signed one behind it', () =>
    response(evilWith(signature()) + original()),
  ),
  samlAttack('XSW6: the signed assertion within the signature of another', () =>
    response(evilWith(inSignature(original()))),
  ),
  samlAttack('XSW7: another assertion among the extensions', () =>
    response(signedAssertion(), {
      extra: `<samlp:Extensions>${unsignedAssertion({ ...EVIL, id: '_assertion' })}</samlp:Extensions>`,
    }),
  ),
  samlAttack('XSW8: the signed assertion as an object of the signature', () =>
    response(evilWith(inSignature(`<ds:Object>${original()}</ds:Object>`))),
  ),
  samlAttack('the signed assertion among the extensions, another in its place', () =>
    response(unsignedAssertion(EVIL), { extra: `<samlp:Extensions>${signedAssertion()}</samlp:Extensions>` }),
  ),
  samlAttack('the signed assertion in a namespace that hides it', () =>
    response(unsignedAssertion(EVIL), {
      extra: `<x xmlns="urn:x">${signedAssertion().replaceAll('saml:', 's:').replace('xmlns:s:', 'xmlns:s')}</x>`,
    }),
  ),
  samlAttack('another assertion in a foreign namespace', () =>
    response(signedAssertion() + unsignedAssertion(EVIL).replace(ASSERTION, 'urn:x')),
  ),
  samlAttack('the signature beside the assertion', () => response(signature() + original())),
  samlAttack('the signature among the status', () =>
    response(original()).replace('</samlp:Status>', `${signature()}</samlp:Status>`),
  ),
  samlAttack('the signature of a whole response on an assertion of the same ID', () => {
    const seal = signatureOf(response(original(), { id: '_assertion' }), { uri: '#_assertion' });
    return response(GOOD_HEAD + seal + GOOD_TAIL);
  }),
  samlAttack('two elements of one ID', () =>
    response(signedAssertion(), { extra: '<samlp:Extensions ID="_assertion"></samlp:Extensions>' }),
  ),
  samlAttack('two elements of one ID in other letters', () =>
    response(signedAssertion(), { extra: '<samlp:Extensions Id="_assertion"></samlp:Extensions>' }),
  ),
  samlAttack('two elements of one ID, one with a prefix', () =>
    response(signedAssertion(), {
      extra: '<samlp:Extensions xmlns:w="urn:w" w:Id="_assertion"></samlp:Extensions>',
    }),
  ),
  samlAttack('an encrypted assertion beside the signed one', () =>
    response(
      `${signedAssertion()}<saml:EncryptedAssertion xmlns:saml="${ASSERTION}"></saml:EncryptedAssertion>`,
    ),
  ),
  samlAttack('an assertion without a response', () => signedAssertion()),
  samlAttack('a good assertion within a response of another kind', () =>
    GOOD().replaceAll('samlp:Response', 'samlp:LogoutResponse'),
  ),
  harmless('a second statement of attributes outside the signed assertion', () =>
    response(signedAssertion(), {
      extra: `<saml:AttributeStatement xmlns:saml="${ASSERTION}"><saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"><saml:AttributeValue>admin</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`,
    }),
  ),
  harmless('a second subject outside the signed assertion', () =>
    response(signedAssertion(), {
      extra: `<saml:Subject xmlns:saml="${ASSERTION}"><saml:NameID>admin@example.com</saml:NameID></saml:Subject>`,
    }),
  ),
];

const COMMENTS: readonly Attack[] = [
  harmless('a comment in the NameID', () => GOOD().replace('example.com.staff', 'example.com<!-- -->.staff')),
  harmless('a comment at the start of the NameID', () => GOOD().replace('>alice@', '><!---->alice@')),
  harmless('a comment in the session name', () => GOOD().replace('>alice<', '>a<!--x-->lice<')),
  samlAttack('a processing instruction in the NameID', () =>
    GOOD().replace('alice@example.com.staff', '<?x alice@example.com.staff?>'),
  ),
  samlAttack('CDATA in the NameID', () => GOOD().replace(SUBJECT, `<![CDATA[${SUBJECT}]]>`)),
  altered('a comment in the digest', '<ds:DigestValue>', '<ds:DigestValue><!--x-->'),
  altered('a comment with a digest in the digest', '<ds:DigestValue>', '<ds:DigestValue><!--AAAA-->'),
  altered('a comment in the signature', '<ds:SignatureValue>', '<ds:SignatureValue><!--x-->'),
  altered('a comment in the issuer', `<saml:Issuer>${IDP}`, `<saml:Issuer>${IDP}<!--x-->`),
  altered('an element in the digest', '<ds:DigestValue>', '<ds:DigestValue><x></x>'),
];

const SIGNATURES: readonly Attack[] = [
  samlAttack('no signature', () => response(unsignedAssertion())),
  samlAttack('an empty signature', () =>
    response(`${GOOD_HEAD}<ds:Signature xmlns:ds="${DS}"></ds:Signature>${GOOD_TAIL}`),
  ),
  altered('an empty signature value', /<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>'),
  altered('no signature value', /<ds:SignatureValue>.*<\/ds:SignatureValue>/, ''),
  altered('two signature values', /(<ds:SignatureValue>.*<\/ds:SignatureValue>)/, '$1$1'),
  altered('an empty digest', /<ds:DigestValue>[^<]*/, '<ds:DigestValue>'),
  altered('two digests', /(<ds:DigestValue>.*<\/ds:DigestValue>)/, '$1$1'),
  altered('two SignedInfo', /(<ds:SignedInfo>.*<\/ds:SignedInfo>)/, '$1$1'),
  samlAttack('two SignedInfo, the first one good, the second with another digest', () => {
    const forged = signatureOf(assertionHalves({ nameId: 'admin@example.com' }).join(''), {
      pair: PAIRS.attacker(),
    });
    const info = forged.slice(forged.indexOf('<ds:SignedInfo>'), forged.indexOf('<ds:SignatureValue>'));
    const [head, tail] = assertionHalves({ nameId: 'admin@example.com' });
    return response(head + signature().replace('<ds:SignatureValue>', `${info}<ds:SignatureValue>`) + tail);
  }),
  samlAttack('a forged SignedInfo before the good one', () => {
    const forged = signatureOf(assertionHalves({ nameId: 'admin@example.com' }).join(''), {
      pair: PAIRS.attacker(),
    });
    const info = forged.slice(forged.indexOf('<ds:SignedInfo>'), forged.indexOf('<ds:SignatureValue>'));
    const [head, tail] = assertionHalves({ nameId: 'admin@example.com' });
    return response(head + signature().replace('<ds:SignedInfo>', `${info}<ds:SignedInfo>`) + tail);
  }),
  samlAttack('two signatures, one of them good', () =>
    response(GOOD_HEAD + signature() + signatureOf(original(), { pair: PAIRS.attacker() }) + GOOD_TAIL),
  ),
  samlAttack('a good assertion in a response signed by somebody else', () =>
    signedResponse(signedAssertion(), {}, { pair: PAIRS.attacker() }),
  ),
  samlAttack('an assertion signed by somebody else in a good response', () =>
    signedResponse(signedAssertion({}, { pair: PAIRS.attacker() })),
  ),
  signedSo('the key of another provider', () => ({ pair: PAIRS.attacker() })),
  signedSo('the attacker’s key as RSAKeyValue', () => {
    const { n, e } = PAIRS.attacker().publicKey.export({ format: 'jwk' });
    const standard = (text: unknown): string => Buffer.from(String(text), 'base64url').toString('base64');
    return {
      pair: PAIRS.attacker(),
      keyInfo: `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${standard(n)}</ds:Modulus><ds:Exponent>${standard(e)}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>`,
    };
  }),
  signedSo('the attacker’s key as a certificate', () => {
    const der = PAIRS.attacker().publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    return {
      pair: PAIRS.attacker(),
      keyInfo: `<ds:X509Data><ds:X509Certificate>${der}</ds:X509Certificate></ds:X509Data>`,
    };
  }),
  signedSo('a key to be fetched', () => ({
    pair: PAIRS.attacker(),
    keyInfo: '<ds:RetrievalMethod URI="http://127.0.0.1:9/key"></ds:RetrievalMethod>',
  })),
  signedSo('HMAC-SHA1 with the certificate for a secret', () => ({
    method: `${DS}hmac-sha1`,
    hash: 'sha1',
    hmacSecret: pemOf(PAIRS.rsa().publicKey),
  })),
  signedSo('HMAC-SHA256 with the certificate for a secret', () => ({
    method: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
    hmacSecret: pemOf(PAIRS.rsa().publicKey),
  })),
  signedSo('RSA-SHA1', () => ({ method: `${DS}rsa-sha1`, hash: 'sha1' })),
  signedSo('DSA named, RSA made', () => ({ method: `${DS}dsa-sha1` })),
  signedSo('a method that there is not', () => ({ method: 'constructor' })),
  signedSo('SHA-1 as the digest', () => ({ digestMethod: `${DS}sha1`, digestHash: 'sha1' })),
  signedSo('MD5 as the digest', () => ({
    digestMethod: 'http://www.w3.org/2001/04/xmldsig-more#md5',
    digestHash: 'md5',
  })),
  signedSo('SHA-512 named, SHA-256 made', () => ({
    digestMethod: 'http://www.w3.org/2001/04/xmlenc#sha512',
  })),
  signedSo('inclusive canonicalization of SignedInfo', () => ({
    canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  })),
  signedSo('canonicalization with comments', () => ({ canonicalization: `${EXC}WithComments` })),
  signedSo('no transform', () => ({ transforms: [] })),
  signedSo('only the enveloped transform', () => ({ transforms: [ENVELOPED] })),
  signedSo('only canonicalization', () => ({ transforms: [EXC] })),
  signedSo('the enveloped transform twice', () => ({ transforms: [ENVELOPED, ENVELOPED, EXC] })),
  signedSo('canonicalization with comments as a transform', () => ({
    transforms: [ENVELOPED, `${EXC}WithComments`],
  })),
  ...[
    'http://www.w3.org/TR/1999/REC-xslt-19991116',
    'http://www.w3.org/TR/1999/REC-xpath-19991116',
    'http://www.w3.org/2002/06/xmldsig-filter2',
    `${DS}base64`,
    'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  ].map((transform) =>
    signedSo(`the transform ${transform}`, () => ({ transforms: [ENVELOPED, transform, EXC] })),
  ),
  samlAttack('an XPath filter that leaves everything out', () => {
    const filter = '<ds:XPath>false()</ds:XPath></ds:Transform>';
    const alterInfo = (info: string): string => info.replace('</ds:Transform>', filter);
    return response(signedAssertion(EVIL, { alterInfo }));
  }),
  ...[
    '',
    '#',
    '#other',
    '#_response',
    'http://127.0.0.1:9/a',
    '#xpointer(/)',
    "#_assertion'] | //*['",
    '_assertion',
  ].map((uri) => signedSo(`a reference to '${uri}'`, () => ({ uri }))),
  signedSo('a reference without a URI', () => ({
    alterInfo: (info) => info.replace(' URI="#_assertion"', ''),
  })),
  signedSo('two references', () => ({
    alterInfo: (info) => info.replace(/(<ds:Reference.*<\/ds:Reference>)/, '$1$1'),
  })),
  signedSo('no reference', () => ({
    alterInfo: (info) => info.replace(/<ds:Reference.*<\/ds:Reference>/, ''),
  })),
  signedSo('a signature in a namespace of its own', () => ({
    alterSignature: (text) => text.replaceAll(DS, 'urn:not-a-signature'),
  })),
  signedSo('a signature that is none by name', () => ({
    alterSignature: (text) =>
      text.replaceAll('ds:Signature>', 'ds:Seal>').replace('<ds:Signature ', '<ds:Seal '),
  })),
  signedSo('a signature with an object', () => ({
    alterSignature: (text) => text.replace('</ds:Signature>', '<ds:Object></ds:Object></ds:Signature>'),
  })),
  signedSo('a signature that is not canonical base64', () => ({
    alterSignature: (text) => text.replace('</ds:SignatureValue>', '!</ds:SignatureValue>'),
  })),
  samlAttack('another subject', () => GOOD().replace(SUBJECT, 'admin@example.com')),
  samlAttack('another role put in', () => GOOD().replace(ROLE_ARN, `${ROLE_ARN}-admin`)),
  altered('another ID', 'ID="_assertion"', 'ID="_other"'),
  altered('a space within the signed text', '<saml:Subject>', ' <saml:Subject>'),
  altered('an attribute more', '<saml:Subject>', '<saml:Subject x="1">'),
  altered('a namespace more, and used', '<saml:Subject>', '<saml:Subject xmlns:y="urn:y" y:z="1">'),
];

export const SAML_ATTACKS: readonly Attack[] = [
  ...WRAPPING,
  ...COMMENTS,
  ...SIGNATURES,
  ...SAML_CONTENT_ATTACKS,
];
