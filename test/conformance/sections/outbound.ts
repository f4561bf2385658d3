/** GetWebIdentityToken: tokens that anyone can check against the account's keys, and that say what they should. */

import assert from 'node:assert/strict';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { regionalHost } from '../../../lib/aws/endpoints.ts';
import { era } from '../../../lib/aws/eras.ts';
import type { AccountConfig } from '../../../lib/identity/accounts.ts';
import { createIdentity } from '../../../lib/identity/identity.ts';
import {
  allow,
  HOME,
  home,
  policyOf,
  tagParameters,
  withApp,
} from '../../../lib/sts/actions/test-accounts.ts';
import { createFederation } from '../../../lib/sts/federation/federation.ts';
import { createIssuerDocuments, issuerHost } from '../../../lib/sts/federation/issuer-documents.ts';
import { outboundIssuer } from '../../../lib/sts/federation/outbound-token.ts';
import { createQuotas } from '../../../lib/sts/quotas.ts';
import { createRegionService } from '../../../lib/sts/region-service.ts';
import { createServiceFaults } from '../../../lib/sts/service-faults.ts';
import { NOON_MS, REQUEST_ID, separateKeys, signedForm } from '../../../lib/sts/test-desk.ts';
import { calling, keysOf, type Parameters, textIn } from '../answers.ts';
import { type Section, tally } from '../ledger.ts';

export const outbound: Section = {
  title: 'Tokens for others',
  behaviours: () => {
    const bank = createBank();
    return [
      {
        id: 'outbound.verifies',
        behaviour:
          "a token of either algorithm verifies against the account's published keys, for each audience",
        source: 'IAM User Guide, outbound identity federation; verified by jose',
        status: 'documented',
        check: () => tally(TOKENS, (token) => verifies(bank, token)),
        atLeast: 6,
      },
      {
        id: 'outbound.discovery',
        behaviour: 'the discovery document names the issuer, its algorithms and where its keys are',
        source: 'IAM User Guide, outbound identity federation; OpenID Connect Discovery 1.0',
        status: 'documented',
        check: () => {
          const document = bank.published('/.well-known/openid-configuration');
          assert.equal(document['issuer'], ISSUER);
          assert.equal(document['jwks_uri'], `${ISSUER}/.well-known/jwks.json`);
          assert.deepEqual(document['id_token_signing_alg_values_supported'], ['RS256', 'ES384']);
          const kids = bank.keys().keys.map(({ kid }) => kid);
          assert.deepEqual(kids, ['RSA_0', 'EC384_0']);
        },
      },
      {
        id: 'outbound.not-taken-back',
        behaviour: 'AWS does not take its own tokens for web identities',
        source: 'IAM User Guide, outbound identity federation',
        status: 'documented',
        check: async () => {
          const token = await bank.token({});
          const answer = await bank.ask('AssumeRoleWithWebIdentity', {
            RoleArn: `arn:aws:iam::${HOME}:role/app`,
            RoleSessionName: 'game-day',
            WebIdentityToken: token,
          });
          assert.equal(textIn(answer.body, 'Code'), 'InvalidIdentityToken', answer.body);
        },
      },
    ];
  },
};

const ISSUER_ID = '01234567-89ab-4def-8123-456789abcdef';
const ISSUER = outboundIssuer(ISSUER_ID);
const AUDIENCE = 'https://service.example';
const HOST = regionalHost('eu-west-1');

interface TokenCase {
  readonly name: string;
  readonly parameters: Parameters;
  readonly algorithm: 'RS256' | 'ES384';
  readonly audiences: readonly string[];
  readonly check: (payload: JWTPayload, own: Readonly<Record<string, unknown>>) => void;
}

const SEVERAL = { 'Audience.member.1': AUDIENCE, 'Audience.member.2': 'https://other.example' };

