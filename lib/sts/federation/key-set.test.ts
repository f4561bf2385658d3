import { describe, expect, test } from 'vitest';
import { jwk, KEYS, PAIRS } from './jwt-forge.fixture.ts';
import { type JsonWebKey, keySetOf, parseKeySet } from './key-set.ts';

function setOf(...keys: readonly JsonWebKey[]): ReturnType<typeof parseKeySet> {
  return parseKeySet(JSON.stringify({ keys }));
}

describe('a key set', () => {
  test('finds a key by its id, for the algorithms it is bound to', () => {
    const set = setOf(...KEYS());
    expect(set?.find('RS256', 'r')).toMatchObject({
      type: 'RSA',
      algorithms: ['RS256'],
      signatureBytes: 256,
    });
    expect(set?.find('RS512', 'r')).toBe('unusable');
    expect(set?.find('ES256', 'e')).toMatchObject({ type: 'EC', algorithms: ['ES256'], signatureBytes: 64 });
    expect(set?.find('RS256', 'nobody')).toBeUndefined();
  });

  test('finds a key without an id where it is the only one of its kind', () => {
    const set = setOf(...KEYS());
    expect(set?.find('ES384', undefined)).toMatchObject({ algorithms: ['ES384'] });
    expect(setOf(jwk(PAIRS.rsa()), jwk(PAIRS.attacker()))?.find('RS256', undefined)).toBeUndefined();
  });

  test('keeps keys for other purposes and uses them for none', () => {
    const set = setOf(jwk(PAIRS.rsa(), { kid: 'enc', use: 'enc' }), jwk(PAIRS.ed25519(), { kid: 'ed' }));
    expect(set?.find('RS256', 'enc')).toBe('unusable');
    expect(set?.find('RS256', 'ed')).toBe('unusable');
  });

  test.each<[string, string]>([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no keys', '{}'],
    ['keys that are no list', '{"keys":{}}'],
    ['a key that is no object', '{"keys":[1]}'],
    ['keys named twice', '{"keys":[],"keys":[]}'],
    ['a kid that is a number', '{"keys":[{"kty":"RSA","kid":1}]}'],
    ['too many keys', JSON.stringify({ keys: Array.from({ length: 201 }, () => ({ kty: 'RSA' })) })],
  ])('is none with %s', (_name, text) => {
    expect(parseKeySet(text)).toBeUndefined();
  });

  test('is compiled once for one configuration', () => {
    const keys = KEYS();
    expect(keySetOf(keys)).toBe(keySetOf(keys));
  });

  test('has no use for a point that is not on its curve', () => {
    const off = { ...jwk(PAIRS.p256(), { kid: 'e' }), y: jwk(PAIRS.p256()).x };
    expect(setOf(off as JsonWebKey)?.find('ES256', 'e')).toBe('unusable');
  });
});
