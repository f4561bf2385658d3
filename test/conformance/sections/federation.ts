/** Federation end to end: roles opened by tokens and SAML responses of a registered provider, and each recorded refusal. */

import assert from 'node:assert/strict';
import { askFor, HOME, membersOf } from '../../../lib/sts/actions/test-accounts.ts';
import { NOW_SECONDS, PAIRS, type TokenOrder, token } from '../../../lib/sts/federation/jwt-forge.fixture.ts';
import {
  type AssertionOrder,
  at,
  IDP,
  type SignatureOrder,
  SUBJECT,
} from '../../../lib/sts/federation/saml-forge.fixture.ts';
import { createDesk, type Desk, type DeskOptions, sessionOf } from '../../../lib/sts/test-desk.ts';
import {
  assertAccepted,
  calling,
  type ErrorFacts,
  invalid,
  type Parameters,
  refused,
  textIn,
} from '../answers.ts';
import { type Case, judged } from '../desk-cases.ts';
import {
  accountFor,
  createIdentityProvider,
  type IdentityProvider,
  OWNER,
  samlProviderArnOf,
  samlResponseFor,
} from '../identity-provider.ts';
import { type Section, tally } from '../ledger.ts';

export const federation: Section = {
  title: 'Federation',
  behaviours: async () => {
    const provider = await createIdentityProvider();
    const withWeb = webIdentityCases(provider);
    const withSaml = samlCases(provider);
    return [
      {
        id: 'federation.web-identity',
        behaviour:
          'a token of a registered issuer opens a role that trusts it, with tags and source identity',
        source: 'IAM User Guide, OIDC federation; smithy-lang/smithy-rs, recorded traffic',
        status: 'documented',
        check: () => webIdentityWorks(createDesk(accountFor(provider))),
      },
      {
        id: 'federation.web-identity-errors',
        behaviour: 'each token that was seen to be refused is refused in the same words',
        source:
          'aws-actions/configure-aws-credentials issues 280, 357, 775; aws/aws-sdk-java-v2 issue 5709; mozilla-aws-cli issue 146; aws/aws-cli issue 7194; aws/aws-sdk-js issue 198',
        status: 'recorded',
        check: () => tally(withWeb, judged),
        atLeast: 12,
      },
      {
        id: 'federation.thumbprint',
        behaviour: "a certificate of the issuer that does not match the provider's thumbprint is refused",
        source: 'aws-actions/configure-aws-credentials issue 357',
        status: 'recorded',
        check: () => ({
          skip: 'issuers are never connected to: their keys are configured or come from loopback, where there is no certificate to compare',
        }),
      },
      {
        id: 'federation.saml',
        behaviour: 'a SAML response of a registered provider opens a role that trusts it',
        source: 'IAM User Guide, SAML federation; STS API reference',
        status: 'documented',
        check: () => samlWorks(createDesk(accountFor(provider))),
      },
      {
        id: 'federation.saml-errors',
        behaviour: 'each response that was seen to be refused is refused in the same words',
        source:
          'gimme-aws-creds issue 251; saml2aws issue 759; aws-google-auth issues 178, 270; azure-docs issue 45025; okta-aws-cli-assume-role issue 307',
        status: 'recorded',
        check: () => tally(withSaml, judged),
        atLeast: 11,
      },
    ];
  },
};

const ROLE = `arn:aws:iam::${HOME}:role/app`;
const WEB = 'AssumeRoleWithWebIdentity';
const SAML = 'AssumeRoleWithSAML';

function webRequest(order: TokenOrder = {}, more: Parameters = {}): Parameters {
  return { RoleArn: ROLE, RoleSessionName: 'game-day', WebIdentityToken: token(order), ...more };
}

function samlRequest(
  order: AssertionOrder = {},
  more: Parameters = {},
  signature?: SignatureOrder,
): Parameters {
  return {
    RoleArn: ROLE,
    PrincipalArn: samlProviderArnOf(OWNER),
    SAMLAssertion: samlResponseFor(OWNER, ROLE, { assertion: order, ...(signature && { signature }) }),
    ...more,
  };
}

const TAGS = {
  'https://aws.amazon.com/tags': { principal_tags: { team: ['blue'] }, transitive_tag_keys: ['team'] },
  'https://aws.amazon.com/source_identity': 'Jane',
};