const TOKENS: readonly TokenCase[] = (['RS256', 'ES384'] as const).flatMap((algorithm): TokenCase[] => [
  {
    name: `${algorithm}, one audience`,
    parameters: { SigningAlgorithm: algorithm },
    algorithm,
    audiences: [AUDIENCE],
    check: ({ aud, sub, iss, iat, exp, jti }, own) => {
      assert.deepEqual([aud, iss, sub], [AUDIENCE, ISSUER, `arn:aws:iam::${HOME}:user/app`]);
      assert.deepEqual([iat, exp], [NOON_MS / 1_000, NOON_MS / 1_000 + 300]);
      assert.equal(typeof jti, 'string');
      assert.deepEqual([own['aws_account'], own['source_region']], [HOME, 'eu-west-1']);
    },
  },
  {
    name: `${algorithm}, several audiences for an hour`,
    parameters: { SigningAlgorithm: algorithm, ...SEVERAL, DurationSeconds: '3600' },
    algorithm,
    audiences: Object.values(SEVERAL),
    check: ({ aud, iat = 0, exp = 0 }) => {
      assert.deepEqual(aud, Object.values(SEVERAL));
      assert.equal(exp - iat, 3_600);
    },
  },
  {
    name: `${algorithm}, with tags`,
    parameters: { SigningAlgorithm: algorithm, ...tagParameters([['team', 'blue']]) },
    algorithm,
    audiences: [AUDIENCE],
    check: (_payload, own) => assert.deepEqual(own['request_tags'], { team: 'blue' }),
  },
]);

type Bank = ReturnType<typeof createBank>;

/** One Region, and the keys of the account that calls it. */
function createBank() {
  const may = { policies: { anything: policyOf(allow('sts:*')) } };
  const account: AccountConfig = withApp(home(), may);
  const clock = (): number => 0;
  const identity = createIdentity(
    {
      era: era('2026'),
      accounts: [account],
      sealKeys: separateKeys(),
      replicaDelayMs: { minimum: 0, maximum: 0 },
    },
    clock,
  );
  identity.plane.change(HOME, (before) => ({
    ...before,
    settings: { ...before.settings, outboundIssuer: ISSUER_ID },
  }));
  const federation = createFederation(clock);
  const service = createRegionService({
    region: 'eu-west-1',
    identity,
    faults: createServiceFaults(['eu-west-1'], clock),
    quotas: createQuotas(undefined, clock),
    federation,
  });
  const app = account.users.find(({ name }) => name === 'app');
  if (app === undefined) throw new Error('no app');
  const ask = async (action: string, parameters: Parameters) => {
    const http = signedForm({
      host: HOST,
      parameters: calling(action, parameters),
      credentials: keysOf(app),
      signingRegion: 'eu-west-1',
      atMs: NOON_MS,
    });
    const request = { http, signingRegion: 'eu-west-1', global: false, sourceIp: '', nowMs: NOON_MS };
    return (await service.answer({ ...request, requestId: REQUEST_ID })).answer;
  };
  const documents = createIssuerDocuments(HOME, identity.view('us-east-1', 'aws'), federation);
  const published = (path: string): Readonly<Record<string, unknown>> => {
    const headers = [['host', issuerHost(ISSUER_ID)]] as const;
    const http = { method: 'GET', path, query: '', headers, body: '' };
    const request = { http, signingRegion: '', global: false, sourceIp: '', nowMs: NOON_MS };
    const { answer } = documents.answer({ ...request, requestId: REQUEST_ID });
    assert.equal(answer.status, 200);
    return JSON.parse(answer.body);
  };
  return {
    ask,
    published,
    keys: (): JSONWebKeySet => published('/.well-known/jwks.json') as unknown as JSONWebKeySet,
    token: async (parameters: Parameters): Promise<string> => {
      const usual = { 'Audience.member.1': AUDIENCE, SigningAlgorithm: 'RS256' };
      const { body } = await ask('GetWebIdentityToken', { ...usual, ...parameters });
      return textIn(body, 'WebIdentityToken') ?? assert.fail(body);
    },
  };
}

async function verifies(bank: Bank, { parameters, algorithm, audiences, check }: TokenCase): Promise<void> {
  const token = await bank.token(parameters);
  const keys = createLocalJWKSet(bank.keys());
  for (const audience of audiences) {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: ISSUER,
      audience,
      algorithms: [algorithm],
      currentDate: new Date(NOON_MS),
    });
    assert.equal(protectedHeader.typ, 'JWT');
    check(payload, payload['https://sts.amazonaws.com/'] as Record<string, unknown>);
  }
  await assert.rejects(
    jwtVerify(token, keys, { audience: 'https://nobody.example', currentDate: new Date(NOON_MS) }),
  );
}
