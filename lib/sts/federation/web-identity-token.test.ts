import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JWT_ATTACKS } from './jwt-attacks.fixture.ts';
import {
  CLAIMS,
  CLIENT_ID,
  ecSigner,
  ISSUER,
  judge,
  jwk,
  KEYS,
  NOW_SECONDS,
  outcomeOf,
  PAIRS,
  rsaSigner,
  token,
} from './jwt-forge.fixture.ts';
import { createProviderKeys } from './provider-keys.ts';
import { verifyWebIdentityToken } from './web-identity-token.ts';

describe('a web identity token', () => {
  test('says who its bearer is, and under which condition keys', () => {
    const identity = judge(
      token({ claims: { aud: ['other', CLIENT_ID], amr: ['a', 'b'], Actor: 'octocat', n: 1 } }),
    );
    expect(identity).toMatchObject({
      issuer: ISSUER,
      subject: 'repo:example/app:ref:main',
      audience: CLIENT_ID,
      expiresSeconds: NOW_SECONDS + 300,
      principalTags: [],
      transitiveTagKeys: [],
    });
    const keys = 'conditionKeys' in identity ? Object.fromEntries(identity.conditionKeys) : {};
    expect(keys).toEqual({
      'issuer.example/tenant:iss': [ISSUER],
      'issuer.example/tenant:sub': ['repo:example/app:ref:main'],
      'issuer.example/tenant:aud': [CLIENT_ID],
      'issuer.example/tenant:oaud': ['other', CLIENT_ID],
      'issuer.example/tenant:amr': ['a', 'b'],
      'issuer.example/tenant:actor': ['octocat'],
    });
  });

  test.each([
    ['RS256', 'r', rsaSigner(PAIRS.rsa())],
    ['ES256', 'e', ecSigner(PAIRS.p256(), 'sha256')],
    ['ES384', 'e3', ecSigner(PAIRS.p384(), 'sha384')],
    ['ES512', 'e5', ecSigner(PAIRS.p521(), 'sha512')],
  ] as const)('may be signed with %s', (alg, kid, signer) => {
    expect(outcomeOf(token({ header: { alg, kid }, signer }))).toBe('accepted');
  });

  test.each(['RS384', 'RS512'])('may be signed with %s by a key bound to none', (alg) => {
    const signer = rsaSigner(PAIRS.rsa(), alg === 'RS384' ? 'sha384' : 'sha512');
    expect(outcomeOf(token({ header: { alg }, signer }), [jwk(PAIRS.rsa(), { kid: 'r' })])).toBe('accepted');
  });

  test('needs no kid where only one key can have signed it', () => {
    expect(outcomeOf(token({ header: { kid: undefined } }))).toBe('accepted');
  });

  test('is heard in the audience it was issued to, where it says so', () => {
    const identity = judge(token({ claims: { aud: 'somebody', azp: 'app' } }));
    expect(identity).toMatchObject({ audience: 'app' });
    expect('conditionKeys' in identity && identity.conditionKeys.get('issuer.example/tenant:oaud')).toEqual([
      'somebody',
    ]);
  });

  test('carries session tags and a source identity', () => {
    const claims = {
      'https://aws.amazon.com/tags': {
        principal_tags: { Project: ['Automation'], Cost: [''] },
        transitive_tag_keys: ['Project'],
      },
      'https://aws.amazon.com/source_identity': 'alice@example.com',
    };
    expect(judge(token({ claims }))).toMatchObject({
      principalTags: [
        ['Project', 'Automation'],
        ['Cost', ''],
      ],
      transitiveTagKeys: ['Project'],
      sourceIdentity: 'alice@example.com',
    });
  });

  test('may carry its tags as one claim each', () => {
    const claims = {
      'https://aws.amazon.com/tags/principal_tags/Project': 'Automation',
      'https://aws.amazon.com/tags/transitive_tag_keys': ['Project'],
    };
    expect(judge(token({ claims }))).toMatchObject({
      principalTags: [['Project', 'Automation']],
      transitiveTagKeys: ['Project'],
    });
  });

  const VERIFICATION =
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";
  const NOT_A_JWT =
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)';

  test.each<[string, () => string, string, string]>([
    [
      'of an issuer nobody registered',
      () => token({ claims: { iss: 'https://x.example' } }),
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for https://x.example',
    ],
    [
      'for somebody else',
      () => token({ claims: { aud: 'x' } }),
      'InvalidIdentityToken',
      'Incorrect token audience',
    ],
    [
      'without a subject',
      () => token({ claims: { sub: undefined } }),
      'InvalidIdentityToken',
      'Missing a required claim: sub',
    ],
    [
      'without an audience',
      () => token({ claims: { aud: undefined } }),
      'InvalidIdentityToken',
      'Missing a required claim: aud',
    ],
    [
      'by a key nobody published',
      () => token({ header: { kid: 'x' } }),
      'InvalidIdentityToken',
      VERIFICATION,
    ],
    ['that is none', () => 'Atza|opaque', 'InvalidIdentityToken', NOT_A_JWT],
    [
      'that has expired',
      () => token({ claims: { exp: NOW_SECONDS - 5 } }),
      'ExpiredTokenException',
      `Token expired: current date/time ${NOW_SECONDS} must be before the expiration date/time ${NOW_SECONDS - 5}`,
    ],
    [
      'that is too old',
      () => token({ claims: { iat: NOW_SECONDS - 153_938 } }),
      'ExpiredTokenException',
      'Token too old: 153938',
    ],
    [
      'with a source identity that is none',
      () => token({ claims: { 'https://aws.amazon.com/source_identity': 'a b' } }),
      'InvalidIdentityToken',
      'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
    ],
  ])('%s is refused in the words of STS', (_name, forge, code, message) => {
    expect(judge(forge())).toEqual({ status: 400, code, message });
  });

  test('counts as too old only after a day', () => {
    expect(outcomeOf(token({ claims: { iat: NOW_SECONDS - 86_400 } }))).toBe('accepted');
    expect(outcomeOf(token({ claims: { iat: NOW_SECONDS - 86_401 } }))).toBe('refused');
  });

  test('keeps the slash at the end of its issuer', () => {
    const url = 'https://tenant.auth.example/';
    const identity = judge(token({ claims: { iss: url } }), { url });
    expect('conditionKeys' in identity && identity.conditionKeys.get('tenant.auth.example/:aud')).toEqual([
      CLIENT_ID,
    ]);
  });
});

