/** Sessions: how long each action makes them last, who they say they are, and what their holders may ask of STS. */

import assert from 'node:assert/strict';
import { GLOBAL_ENDPOINT } from '../../../lib/aws/endpoints.ts';
import { ACTIONS } from '../../../lib/sts/actions/table.ts';
import { askFor } from '../../../lib/sts/actions/test-accounts.ts';
import { NOON_MS } from '../../../lib/sts/test-desk.ts';
import { assertError, type ErrorFacts, type Parameters, textIn } from '../answers.ts';
import { createEightPartitions, type Side } from '../eight-partitions.ts';
import { createIdentityProvider } from '../identity-provider.ts';
import { type Section, tally } from '../ledger.ts';

export const sessions: Section = {
  title: 'Sessions',
  behaviours: async () => {
    const world = createWorld(
      createEightPartitions(await createIdentityProvider(), { regions: ['us-east-1'] }),
    );
    return [
      {
        id: 'sessions.lifetime',
        behaviour: 'every action has its least, its most and its usual duration, root an hour at most',
        source: 'botocore service-2.json; @aws-sdk/client-sts 3.1173.0; IAM User Guide',
        status: 'documented',
        check: () => tally(LIFETIMES, (lifetime) => lasts(world, lifetime)),
        atLeast: 25,
      },
      {
        id: 'sessions.identity',
        behaviour: 'GetCallerIdentity names each kind of caller by ARN and user id as documented',
        source: 'IAM User Guide, table of aws:userid; probes of the real regional endpoint, July 2026',
        status: 'documented',
        check: () => tally(IDENTITIES, (identity) => isCalled(world, identity)),
        atLeast: 11,
      },
      {
        id: 'sessions.may',
        behaviour:
          'what sessions of GetSessionToken, GetFederationToken and roles may not ask of STS is refused',
        source: 'IAM User Guide, comparison of the actions that request temporary credentials',
        status: 'documented',
        check: () => tally(LIMITED, (limited) => mayNot(world, limited)),
        atLeast: 18,
      },
      {
        id: 'sessions.global',
        behaviour: 'three actions are not available at the global name, the others are',
        source: 'botocore service-2.json; boto/boto3 issue 4461 for the error',
        status: 'documented',
        check: () => tally(ACTION_NAMES, ({ name }) => atGlobalName(world, name)),
        atLeast: 12,
      },
    ];
  },
};

type World = ReturnType<typeof createWorld>;

function createWorld({ desk, sides }: ReturnType<typeof createEightPartitions>) {
  const side = sides[0];
  if (side === undefined) throw new Error('no partition');
  const { id } = side.account;
  desk.identity.plane.change(id, (account) => ({
    ...account,
    settings: { ...account.settings, outboundIssuer: '01234567-89ab-4def-8123-456789abcdef' },
  }));
  const ask = (action: string, by: string, more: Parameters = {}, host = side.host) =>
    askFor(desk, action, { ...side.parameters[action], ...more }, holderOf(side, by), host);
  return { account: id, side, ask };
}

function holderOf({ holders }: Side, kind: string) {
  const holder = holders.find((candidate) => candidate.kind === kind);
  if (holder === undefined) throw new Error(`nobody is a ${kind}`);
  return holder.credentials;
}

interface Lifetime {
  readonly name: string;
  readonly action: string;
  readonly by: string;
  readonly asked: number | undefined;
  readonly lasts: number | ErrorFacts['code'];
}

type LifetimeRow = readonly [
  action: string,
  by: string,
  ...(readonly [asked: number | undefined, lasts: number | string])[],
];

const ROWS: readonly LifetimeRow[] = [
  ['AssumeRole', 'user', [undefined, 3_600], [900, 900], [43_200, 43_200]],
  ['AssumeRole', 'role session', [undefined, 3_600], [900, 900], [3_600, 3_600], [3_601, 'ValidationError']],
  ['AssumeRole', 'user session', [undefined, 3_600], [43_200, 43_200]],
  ['AssumeRoleWithWebIdentity', 'user', [undefined, 3_600], [900, 900], [43_200, 43_200]],
  ['AssumeRoleWithSAML', 'user', [undefined, 3_600], [900, 900], [43_200, 43_200]],
  ['AssumeRoot', 'administrator', [undefined, 900], [300, 300], [900, 900], [901, 'ValidationError']],
  ...(['GetSessionToken', 'GetFederationToken'] as const).flatMap((action): LifetimeRow[] => [
    [action, 'user', [undefined, 43_200], [900, 900], [129_600, 129_600], [129_601, 'ValidationError']],
    [action, 'root', [undefined, 3_600], [900, 900], [3_600, 3_600], [43_200, 3_600], [129_600, 3_600]],
  ]),
  ['GetWebIdentityToken', 'user', [undefined, 300], [60, 60], [3_600, 3_600], [59, 'ValidationError']],
  ['GetWebIdentityToken', "session of a member's root", [900, 'AccessDenied']],
  // What is left of the role session is an hour.
  ['GetWebIdentityToken', 'role session', [3_600, 3_600]],
  ['GetScopedCredentials', 'role session', [1, 1], [3_600, 3_600], [3_601, 'InsufficientSessionLifetime']],
  ['GetScopedCredentials', 'scoped session', [900, 900], [901, 'InsufficientSessionLifetime']],
  ['GetWebIdentityToken', 'scoped session', [900, 900], [901, 'SessionDurationEscalationException']],
];

