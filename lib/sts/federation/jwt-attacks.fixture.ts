/** What attackers send as an OpenID Connect token. All of it must be refused, by whatever error. */

import type { Attack } from './attacks.fixture.ts';
import {
  CLAIMS,
  ecSigner,
  edSigner,
  encode,
  hmacSigner,
  ISSUER,
  jwk,
  KEYS,
  NOW_SECONDS,
  outcomeOf,
  PAIRS,
  rsaSigner,
  type Signer,
  type TokenOrder,
  token,
} from './jwt-forge.fixture.ts';
import type { JsonWebKey } from './key-set.ts';

type Forged = string | { readonly token: string; readonly keys: readonly JsonWebKey[] };

function attack(name: string, forge: () => Forged): Attack {
  return {
    kind: 'jwt',
    name,
    run: () => {
      const forged = forge();
      return typeof forged === 'string' ? outcomeOf(forged) : outcomeOf(forged.token, forged.keys);
    },
  };
}

const unsigned: Signer = () => '';
const byAttacker: Signer = (input) => rsaSigner(PAIRS.attacker())(input);
const pem = (): string => PAIRS.rsa().publicKey.export({ type: 'spki', format: 'pem' }).toString();

function withHeader(header: NonNullable<TokenOrder['header']>, signer?: Signer): () => string {
  return () => token({ header, ...(signer === undefined ? {} : { signer }) });
}

function withClaims(claims: NonNullable<TokenOrder['claims']>): () => string {
  return () => token({ claims });
}

/** The parts of a good token, to be put together wrongly. */
function remade(make: (header: string, payload: string, signature: string) => string): () => string {
  return () => {
    const [header = '', payload = '', signature = ''] = token().split('.');
    return make(header, payload, signature);
  };
}

function withKey(key: () => JsonWebKey, header: object = {}, signer?: Signer): () => Forged {
  return () => ({
    token: token({ header: { ...header }, ...(signer === undefined ? {} : { signer }) }),
    keys: [key()],
  });
}

const ALGORITHMS: readonly Attack[] = [
  ...['none', 'None', 'NONE', 'nOnE', ''].map((alg) =>
    attack(`alg '${alg}' without a signature`, withHeader({ alg }, unsigned)),
  ),
  attack('alg none with a good signature', withHeader({ alg: 'none' })),
  attack('no alg', withHeader({ alg: undefined })),
  attack('alg as a list', withHeader({ alg: ['RS256'] })),
  attack('alg of a prototype', withHeader({ alg: 'constructor' })),
  attack('HS256 with the public key as PEM for a secret', () =>
    token({ header: { alg: 'HS256' }, signer: hmacSigner(pem()) }),
  ),
  attack('HS256 with the trimmed PEM', () =>
    token({ header: { alg: 'HS256' }, signer: hmacSigner(pem().trim()) }),
  ),
  attack('HS256 with the public key as DER', () =>
    token({
      header: { alg: 'HS256' },
      signer: hmacSigner(PAIRS.rsa().publicKey.export({ type: 'spki', format: 'der' })),
    }),
  ),
  attack('HS256 with the modulus', () =>
    token({ header: { alg: 'HS256' }, signer: hmacSigner(String(KEYS()[0]?.n)) }),
  ),
  attack('HS256 with an empty secret', withHeader({ alg: 'HS256' }, hmacSigner(''))),
  attack('HS384 with the PEM', () =>
    token({ header: { alg: 'HS384' }, signer: hmacSigner(pem(), 'sha384') }),
  ),
  attack('HS512 with the PEM', () =>
    token({ header: { alg: 'HS512' }, signer: hmacSigner(pem(), 'sha512') }),
  ),
  attack('PS256, which STS does not take', () => {
    const padding = { padding: 6, saltLength: 32 };
    return token({ header: { alg: 'PS256' }, signer: rsaSigner(PAIRS.rsa(), 'sha256', padding) });
  }),
  attack('a PSS signature called RS256', () => {
    const padding = { padding: 6, saltLength: 32 };
    return token({ signer: rsaSigner(PAIRS.rsa(), 'sha256', padding) });
  }),
  attack('EdDSA, which STS does not take', () => ({
    token: token({ header: { alg: 'EdDSA', kid: 'd' }, signer: edSigner(PAIRS.ed25519()) }),
    keys: [jwk(PAIRS.ed25519(), { kid: 'd' })],
  })),
  attack('RS512 by a key bound to RS256', () =>
    token({ header: { alg: 'RS512' }, signer: rsaSigner(PAIRS.rsa(), 'sha512') }),
  ),
  attack('ES256 named, an RSA key meant', withHeader({ alg: 'ES256' })),
  attack('RS256 named, an elliptic key meant', withHeader({ kid: 'e' })),
  attack('ES384 by a key of P-256', () =>
    token({ header: { alg: 'ES384', kid: 'e' }, signer: ecSigner(PAIRS.p256(), 'sha384') }),
  ),
  attack('ES256 in DER', () =>
    token({ header: { alg: 'ES256', kid: 'e' }, signer: ecSigner(PAIRS.p256(), 'sha256', 'der') }),
  ),
  attack(
    'ES256 of two zeros',
    withHeader({ alg: 'ES256', kid: 'e' }, () => encode(Buffer.alloc(64))),
  ),
];

