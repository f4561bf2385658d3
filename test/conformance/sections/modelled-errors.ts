/** Modelled errors: each that the service model gives to an action is brought about and has its code and status. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withEntry } from '../../../lib/identity/state.ts';
import { HOME, tagParameters } from '../../../lib/sts/actions/test-accounts.ts';
import { CLIENT_ID, NOW_SECONDS, token } from '../../../lib/sts/federation/jwt-forge.fixture.ts';
import { at } from '../../../lib/sts/federation/saml-forge.fixture.ts';
import { calling, type Parameters, textIn } from '../answers.ts';
import { createEightPartitions, type EightPartitions, type Side } from '../eight-partitions.ts';
import { createIdentityProvider, type SamlOrder, samlResponseFor } from '../identity-provider.ts';
import { type Section, tally } from '../ledger.ts';
import { vectorsFolder } from '../vectors.ts';

export const modelledErrors: Section = {
  title: 'Modelled errors',
  behaviours: async () => {
    const world = createEightPartitions(await createIdentityProvider(), {
      regions: ['eu-west-1'],
      fetchText: () => Promise.reject(Object.assign(new Error('too late'), { name: 'TimeoutError' })),
    });
    const side = world.sides[0];
    if (side === undefined) throw new Error('no partition');
    prepare(world, side);
    return [
      {
        id: 'errors.modelled',
        behaviour: 'each error of each action can be met, with the code and status of the model',
        source: 'botocore service-2.json; @aws-sdk/client-sts 3.1173.0 for GetScopedCredentials',
        status: 'modelled',
        check: () => tally(provocations(side), (provocation) => met(world, side, provocation)),
        atLeast: 28,
      },
      {
        id: 'errors.all-of-them',
        behaviour: 'the model gives the actions no error but those, and a few that nobody knows how to meet',
        source: 'botocore service-2.json',
        status: 'modelled',
        check: () => {
          const folder = vectorsFolder('sts');
          if (typeof folder !== 'string') return folder;
          const provoked = new Set(provocations(side).map(({ name }) => name));
          for (const { action, code, status } of errorsIn(folder)) {
            const name = `${action}: ${code} ${status}`;
            assert.ok(provoked.has(name) || UNMET.has(name), `nothing brings about ${name}`);
          }
          return undefined;
        },
      },
    ];
  },
};

/** In the model, and nobody knows what brings them about. */
const UNMET: ReadonlySet<string> = new Set([
  // Of the token of a caller this code is ExpiredToken, 403; no other token is given to these two.
  'AssumeRole: ExpiredTokenException 400',
  'AssumeRoot: ExpiredTokenException 400',
  // Nobody has a trade-in token.
  'GetDelegatedAccessToken: PackedPolicyTooLarge 400',
]);

interface ModelFile {
  readonly operations: Readonly<Record<string, { readonly errors?: readonly { readonly shape: string }[] }>>;
  readonly shapes: Readonly<
    Record<string, { readonly error?: { readonly code: string; readonly httpStatusCode: number } }>
  >;
}

function errorsIn(folder: string): { action: string; code: string; status: number }[] {
  const { operations, shapes } = JSON.parse(
    readFileSync(join(folder, 'service-2.json'), 'utf8'),
  ) as ModelFile;
  return Object.entries(operations).flatMap(([action, { errors = [] }]) =>
    errors.map(({ shape }) => {
      const { code = shape, httpStatusCode: status = 0 } = shapes[shape]?.error ?? {};
      return { action, code, status };
    }),
  );
}

interface Provocation {
  /** `AssumeRole: PackedPolicyTooLarge 400`. */
  readonly name: string;
  readonly action: string;
  readonly more: Parameters;
  readonly by: string;
  readonly host: string;
  /** Whether outbound federation is enabled, where it matters. */
  readonly outbound?: true;
}

const SWITCHED_OFF = 'sts.eu-west-1.amazonaws.com';
const TOO_MANY_TAGS = tagParameters(
  Array.from({ length: 40 }, (_, index) => [`key-${index}`, `${index}`.repeat(100)] as const),
);
const TAGGED_TOKEN = token({
  claims: {
    'https://aws.amazon.com/tags': {
      principal_tags: Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [`key-${index}`, [`${index}`.repeat(100)]]),
      ),
    },
  },
});

const LARGEST_TAGS = tagParameters(
  Array.from({ length: 50 }, (_, index) => [`${index}`.padEnd(128, 'k'), 'v'.repeat(256)] as const),
);