describe('an issuer', () => {
  test('is never one of those that the service itself is for others', () => {
    const url = 'https://0c0ffee0-0000-4000-a000-000000000000.tokens.sts.global.api.aws';
    expect(judge(token({ claims: { iss: url } }), { url })).toMatchObject({ code: 'InvalidIdentityToken' });
  });

  test('is the one that was asked for, whatever the look-up gives', () => {
    const provider = { url: ISSUER, clientIds: [CLIENT_ID], keys: KEYS() };
    const trust = {
      find: () => provider,
      keys: createProviderKeys({ clock: () => 0 }),
      nowSeconds: NOW_SECONDS,
    };
    const verdict = verifyWebIdentityToken(token({ claims: { iss: `${ISSUER}/` } }), trust);
    expect(verdict).toMatchObject({ code: 'InvalidIdentityToken' });
  });

  test('whose keys must be fetched makes a promise of the answer', async () => {
    const provider = { url: ISSUER, clientIds: [CLIENT_ID], keysUrl: 'http://127.0.0.1:1/keys' };
    const keys = createProviderKeys({
      clock: () => 0,
      fetchText: () => Promise.resolve(JSON.stringify({ keys: KEYS() })),
    });
    const trust = { find: () => provider, keys, nowSeconds: NOW_SECONDS };
    const first = verifyWebIdentityToken(token(), trust);
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toMatchObject({ issuer: ISSUER });
    expect(verifyWebIdentityToken(token(), trust)).toMatchObject({ issuer: ISSUER });
  });
});

describe('attacks on web identity tokens', () => {
  test('are many', () => {
    expect(JWT_ATTACKS.length).toBeGreaterThan(90);
    expect(new Set(JWT_ATTACKS.map(({ name }) => name)).size).toBe(JWT_ATTACKS.length);
  });

  test.each(JWT_ATTACKS.map((attack) => [attack.name, attack] as const))('%s is refused', (_name, attack) => {
    expect(attack.run()).toBe('refused');
  });

  test('a token changed in any one character is refused', () => {
    const good = token();
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom(...'AQgw_-.=x'), (at, character) => {
        const changed = good.slice(0, at) + character + good.slice(at + 1);
        return changed === good || outcomeOf(changed) === 'refused';
      }),
      { numRuns: 1_000 },
    );
  });

  test('whatever is signed, the answer is an identity or an error', () => {
    fc.assert(
      fc.property(fc.object(), fc.string(), (claims, text) => {
        const verdicts = [judge(token({ claims: { ...CLAIMS, ...claims } })), judge(text)];
        return verdicts.every((verdict) => 'code' in verdict || 'subject' in verdict);
      }),
      { numRuns: 200 },
    );
  });
});