const KEY_CHOICE: readonly Attack[] = [
  attack('a key of the attacker under the name of the issuer’s', withHeader({}, byAttacker)),
  attack('jwk: the attacker’s key in the header', () =>
    token({ header: { jwk: jwk(PAIRS.attacker()) }, signer: byAttacker }),
  ),
  attack('jwk, and a kid that nobody has', () =>
    token({ header: { kid: 'x', jwk: jwk(PAIRS.attacker(), { kid: 'x' }) }, signer: byAttacker }),
  ),
  attack('jku: where the attacker’s keys are', withHeader({ jku: 'http://127.0.0.1:9/keys' }, byAttacker)),
  attack('x5u: where the attacker’s certificate is', withHeader({ x5u: 'https://a.example/c' }, byAttacker)),
  attack('x5c: a certificate in the header', withHeader({ x5c: ['MIIB'], x5t: 'x' }, byAttacker)),
  attack(
    'kid as a path to an empty file',
    withHeader({ alg: 'HS256', kid: '../../../dev/null' }, hmacSigner('')),
  ),
  attack('kid as a path', withHeader({ kid: '/proc/self/environ' }, byAttacker)),
  attack('kid as a query', withHeader({ kid: "x' UNION SELECT 'k" }, byAttacker)),
  attack('kid as a command', withHeader({ kid: 'r|id' }, byAttacker)),
  attack('kid __proto__', withHeader({ kid: '__proto__' }, byAttacker)),
  attack('kid constructor', withHeader({ kid: 'constructor' }, byAttacker)),
  attack('kid as a number', withHeader({ kid: 0 }, byAttacker)),
  attack('kid as a list', withHeader({ kid: ['r'] })),
  attack('kid with a NUL behind it', withHeader({ kid: 'r\0' })),
  attack('no kid among several keys of a kind', () => ({
    token: token({ header: { kid: undefined } }),
    keys: [jwk(PAIRS.rsa(), { kid: 'r' }), jwk(PAIRS.attacker(), { kid: 'a' })],
  })),
  attack('two keys of one kid', () => ({
    token: token({ signer: byAttacker }),
    keys: [...KEYS(), jwk(PAIRS.attacker(), { kid: 'r' })],
  })),
  attack('a set that holds a private key', () => ({
    token: token(),
    keys: [...KEYS(), { ...PAIRS.attacker().privateKey.export({ format: 'jwk' }), kid: 'p' }],
  })),
  attack('a set that holds a secret', () => ({
    token: token(),
    keys: [...KEYS(), { kty: 'oct', k: 'c2VjcmV0', kid: 's' }],
  })),
  attack(
    'a secret of the set',
    withKey(() => ({ kty: 'oct', k: '', kid: 'r' }), { alg: 'HS256' }, hmacSigner('')),
  ),
  attack('a key of 1024 bits', () => ({
    token: token({ signer: rsaSigner(PAIRS.weak()) }),
    keys: [jwk(PAIRS.weak(), { kid: 'r' })],
  })),
  attack(
    'an exponent of one',
    withKey(() => ({ ...jwk(PAIRS.rsa(), { kid: 'r' }), e: 'AQ' })),
  ),
  attack(
    'a key for encryption',
    withKey(() => jwk(PAIRS.rsa(), { kid: 'r', use: 'enc' })),
  ),
  attack(
    'a key that may only sign',
    withKey(() => jwk(PAIRS.rsa(), { kid: 'r', key_ops: ['sign'] })),
  ),
  attack(
    'a key bound to RSA-OAEP',
    withKey(() => jwk(PAIRS.rsa(), { kid: 'r', alg: 'RSA-OAEP' })),
  ),
];