function webIdentityWorks(desk: Desk): void {
  const plain = askFor(desk, WEB, webRequest(), 'none');
  assertAccepted(plain);
  assert.equal(textIn(plain.body, 'SubjectFromWebIdentityToken'), 'repo:example/app:ref:main');
  assert.equal(textIn(plain.body, 'Audience'), 'sts.amazonaws.com');
  assert.equal(textIn(plain.body, 'Provider'), 'https://issuer.example/tenant');
  assert.equal(
    desk.ask({ credentials: sessionOf(plain) }).arn,
    `arn:aws:sts::${HOME}:assumed-role/app/game-day`,
  );
  const tagged = askFor(desk, WEB, webRequest({ claims: TAGS }), 'none');
  assert.equal(textIn(tagged.body, 'SourceIdentity'), 'Jane');
  assert.ok(membersOf(tagged.body).includes('PackedPolicySize'), tagged.body);
  // Whoever sends a signature of their own is not asked whose it is.
  assertAccepted(askFor(desk, WEB, webRequest()));
}

function samlWorks(desk: Desk): void {
  const answer = askFor(desk, SAML, samlRequest(), 'none');
  assertAccepted(answer);
  assert.equal(textIn(answer.body, 'Subject'), SUBJECT);
  assert.equal(textIn(answer.body, 'SubjectType'), 'persistent');
  assert.equal(textIn(answer.body, 'Issuer'), IDP);
  assert.equal(textIn(answer.body, 'Audience'), 'https://signin.aws.amazon.com/saml');
  assert.equal(
    desk.ask({ credentials: sessionOf(answer) }).arn,
    `arn:aws:sts::${HOME}:assumed-role/app/alice`,
  );
  const session = ` SessionNotOnOrAfter="${at(1_200)}"`;
  const shorter = askFor(desk, SAML, samlRequest({ session }), 'none');
  assert.equal(textIn(shorter.body, 'Expiration'), '2026-11-24T12:20:00Z');
}

const notAuthorized = (action: string): ErrorFacts => refused(`Not authorized to perform sts:${action}`);
const invalidToken = (message: string): ErrorFacts => ({
  status: 400,
  code: 'InvalidIdentityToken',
  message,
});
const expired = (message: string): ErrorFacts => ({ status: 400, code: 'ExpiredTokenException', message });
const NO_KEY = invalidToken(
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
);
const OVER_ROLE = invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');

function asking(
  action: string,
  name: string,
  desk: DeskOptions,
  parameters: Parameters,
  error: ErrorFacts,
): Case {
  return { name, desk, ask: () => ({ parameters: calling(action, parameters), credentials: 'none' }), error };
}

