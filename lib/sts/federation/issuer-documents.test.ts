import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { era as eraNamed } from '../../aws/eras.ts';
import { createIdentity } from '../../identity/identity.ts';
import { issuerIdOf } from '../../identity/issuer-id.ts';
import { defaultAccounts } from '../../identity/world-accounts.ts';
import { createFederation } from './federation.ts';
import { createIssuerDocuments, issuerHost } from './issuer-documents.ts';
import { outboundIssuer, signOutboundToken } from './outbound-token.ts';

const ACCOUNT = '111122223333';
const ISSUER = outboundIssuer(issuerIdOf(ACCOUNT));

function fixture(enabled: boolean) {
  const identity = createIdentity(
    {
      era: eraNamed('2026'),
      accounts: defaultAccounts(['aws'], 7),
      sealKeys: { aws: 'ab'.repeat(32) },
      replicaDelayMs: { minimum: 0, maximum: 0 },
    },
    () => 0,
  );
  if (enabled) {
    identity.plane.change(ACCOUNT, (account) => ({
      ...account,
      settings: { ...account.settings, outboundIssuer: account.issuerId },
    }));
  }
  const federation = createFederation(() => 0);
  const documents = createIssuerDocuments(ACCOUNT, identity.view('us-east-1', 'aws'), federation);
  const get = (path: string, method = 'GET') =>
    documents.answer({
      http: { method, path, query: '', headers: [['host', issuerHost(issuerIdOf(ACCOUNT))]], body: '' },
      signingRegion: '',
      global: false,
      sourceIp: '127.0.0.1',
      nowMs: 0,
      requestId: '',
    }).answer;
  return { get, federation };
}

test('a stranger verifies a token of the account with what its issuer publishes', async () => {
  const { get, federation } = fixture(true);
  const discovery = JSON.parse(get('/.well-known/openid-configuration').body);
  expect(discovery).toMatchObject({ issuer: ISSUER, jwks_uri: `${ISSUER}/.well-known/jwks.json` });
  const keys = createLocalJWKSet(JSON.parse(get('/.well-known/jwks.json').body));
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const signed = signOutboundToken(
    {
      issuer: ISSUER,
      principalArn: `arn:aws:iam::${ACCOUNT}:user/app`,
      account: ACCOUNT,
      region: 'eu-west-1',
      audiences: ['my-app'],
      algorithm: 'ES384',
      issuedSeconds: nowSeconds,
      durationSeconds: 300,
      tokenId: 'one',
    },
    federation.outboundKeysOf(ACCOUNT),
  );
  if ('code' in signed) throw new Error(signed.code);
  const { payload } = await jwtVerify(signed.token, keys, { issuer: ISSUER, audience: 'my-app' });
  expect(payload.sub).toBe(`arn:aws:iam::${ACCOUNT}:user/app`);
});

test('an issuer publishes nothing while the account has not enabled it, and nothing else ever', () => {
  expect(fixture(false).get('/.well-known/jwks.json').status).toBe(404);
  expect(fixture(true).get('/').status).toBe(404);
  expect(fixture(true).get('/.well-known/jwks.json', 'POST').status).toBe(404);
});