function provocations({ account, roleArn, host }: Side): readonly Provocation[] {
  const saml = (order: SamlOrder): Parameters => ({
    SAMLAssertion: samlResponseFor(account, roleArn, order),
  });
  const one = (
    action: string,
    error: string,
    more: Parameters = {},
    by = 'user',
    at = host,
  ): Provocation => ({
    name: `${action}: ${error}`,
    action,
    more,
    by,
    host: at,
  });
  const BAD_POLICY: Parameters = { Policy: '{"Version":"2012-10-17"}' };
  const fat = Array.from({ length: 40 }, (_, index) => [
    `https://aws.amazon.com/SAML/Attributes/PrincipalTag:key-${index}`,
    `${index}`.repeat(100),
  ]) as [string, string][];
  const attributes = [
    [':Role', `${roleArn},arn:aws:iam::${HOME}:saml-provider/Corp`],
    [':RoleSessionName', 'alice'],
    ...fat,
  ] as [string, string][];
  return [
    one('AssumeRole', 'MalformedPolicyDocument 400', BAD_POLICY),
    one('AssumeRole', 'PackedPolicyTooLarge 400', TOO_MANY_TAGS),
    one('AssumeRole', 'RegionDisabledException 403', {}, 'user', SWITCHED_OFF),
    one('AssumeRole', 'InvalidContextAssertion 400', {
      'ProvidedContexts.member.1.ProviderArn': 'arn:aws:iam::aws:contextProvider/IdentityCenter',
      'ProvidedContexts.member.1.ContextAssertion': 'assertion',
    }),
    one('AssumeRoleWithSAML', 'MalformedPolicyDocument 400', BAD_POLICY),
    one('AssumeRoleWithSAML', 'PackedPolicyTooLarge 400', saml({ assertion: { attributes } })),
    one(
      'AssumeRoleWithSAML',
      'IDPRejectedClaim 403',
      saml({ response: { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' } }),
    ),
    one('AssumeRoleWithSAML', 'InvalidIdentityToken 400', { SAMLAssertion: 'PHNhbWw+' }),
    one('AssumeRoleWithSAML', 'ExpiredTokenException 400', saml({ assertion: { notOnOrAfter: at(-60) } })),
    one('AssumeRoleWithSAML', 'RegionDisabledException 403', {}, 'user', SWITCHED_OFF),
    one('AssumeRoleWithWebIdentity', 'MalformedPolicyDocument 400', BAD_POLICY),
    one('AssumeRoleWithWebIdentity', 'PackedPolicyTooLarge 400', { WebIdentityToken: TAGGED_TOKEN }),
    one('AssumeRoleWithWebIdentity', 'IDPRejectedClaim 403', { ProviderId: 'www.amazon.com' }),
    one('AssumeRoleWithWebIdentity', 'IDPCommunicationError 400', {
      WebIdentityToken: token({ claims: { iss: SLOW } }),
    }),
    one('AssumeRoleWithWebIdentity', 'InvalidIdentityToken 400', { WebIdentityToken: 'a.b.c' }),
    one('AssumeRoleWithWebIdentity', 'ExpiredTokenException 400', {
      WebIdentityToken: token({ claims: { exp: NOW_SECONDS - 1 } }),
    }),
    one('AssumeRoleWithWebIdentity', 'RegionDisabledException 403', {}, 'user', SWITCHED_OFF),
    one('AssumeRoot', 'RegionDisabledException 403', {}, 'administrator', SWITCHED_OFF),
    one('DecodeAuthorizationMessage', 'InvalidAuthorizationMessageException 400'),
    one('GetDelegatedAccessToken', 'ExpiredTradeInTokenException 400'),
    one('GetDelegatedAccessToken', 'RegionDisabledException 403', {}, 'user', SWITCHED_OFF),
    one('GetFederationToken', 'MalformedPolicyDocument 400', BAD_POLICY),
    one('GetFederationToken', 'PackedPolicyTooLarge 400', TOO_MANY_TAGS),
    one('GetFederationToken', 'RegionDisabledException 403', {}, 'user', SWITCHED_OFF),
    one('GetSessionToken', 'RegionDisabledException 403', {}, 'user', SWITCHED_OFF),
    one('GetWebIdentityToken', 'OutboundWebIdentityFederationDisabledException 403'),
    {
      ...one(
        'GetWebIdentityToken',
        'SessionDurationEscalationException 403',
        { DurationSeconds: '3600' },
        'scoped session',
      ),
      outbound: true,
    },
    { ...one('GetWebIdentityToken', 'JWTPayloadSizeExceededException 400', LARGEST_TAGS), outbound: true },
    one('GetScopedCredentials', 'MalformedPolicyDocument 400', BAD_POLICY, 'role session'),
    one(
      'GetScopedCredentials',
      'InsufficientSessionLifetime 400',
      { DurationSeconds: '129600' },
      'role session',
    ),
    one('GetScopedCredentials', 'InvalidSubjectCredentials 400'),
  ];
}

const SLOW = 'https://slow.example';

/** Switches Europe off for the account and its member, and registers an issuer whose keys never come. */
function prepare({ desk }: EightPartitions, { account, parameters }: Side): void {
  const member = parameters['AssumeRoot']?.['TargetPrincipal'] ?? '';
  for (const id of [account.id, member]) {
    desk.identity.switchRegion({ account: id, region: 'eu-west-1', active: false });
  }
  const arn = `arn:aws:iam::${account.id}:oidc-provider/slow.example`;
  const slow = {
    arn,
    url: SLOW,
    clientIds: [CLIENT_ID],
    thumbprints: [],
    createdMs: 0,
    keysUrl: 'http://127.0.0.1:9/keys',
    tags: new Map<string, string>(),
  };
  desk.identity.plane.change(account.id, (before) => ({
    ...before,
    oidcProviders: withEntry(before.oidcProviders, arn, slow),
  }));
}

async function met({ desk }: EightPartitions, side: Side, provocation: Provocation): Promise<void> {
  const { name, action, more, by, host, outbound } = provocation;
  desk.identity.plane.change(
    side.account.id,
    ({ settings: { outboundIssuer: _was, ...settings }, ...account }) => ({
      ...account,
      settings: { ...settings, ...(outbound && { outboundIssuer: '01234567-89ab-4def-8123-456789abcdef' }) },
    }),
  );
  const holder = side.holders.find(({ kind }) => kind === by);
  if (holder === undefined) throw new Error(`nobody is a ${by}`);
  const parameters = calling(action, { ...side.parameters[action], ...more });
  const { body, served } = await desk.askLater({ credentials: holder.credentials, parameters, host });
  assert.equal(`${action}: ${textIn(body, 'Code')} ${served.answer.status}`, name, body);
  assert.equal(textIn(body, 'Type'), 'Sender');
}