const LIFETIMES: readonly Lifetime[] = ROWS.flatMap(([action, by, ...cases]) =>
  cases.map(([asked, lasting]) => ({
    name: `${action} by ${by}, ${asked ?? 'nothing'} asked`,
    action,
    by,
    asked,
    lasts: lasting,
  })),
);

function lasts({ ask }: World, { action, by, asked, lasts: expected }: Lifetime): void {
  const { body, errorCode } = ask(action, by, asked === undefined ? {} : { DurationSeconds: String(asked) });
  if (typeof expected === 'string') {
    assert.equal(errorCode, expected, body);
    return;
  }
  const expires = Date.parse(textIn(body, 'Expiration') ?? '');
  assert.equal((expires - NOON_MS) / 1_000, expected, body);
}

interface IdentityCase {
  readonly name: string;
  readonly arn: string;
  readonly userId: RegExp;
}

const IDENTITIES: readonly IdentityCase[] = [
  { name: 'root', arn: 'iam::ACCOUNT:root', userId: /^ACCOUNT$/ },
  { name: 'root session', arn: 'iam::ACCOUNT:root', userId: /^ACCOUNT$/ },
  { name: 'user', arn: 'iam::ACCOUNT:user/app', userId: /^AIDA\w{17}$/ },
  { name: 'user session', arn: 'iam::ACCOUNT:user/app', userId: /^AIDA\w{17}$/ },
  { name: 'administrator', arn: 'iam::ACCOUNT:user/admin', userId: /^AIDA\w{17}$/ },
  { name: 'federated user', arn: 'sts::ACCOUNT:federated-user/Bob', userId: /^ACCOUNT:Bob$/ },
  ...[
    'role session',
    'chained role session',
    'scoped session',
    'session by web identity',
    'role session of version 1',
  ].map((name) => ({
    name,
    arn: 'sts::ACCOUNT:assumed-role/app/game-day',
    userId: /^AROA\w{17}:game-day$/,
  })),
  { name: 'session by SAML', arn: 'sts::ACCOUNT:assumed-role/app/alice', userId: /^AROA\w{17}:alice$/ },
];

function isCalled({ account, ask }: World, { name, arn, userId }: IdentityCase): void {
  const { body } = ask('GetCallerIdentity', name);
  assert.equal(textIn(body, 'Arn'), `arn:aws:${arn.replace('ACCOUNT', account)}`);
  assert.match((textIn(body, 'UserId') ?? '').replace(account, 'ACCOUNT'), userId);
  assert.equal(textIn(body, 'Account'), account);
}

interface Limited {
  readonly name: string;
  readonly by: string;
  readonly action: string;
}

/** Signed actions that holders of each kind may not call, whatever their policies say. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'role session': ['GetFederationToken', 'GetSessionToken'],
  'session by SAML': ['GetFederationToken', 'GetSessionToken'],
  'session by web identity': ['GetFederationToken', 'GetSessionToken'],
  'user session': [
    'AssumeRoot',
    'DecodeAuthorizationMessage',
    'GetAccessKeyInfo',
    'GetFederationToken',
    'GetSessionToken',
    'GetWebIdentityToken',
  ],
  'federated user': [
    'AssumeRole',
    'AssumeRoot',
    'DecodeAuthorizationMessage',
    'GetAccessKeyInfo',
    'GetFederationToken',
    'GetSessionToken',
    'GetWebIdentityToken',
  ],
  root: ['AssumeRole', 'AssumeRoot'],
  'root session': ['AssumeRole'],
};

const LIMITED: readonly Limited[] = Object.entries(REFUSED).flatMap(([by, actions]) =>
  actions.map((action) => ({ name: `${action} by ${by}`, by, action })),
);

function mayNot({ ask }: World, { by, action }: Limited): void {
  const { body, errorCode, served } = ask(action, by);
  assert.deepEqual([served.answer.status, errorCode], [403, 'AccessDenied'], body);
}

const ACTION_NAMES = [...ACTIONS.keys()].map((name) => ({ name }));
const REGIONAL_ONLY = ['AssumeRoot', 'GetScopedCredentials', 'GetWebIdentityToken'];

function atGlobalName({ ask }: World, action: string): void {
  const by = action === 'GetScopedCredentials' ? 'role session' : 'administrator';
  const answer = ask(action, by, {}, GLOBAL_ENDPOINT.host);
  if (REGIONAL_ONLY.includes(action)) {
    assertError(answer, {
      status: 400,
      code: 'InvalidAction',
      message: 'Unknown Operation',
      namespace: 'fault',
    });
  } else assert.notEqual(answer.errorCode, 'InvalidAction', answer.body);
}
