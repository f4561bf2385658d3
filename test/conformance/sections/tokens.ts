/** Session tokens: their versions, what they show and how large they are, and what ends the session they stand for. */

import assert from 'node:assert/strict';
import type { Credentials } from '../../../lib/aws/credentials.ts';
import { ERA_NAMES, type EraName } from '../../../lib/aws/eras.ts';
import { withEntry, withoutEntry } from '../../../lib/identity/state.ts';
import {
  allow,
  askFor,
  HOME,
  home,
  policyOf,
  tagParameters,
  withApp,
} from '../../../lib/sts/actions/test-accounts.ts';
import { assuming, createDesk, type Desk, NOON_MS, sessionOf } from '../../../lib/sts/test-desk.ts';
import { createRandom } from '../../../lib/time/random.ts';
import { assertAccepted, assertError, calling, INVALID_TOKEN, textIn } from '../answers.ts';
import { app, session } from '../desk-cases.ts';
import { type Section, tally } from '../ledger.ts';

export const tokens: Section = {
  title: 'Session tokens',
  behaviours: () => [
    {
      id: 'tokens.version',
      behaviour:
        'endpoint, era and preference of the account decide the version; it shows in the first characters',
      source: 'IAM User Guide, Manage AWS STS in an AWS Region; prefixes of tokens in public threads',
      status: 'documented',
      check: () => tally(VERSIONS, hasVersion),
      atLeast: 36,
    },
    {
      id: 'tokens.second-version',
      behaviour: 'version 2 names its Region, account and time of issue in clear, in 768 characters',
      source: '36 tokens in CloudTrail records of invictus-ir/aws_dataset',
      status: 'recorded',
      check: secondVersion,
    },
    {
      id: 'tokens.first-version',
      behaviour: 'version 1 names neither Region nor account, in 280 to 420 characters',
      source: 'the token quoted in aws/aws-sdk-js issue 4129, 352 characters',
      status: 'recorded',
      check: firstVersion,
    },
    {
      id: 'tokens.size',
      behaviour: 'MinimumSessionTokenSize is met, and size and share of 4,096 are told as they are',
      source: '@aws-sdk/client-sts 3.1173.0, models',
      status: 'documented',
      check: () => tally(SIZES, sized),
      atLeast: 10,
    },
    {
      id: 'tokens.largest',
      behaviour:
        'no token is longer than 4,096 bytes: what does not fit is PackedPolicyTooLarge, in per cent',
      source:
        'AWS Security Blog of June 2026, quoted in kubernetes-sigs/aws-iam-authenticator issue 1106; configure-aws-credentials issue 1898',
      status: 'documented',
      check: () => tally(GROWING, fitsOrRefused),
      atLeast: 28,
    },
    {
      id: 'tokens.sealed',
      behaviour: 'a token with any one byte changed is no token, in either version',
      source: 'probes of the real regional endpoint, July 2026, for the error',
      status: 'recorded',
      check: () => tally(tampered(), refusedAsInvalid),
      atLeast: 800,
    },
    {
      id: 'tokens.bound',
      behaviour: 'a session ends with the user or role it belongs to, and a namesake does not revive it',
      source: 'probes of the real regional endpoint, July 2026',
      status: 'recorded',
      check: () => tally(BOUND, stillGood),
      atLeast: 12,
    },
  ],
};

const ROLE = `arn:aws:iam::${HOME}:role/app`;
const GLOBAL = 'sts.amazonaws.com';
const PREFIXES = { 1: 'FwoGZXIvYXdz', 2: 'IQoJb3JpZ2luX2Vj' } as const;

interface Version {
  readonly name: string;
  readonly era: EraName;
  readonly host: string;
  readonly preference: 1 | 2 | undefined;
  readonly version: 1 | 2;
}

/** Rows by era: at regional endpoints, and at the global one by preference of none, 1 and 2. */
const BY_ERA: Readonly<Record<EraName, readonly [regional: 1 | 2, ...global: (1 | 2)[]]>> = {
  '2015': [1, 1, 1, 1],
  '2018': [2, 1, 1, 1],
  '2024': [2, 1, 1, 2],
  '2026': [2, 1, 1, 2],
};

const VERSIONS: readonly Version[] = ERA_NAMES.flatMap((era) =>
  ['sts.us-east-1.amazonaws.com', 'sts.eu-west-1.amazonaws.com', GLOBAL].flatMap((host) =>
    ([undefined, 1, 2] as const).map((preference, index) => {
      const [regional, ...global] = BY_ERA[era];
      const version = host === GLOBAL ? (global[index] ?? 1) : regional;
      return { name: `${era}, ${host}, preference ${preference ?? 'none'}`, era, host, preference, version };
    }),
  ),
);