function webIdentityCases(provider: IdentityProvider): readonly Case[] {
  const usual = accountFor(provider);
  const { keys: _keys, ...keyless } = provider.oidc;
  const fetched = accountFor({ ...provider, oidc: { ...keyless, keysUrl: 'http://127.0.0.1:9/keys' } });
  const unreachable = (error: Error): DeskOptions => ({ ...fetched, fetchText: () => Promise.reject(error) });
  const web = (
    name: string,
    order: TokenOrder,
    error: ErrorFacts,
    more: Parameters = {},
    desk = usual,
  ): Case => asking(WEB, name, desk, webRequest(order, more), error);
  const late = NOW_SECONDS - 3_055;
  return [
    web('a role that is not there', {}, notAuthorized(WEB), { RoleArn: `${ROLE}s` }),
    web(
      'a role that trusts the provider with SAML only',
      {},
      notAuthorized(WEB),
      {},
      accountFor(provider, { actions: `sts:${SAML}` }),
    ),
    web(
      'a token that has expired',
      { claims: { exp: late, iat: late - 60 } },
      expired(
        `Token expired: current date/time ${NOW_SECONDS} must be before the expiration date/time ${late}`,
      ),
    ),
    web(
      'a token of the day before yesterday that has not',
      { claims: { iat: NOW_SECONDS - 153_938 } },
      expired('Token too old: 153938'),
    ),
    web(
      'an issuer that is not registered',
      { claims: { iss: 'https://oidc.eks.eu-west-1.amazonaws.com/id/E' } },
      invalidToken(
        'No OpenIDConnect provider found in your account for https://oidc.eks.eu-west-1.amazonaws.com/id/E',
      ),
    ),
    web('another audience', { claims: { aud: 'somebody else' } }, invalidToken('Incorrect token audience')),
    web('a key that the issuer does not have', { header: { kid: 'other' } }, NO_KEY),
    web('keys that nobody can fetch', {}, NO_KEY, {}, fetched),
    web('keys at an address that does not answer', {}, NO_KEY, {}, unreachable(new Error('refused'))),
    web(
      'a legacy provider',
      {},
      {
        status: 403,
        code: 'IDPRejectedClaim',
        message: 'graph.facebook.com: graph.facebook.com responded with HTTP/1.1 400 Bad Request',
      },
      { ProviderId: 'graph.facebook.com' },
    ),
    web(
      'more than the role allows',
      {},
      OVER_ROLE,
      { DurationSeconds: '3601' },
      accountFor(provider, { maximum: 3_600 }),
    ),
    web('an ARN of no form', {}, invalid('nothing-valid-in-here is invalid'), {
      RoleArn: 'nothing-valid-in-here',
    }),
    web(
      'a Region that is switched off',
      {},
      {
        status: 403,
        code: 'RegionDisabledException',
        message: `STS is not activated in this region for account:${HOME}. Your account administrator can activate STS in this region using the IAM Console.`,
      },
      {},
      accountFor(provider, { change: { disabledRegions: ['eu-west-1'] } }),
    ),
  ];
}

function samlCases(provider: IdentityProvider): readonly Case[] {
  const usual = accountFor(provider);
  const saml = (name: string, parameters: Parameters, error: ErrorFacts, desk = usual): Case =>
    asking(SAML, name, desk, parameters, error);
  const named = (...values: string[]): AssertionOrder => ({
    attributes: [
      [':Role', `${ROLE},${samlProviderArnOf(OWNER)}`],
      ...(values.length > 0 ? [[':RoleSessionName', ...values] as const] : []),
    ],
  });
  const WRONG_NAME = invalidToken('RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}');
  return [
    saml(
      'a role that trusts the provider with web identity only',
      samlRequest(),
      notAuthorized(SAML),
      accountFor(provider, { actions: `sts:${WEB}` }),
    ),
    saml(
      'a role that the response does not name',
      samlRequest({
        attributes: [
          [':Role', `${ROLE}s,${samlProviderArnOf(OWNER)}`],
          [':RoleSessionName', 'alice'],
        ],
      }),
      notAuthorized(SAML),
    ),
    saml(
      'role and provider the wrong way round',
      samlRequest({}, { RoleArn: samlProviderArnOf(OWNER), PrincipalArn: ROLE }),
      invalid('Request ARN is invalid'),
    ),
    saml(
      'a provider that is not there',
      samlRequest({}, { PrincipalArn: `${samlProviderArnOf(OWNER)}s` }),
      invalidToken("Specified provider doesn't exist"),
    ),
    saml(
      'a response of more than five minutes ago',
      samlRequest({ issueInstant: at(-301) }),
      expired('Token must be redeemed within 5 minutes of issuance'),
    ),
    saml(
      'a response that has expired',
      samlRequest({ notOnOrAfter: at(-1) }),
      expired('Response has expired'),
    ),
    saml(
      'a signature of somebody else',
      samlRequest({}, {}, { pair: PAIRS.attacker() }),
      invalidToken('Response signature invalid'),
    ),
    saml('a session name with a space', samlRequest(named('Alice B')), WRONG_NAME),
    saml('a session name of 65', samlRequest(named('a'.repeat(65))), WRONG_NAME),
    saml(
      'no session name',
      samlRequest(named()),
      invalidToken('RoleSessionName is required in AuthnResponse'),
    ),
    saml(
      'another audience',
      samlRequest({ audience: 'https://service.example' }),
      invalidToken('Response does not contain the required audience.'),
    ),
    saml(
      'more than the role allows',
      samlRequest({}, { DurationSeconds: '3601' }),
      OVER_ROLE,
      accountFor(provider, { maximum: 3_600 }),
    ),
  ];
}
