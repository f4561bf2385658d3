import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { issuerIdOf } from '../../identity/issuer-id.ts';
import { NOW_SECONDS, PAIRS } from './jwt-forge.fixture.ts';
import { createOutboundKeys, type OutboundKeys } from './outbound-keys.ts';
import {
  discoveryDocument,
  type OutboundOrder,
  outboundIssuer,
  outboundKeySet,
  signOutboundToken,
} from './outbound-token.ts';

const ORDER: OutboundOrder = {
  issuer: outboundIssuer(issuerIdOf('111122223333')),
  principalArn: 'arn:aws:iam::111122223333:role/app',
  account: '111122223333',
  region: 'eu-west-1',
  audiences: ['my-app'],
  algorithm: 'ES384',
  issuedSeconds: NOW_SECONDS,
  durationSeconds: 300,
  tokenId: '01234567-89ab-cdef-0123-456789abcdef',
};

const KEYS: OutboundKeys = { rsa: PAIRS.rsa, ec: PAIRS.p384, prepare: () => Promise.resolve() };

function sign(more: Partial<OutboundOrder> = {}): string {
  const signed = signOutboundToken({ ...ORDER, ...more }, KEYS);
  if ('code' in signed) throw new Error(signed.code);
  expect(signed.expiresSeconds).toBe(NOW_SECONDS + (more.durationSeconds ?? 300));
  return signed.token;
}

describe('a token of an account', () => {
  test.each(['RS256', 'ES384'] as const)(
    'is verified by a stranger who has the published keys: %s',
    async (algorithm) => {
      const keySet = createLocalJWKSet(JSON.parse(JSON.stringify(outboundKeySet(KEYS))));
      const { payload } = await jwtVerify(sign({ algorithm }), keySet, {
        issuer: ORDER.issuer,
        audience: 'my-app',
        algorithms: [algorithm],
        currentDate: new Date(NOW_SECONDS * 1000),
      });
      expect(payload).toEqual({
        aud: 'my-app',
        sub: ORDER.principalArn,
        'https://sts.amazonaws.com/': {
          aws_account: '111122223333',
          source_region: 'eu-west-1',
          principal_id: ORDER.principalArn,
        },
        iss: ORDER.issuer,
        exp: NOW_SECONDS + 300,
        iat: NOW_SECONDS,
        jti: ORDER.tokenId,
      });
    },
  );

  test('has the header of the real ones, to the byte', () => {
    expect(sign().split('.')[0]).toBe('eyJraWQiOiJFQzM4NF8wIiwidHlwIjoiSldUIiwiYWxnIjoiRVMzODQifQ');
    expect(decodeProtectedHeader(sign({ algorithm: 'RS256' }))).toEqual({
      kid: 'RSA_0',
      typ: 'JWT',
      alg: 'RS256',
    });
  });

  test('tells of the session and its tags', () => {
    const token = sign({
      audiences: ['a', 'b'],
      sessionExpiresSeconds: NOW_SECONDS + 3600,
      organizationId: 'o-abc1234567',
      organizationPath: 'o-abc1234567/r-ab12/ou-ab12-11111111/',
      principalTags: new Map([['team', 'data']]),
      requestTags: new Map([['job', '7']]),
      sourceIdentity: 'alice',
    });
    const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(payload.aud).toEqual(['a', 'b']);
    expect(payload['https://sts.amazonaws.com/']).toMatchObject({
      org_id: 'o-abc1234567',
      ou_path: ['o-abc1234567/r-ab12/ou-ab12-11111111/'],
      principal_tags: { team: 'data' },
      request_tags: { job: '7' },
      original_session_exp: '2026-11-24T13:00:00Z',
      source_identity: 'alice',
    });
  });

  test('does not outlive the session that asked for it', () => {
    const order = { ...ORDER, sessionExpiresSeconds: NOW_SECONDS + 299 };
    expect(signOutboundToken(order, KEYS)).toMatchObject({
      status: 403,
      code: 'SessionDurationEscalationException',
    });
  });

  test('has its limits', () => {
    const requestTags = new Map(
      Array.from({ length: 50 }, (_, index) => [`${index}`.padEnd(128, 'k'), 'v'.repeat(256)]),
    );
    expect(signOutboundToken({ ...ORDER, requestTags }, KEYS)).toMatchObject({
      status: 400,
      code: 'JWTPayloadSizeExceededException',
    });
  });

  test('comes with a discovery document that leads to the keys', () => {
    expect(ORDER.issuer).toMatch(
      /^https:\/\/[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}\.tokens\.sts\.global\.api\.aws$/,
    );
    expect(discoveryDocument(ORDER.issuer)).toEqual({
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'jti', 'https://sts.amazonaws.com/'],
      id_token_signing_alg_values_supported: ['RS256', 'ES384'],
      issuer: ORDER.issuer,
      jwks_uri: `${ORDER.issuer}/.well-known/jwks.json`,
      subject_types_supported: ['public'],
    });
  });
});

describe('keys of an account', () => {
  test('are the same ones in every Region, and others in another account', async () => {
    const keysOf = createOutboundKeys();
    await keysOf('111122223333').prepare();
    expect(keysOf('111122223333').ec()).toBe(keysOf('111122223333').ec());
    expect(keysOf('111122223333').rsa()).toBe(keysOf('111122223333').rsa());
    expect(keysOf('111122223333').rsa().publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(keysOf('444455556666').ec()).not.toBe(keysOf('111122223333').ec());
  });
});