function hasVersion({ era, host, preference, version }: Version): void {
  const account = home({
    ...(preference && { globalTokenVersion: preference }),
    // In 2015 nothing is on before somebody switches it on.
    ...(era === '2015' && { activatedRegions: ['eu-west-1'] }),
  });
  const desk = createDesk({ era, accounts: [account] });
  for (const parameters of [assuming(ROLE), calling('GetSessionToken')]) {
    const { sessionToken = '' } = sessionOf(desk.ask({ host, parameters }));
    assert.ok(sessionToken.startsWith(PREFIXES[version]), `begins with ${sessionToken.slice(0, 16)}`);
  }
}

function secondVersion(): void {
  const { sessionToken = '' } = session(createDesk());
  assert.equal(sessionToken.length, 768);
  assert.match(sessionToken, /^[A-Za-z0-9+/]+={0,2}$/);
  const bytes = Buffer.from(sessionToken, 'base64');
  assert.equal(bytes[0], 0x21);
  const text = bytes.toString('latin1');
  for (const clear of ['origin_ec', 'eu-west-1', HOME])
    assert.ok(text.includes(clear), `does not show ${clear}`);
  assert.ok(text.includes(varint(NOON_MS / 1_000)), 'does not show its time of issue');
}

function firstVersion(): void {
  const { sessionToken = '' } = sessionOf(createDesk().ask({ host: GLOBAL, parameters: assuming(ROLE) }));
  assert.ok(
    sessionToken.length >= 280 && sessionToken.length <= 420,
    `has ${sessionToken.length} characters`,
  );
  const bytes = Buffer.from(sessionToken, 'base64');
  assert.equal(bytes[0], 0x17);
  const text = bytes.toString('latin1');
  assert.ok(text.includes('er/aws'));
  assert.ok(text.includes(varint(NOON_MS / 1_000)), 'does not show its time of issue');
  for (const hidden of ['us-east-1', HOME]) assert.ok(!text.includes(hidden), `shows ${hidden}`);
}