const FORM: readonly Attack[] = [
  attack('crit: something we do not know', withHeader({ crit: ['exp'], exp: 1 })),
  attack('crit and b64: false', withHeader({ crit: ['b64'], b64: false })),
  attack('alg twice in the header', () => token({ headerText: '{"alg":"none","alg":"RS256","kid":"r"}' })),
  attack('sub twice in the payload', () =>
    token({ payloadText: `${JSON.stringify(CLAIMS).slice(0, -1)},"sub":"repo:evil/app"}` }),
  ),
  attack('sub twice, once in escapes', () =>
    token({ payloadText: `${JSON.stringify(CLAIMS).slice(0, -1)},"s\\u0075b":"repo:evil/app"}` }),
  ),
  attack('iss twice', () =>
    token({ payloadText: `{"iss":"https://evil.example",${JSON.stringify(CLAIMS).slice(1)}` }),
  ),
  attack('a payload that is a list', () => token({ payloadText: `[${JSON.stringify(CLAIMS)}]` })),
  attack('something behind the payload', () => token({ payloadText: `${JSON.stringify(CLAIMS)}{}` })),
  attack('a byte order mark before the payload', () =>
    token({ payloadText: `\ufeff${JSON.stringify(CLAIMS)}` }),
  ),
  attack('bytes that are no UTF-8', () =>
    token({ payloadText: Buffer.concat([Buffer.from('{"x":"'), Buffer.of(0xff), Buffer.from('"}')]) }),
  ),
  attack('a header of 15,000 brackets', () => token({ headerText: '['.repeat(7000) + ']'.repeat(7000) })),
  attack(
    'the signature left out',
    remade((header, payload) => `${header}.${payload}.`),
  ),
  attack(
    'the signature and its dot left out',
    remade((header, payload) => `${header}.${payload}`),
  ),
  attack(
    'a fourth part',
    remade((...parts) => `${parts.join('.')}.`),
  ),
  attack(
    'five parts, as of an encrypted token',
    remade((...parts) => `${parts.join('.')}..`),
  ),
  attack(
    'JSON serialization',
    remade((header, payload, signature) => JSON.stringify({ protected: header, payload, signature })),
  ),
  attack(
    'padding',
    remade((...parts) => `${parts.join('.')}==`),
  ),
  attack(
    'a space within',
    remade((header, payload, signature) => `${header}. ${payload}.${signature}`),
  ),
  attack(
    'a line break behind',
    remade((...parts) => `${parts.join('.')}\n`),
  ),
  attack(
    'bits left over in the signature',
    remade((header, payload, signature) => {
      const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const next = last[last.indexOf(signature.slice(-1)) + 1] ?? 'B';
      return `${header}.${payload}.${signature.slice(0, -1)}${next}`;
    }),
  ),
  attack(
    'another payload',
    remade(
      (header, _payload, signature) =>
        `${header}.${encode(JSON.stringify({ ...CLAIMS, sub: 'repo:evil/app' }))}.${signature}`,
    ),
  ),
  attack(
    'another header',
    remade(
      (_header, payload, signature) =>
        `${encode('{"alg":"RS256","kid":"r","typ":"at+jwt"}')}.${payload}.${signature}`,
    ),
  ),
  attack(
    'a signature of zeros',
    withHeader({}, () => encode(Buffer.alloc(256))),
  ),
  attack(
    'a signature that is too long',
    withHeader({}, (input) =>
      encode(Buffer.concat([Buffer.of(0), Buffer.from(rsaSigner(PAIRS.rsa())(input), 'base64url')])),
    ),
  ),
  attack('more than 20,000 characters', withClaims({ filler: 'x'.repeat(15_000) })),
  attack('nothing', () => ''),
  attack('two dots', () => '..'),
];

const MEANING: readonly Attack[] = [
  ...[
    `${ISSUER}/`,
    ISSUER.replace('https', 'http'),
    ISSUER.toUpperCase(),
    `${ISSUER}@evil.example`,
    'https://evil.example',
    ` ${ISSUER}`,
    'https://0c0ffee0-0000-4000-a000-000000000000.tokens.sts.global.api.aws',
  ].map((iss) => attack(`iss '${iss}'`, withClaims({ iss }))),
  attack('iss as a list', withClaims({ iss: [ISSUER] })),
  attack('an audience of somebody else', withClaims({ aud: 'somebody-else' })),
  attack('an audience that only begins alike', withClaims({ aud: 'sts.amazonaws.com.evil.example' })),
  attack('an audience within a list within a list', withClaims({ aud: [['sts.amazonaws.com']] })),
  attack('an audience as an object', withClaims({ aud: { 0: 'sts.amazonaws.com', length: 1 } })),
  attack('no audience', withClaims({ aud: undefined })),
  attack('an empty list of audiences', withClaims({ aud: [] })),
  attack('issued to somebody else', withClaims({ azp: 'somebody-else' })),
  attack('expired this second', withClaims({ exp: NOW_SECONDS })),
  attack('no expiry', withClaims({ exp: undefined })),
  attack('an expiry as text', withClaims({ exp: String(NOW_SECONDS + 300) })),
  attack('an expiry with a fraction', withClaims({ exp: NOW_SECONDS + 300.5 })),
  attack('an expiry with an exponent', () =>
    token({ payloadText: JSON.stringify(CLAIMS).replace(/"exp":\d+/, '"exp":9e99') }),
  ),
  attack('issued two days ago', withClaims({ iat: NOW_SECONDS - 172_800 })),
  attack('issued tomorrow', withClaims({ iat: NOW_SECONDS + 86_400, exp: NOW_SECONDS + 90_000 })),
  attack('not to be used before tomorrow', withClaims({ nbf: NOW_SECONDS + 86_400 })),
  attack('a subject as a number', withClaims({ sub: 123_456 })),
  attack('a subject of 256 characters', withClaims({ sub: 's'.repeat(256) })),
  attack(
    'a tag with two values',
    withClaims({ 'https://aws.amazon.com/tags': { principal_tags: { a: ['1', '2'] } } }),
  ),
  attack('tags that are a list', withClaims({ 'https://aws.amazon.com/tags': ['a'] })),
  attack('a source identity of aws:', withClaims({ 'https://aws.amazon.com/source_identity': 'aws:root' })),
];

export const JWT_ATTACKS: readonly Attack[] = [...ALGORITHMS, ...KEY_CHOICE, ...FORM, ...MEANING];