/** As protocol buffers write numbers. */
function varint(value: number): string {
  let text = '';
  let rest = value;
  while (rest >= 0x80) {
    text += String.fromCharCode((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return text + String.fromCharCode(rest);
}

const USUAL_BYTES = 768;

const SIZES = ['AssumeRole', 'GetSessionToken', 'GetFederationToken'].flatMap((action) =>
  [undefined, 0, 1, USUAL_BYTES + 1, 1_000, 4_095, 4_096].map((minimum) => ({
    name: `${action}, at least ${minimum ?? 'nothing'}`,
    action,
    minimum,
  })),
);

function sized({ action, minimum }: (typeof SIZES)[number]): void {
  const desk = createDesk({ accounts: [withApp(home(), MAY)] });
  const { body, credentials } = askFor(desk, action, {
    ...assuming(ROLE),
    Action: action,
    Name: 'Bob',
    ...(minimum === undefined ? {} : { MinimumSessionTokenSize: String(minimum) }),
  });
  const bytes = Buffer.byteLength(credentials?.sessionToken ?? '');
  assert.ok(bytes >= (minimum ?? 0) && bytes <= 4_096, `has ${bytes} bytes`);
  assert.equal(textIn(body, 'SessionTokenSize'), String(bytes));
  assert.equal(Number(textIn(body, 'SessionTokenUtilization')), Math.ceil((bytes * 100) / 4_096));
}

const MAY = { policies: { anything: policyOf(allow('sts:*')) } };

interface Growing {
  readonly name: string;
  readonly tags: number;
  /** Characters of each of three scope-down policies, in place of tags. */
  readonly policy: number;
}

const GROWING: readonly Growing[] = [
  ...Array.from({ length: 20 }, (_, index) => ({ name: `${index + 1} tags`, tags: index + 1, policy: 0 })),
  ...[200, 400, 600, 800, 1_000, 1_400, 1_700, 2_048].map((policy) => ({
    name: `three scope-down policies of ${policy} characters`,
    tags: 0,
    policy,
  })),
];

/** Only ever a token that fits, or the one error. */
function fitsOrRefused({ tags, policy }: Growing): void {
  const desk = createDesk();
  const given = Array.from({ length: tags }, (_, index) => [`key-${index}`, `${index}-`.repeat(20)] as const);
  let answer = desk.ask({ parameters: assuming(ROLE, tagParameters(given)) });
  for (let layer = 0; layer < 3 && policy > 0 && answer.ok; layer += 1) {
    answer = askFor(desk, 'GetScopedCredentials', { Policy: policyWith(policy, layer) }, sessionOf(answer));
  }
  const { body, credentials, errorCode, errorMessage, served } = answer;
  if (credentials === undefined) {
    assert.deepEqual([served.answer.status, errorCode], [400, 'PackedPolicyTooLarge'], body);
    assert.ok(Number(/ (\d+)% /.exec(errorMessage)?.[1]) > 100, errorMessage);
    assert.ok(tags > 3 || policy > 800, 'was refused');
  } else {
    assert.ok(credentials.sessionToken.length <= 4_096, `has ${credentials.sessionToken.length} bytes`);
    assert.ok(Number(textIn(body, 'PackedPolicySize') ?? 0) <= 100);
    assert.ok(tags < 15 && policy < 1_700, 'was taken');
  }
}

/** Of exactly so many characters, none of which repeat in a way that packing could use. */
function policyWith(length: number, seed: number): string {
  const random = createRandom(seed);
  const document = (sid: string): string =>
    `{"Version":"2012-10-17","Statement":[{"Sid":"${sid}","Effect":"Allow","Action":"*","Resource":"*"}]}`;
  const sid = Array.from({ length: length - document('').length }, () => random.below(36).toString(36)).join(
    '',
  );
  return document(sid);
}

interface Presented {
  readonly name: string;
  readonly desk: Desk;
  readonly credentials: Credentials;
}

function* tampered(): Generator<Presented> {
  const desk = createDesk();
  for (const host of ['sts.eu-west-1.amazonaws.com', GLOBAL]) {
    const credentials = sessionOf(desk.ask({ host, parameters: assuming(ROLE) }));
    const bytes = Buffer.from(credentials.sessionToken ?? '', 'base64');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ (1 << (index % 8));
      const sessionToken = changed.toString('base64');
      yield { name: `${host}, byte ${index}`, desk, credentials: { ...credentials, sessionToken } };
    }
  }
}

function refusedAsInvalid({ desk, credentials }: Presented): void {
  assertError(desk.ask({ credentials }), INVALID_TOKEN);
}

interface Bound {
  readonly name: string;
  readonly issue: (desk: Desk) => Credentials;
  readonly change: (desk: Desk) => void;
  readonly good: boolean;
}

const ROLE_SESSION = { name: 'a role session', issue: (desk: Desk) => session(desk) };
const USER_SESSIONS = ['GetSessionToken', 'GetFederationToken'].map((action) => ({
  name: `a session of ${action}`,
  issue: (desk: Desk) => sessionOf(askFor(desk, action, { Name: 'Bob' })),
}));
const ALL = [ROLE_SESSION, ...USER_SESSIONS];

type Edit = Parameters<Desk['identity']['plane']['change']>[1];

const changing = (edit: Edit) => (desk: Desk) => desk.identity.plane.change(HOME, edit);
const noUsers = changing((account) => ({ ...account, users: withoutEntry(account.users, 'app') }));
const noRoles = changing((account) => ({ ...account, roles: withoutEntry(account.roles, 'app') }));
const newUser = changing((account) => {
  const user = account.users.get('app');
  if (user === undefined) throw new Error('no app');
  return { ...account, users: withEntry(account.users, 'app', { ...user, userId: 'AIDAREGNFALLZZZZZZZZZ' }) };
});
const newRole = changing((account) => {
  const role = account.roles.get('app');
  if (role === undefined) throw new Error('no app');
  return { ...account, roles: withEntry(account.roles, 'app', { ...role, roleId: 'AROAREGNFALLZZZZZZZZZ' }) };
});
const distrust = changing((account) => {
  const role = account.roles.get('app');
  if (role === undefined) throw new Error('no app');
  const trust = { ...role.trust, statements: [] };
  return { ...account, roles: withEntry(account.roles, 'app', { ...role, trust }) };
});

const BOUND: readonly Bound[] = [
  ...ALL.map((one) => ({ ...one, name: `${one.name} as it is`, change: () => {}, good: true })),
  ...USER_SESSIONS.map((one) => ({
    ...one,
    name: `${one.name}, user deleted`,
    change: noUsers,
    good: false,
  })),
  ...USER_SESSIONS.map((one) => ({
    ...one,
    name: `${one.name}, user made anew`,
    change: newUser,
    good: false,
  })),
  ...USER_SESSIONS.map((one) => ({ ...one, name: `${one.name}, role deleted`, change: noRoles, good: true })),
  { ...ROLE_SESSION, name: 'a role session, role deleted', change: noRoles, good: false },
  { ...ROLE_SESSION, name: 'a role session, role made anew', change: newRole, good: false },
  { ...ROLE_SESSION, name: 'a role session, trust taken away', change: distrust, good: true },
  { ...ROLE_SESSION, name: 'a role session, user deleted', change: noUsers, good: true },
];

function stillGood({ issue, change, good }: Bound): void {
  const desk = createDesk({ accounts: [withApp(home(), MAY)] });
  const credentials = issue(desk);
  assertAccepted(desk.ask({ credentials }));
  change(desk);
  const answer = desk.ask({ credentials });
  if (good) assertAccepted(answer);
  else assertError(answer, INVALID_TOKEN);
  // Who has a key of their own goes by it, not by what it once issued.
  if (change === newRole) assertAccepted(desk.ask({ credentials: app(desk) }));
}
