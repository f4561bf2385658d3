/** The order of checks: every pair of faults in one request, of which the earlier is the one that is told. */

import assert from 'node:assert/strict';
import { type Credentials, Secret } from '../../../lib/aws/credentials.ts';
import { STS_VERSION } from '../../../lib/aws/query-protocol.ts';
import type { HttpRequest } from '../../../lib/aws/sigv4/http-request.ts';
import { signHeaders } from '../../../lib/aws/sigv4/signer.ts';
import { withoutEntry } from '../../../lib/identity/state.ts';
import {
  allow,
  HOME,
  home,
  policyOf,
  roleOf,
  trustOf,
  withApp,
} from '../../../lib/sts/actions/test-accounts.ts';
import { createDesk, type Desk, NOON_MS, sessionOf, withHeader } from '../../../lib/sts/test-desk.ts';
import { type Parameters, textIn } from '../answers.ts';
import { PROBE } from '../desk-cases.ts';
import { type Section, tally } from '../ledger.ts';

export const orderOfChecks: Section = {
  title: 'Order of checks',
  behaviours: () => {
    const world = createWorld();
    const pairs = (from: number, to: number) => () =>
      tally(
        FAULTS.slice(from, to).flatMap((earlier) => pairsOf(earlier)),
        (pair) => world.judges(pair),
      );
    return [
      {
        id: 'order.alone',
        behaviour: 'each fault alone has its own error, and a request without any is accepted',
        source: PROBE,
        status: 'recorded',
        check: () => tally(SINGLE, (single) => world.judges(single)),
        atLeast: 21,
      },
      {
        id: 'order.front',
        behaviour: 'what the request asks for is looked at before who sends it',
        source: PROBE,
        status: 'recorded',
        check: pairs(0, AUTHENTICATION),
        atLeast: 37,
      },
      {
        id: 'order.authentication',
        behaviour:
          'syntax, clock, scope, key, token, expiry, role and then signature, all of it before any parameter',
        source: `${PROBE}; for the first two AWS's diagram of authentication errors (dacut/scratchstack)`,
        status: 'recorded',
        check: pairs(AUTHENTICATION, SCHEMA),
        atLeast: 110,
      },
      {
        id: 'order.parameters',
        behaviour:
          "numbers, constraints, form of the ARN, Region switch, permission, the role's maximum, chaining, policy",
        source: `${PROBE}, but for the Region switch, whose place is not known`,
        status: 'modelled',
        check: pairs(SCHEMA, FAULTS.length),
        atLeast: 28,
      },
    ];
  },
};

/** What a fault makes of a request: parts of it, of which those of the earlier fault win. */
interface Part {
  readonly parameters?: Parameters;
  /** Of the sessions that the world holds. */
  readonly expired?: true;
  readonly orphaned?: true;
  /** Word in the role's name that says what is the matter with it. */
  readonly role?: 'locked' | 'short';
  readonly key?: string;
  readonly token?: string;
  readonly secret?: string;
  /** How late the request comes. */
  readonly lateMs?: number;
  readonly region?: string;
  readonly service?: string;
  readonly host?: string;
  /** Last touch on the signed request. */
  readonly alter?: (http: HttpRequest) => HttpRequest;
}

interface Fault extends Part {
  readonly name: string;
  /** Code, and words that the answer has. */
  readonly error: readonly [code: string, words?: string];
  /** Names of faults that cannot be in the same request: there is one place for both. */
  readonly not?: readonly string[];
}

/** Earliest first. */
const FAULTS: readonly Fault[] = [
  { name: 'path', error: ['', '404'], alter: (http) => ({ ...http, path: '/x' }) },
  { name: 'action unknown', error: ['InvalidAction'], parameters: { Action: 'NoSuchAction' } },
  {
    name: 'unsigned',
    error: ['MissingAuthenticationToken'],
    alter: (http) => withHeader(http, 'authorization', undefined),
    not: ['header broken', 'old', 'scope: Region', 'scope: service', 'key unknown', 'signature wrong'],
  },
  {
    name: 'header broken',
    error: ['IncompleteSignature'],
    alter: (http) => {
      const text = http.headers.find(([name]) => name === 'authorization')?.[1] ?? '';
      return withHeader(http, 'authorization', text.replace('Signature=', 'Signature '));
    },
    not: ['signature wrong'],
  },
  { name: 'old', error: ['SignatureDoesNotMatch', 'Signature expired'], lateMs: 901_000 },
  {
    name: 'scope: Region',
    error: ['SignatureDoesNotMatch', 'valid region'],
    region: 'us-east-1',
    // Both are told at once; see the errors of authentication.
    not: ['scope: service'],
  },
  { name: 'scope: service', error: ['SignatureDoesNotMatch', 'correct service'], service: 'iam' },
  { name: 'key unknown', error: ['InvalidClientTokenId'], key: 'ASIAIOSFODNN7EXAMPLE' },
  { name: 'token foreign', error: ['InvalidClientTokenId'], token: 'token' },
  { name: 'expired', error: ['ExpiredToken'], expired: true },
  { name: 'role gone', error: ['InvalidClientTokenId'], orphaned: true },
  { name: 'signature wrong', error: ['SignatureDoesNotMatch', 'we calculated'], secret: 'x'.repeat(40) },
  { name: 'number unreadable', error: ['MalformedInput'], parameters: { MinimumSessionTokenSize: 'many' } },
  {
    name: 'constraint',
    error: ['ValidationError', '1 validation error detected'],
    parameters: { RoleSessionName: '!!' },
  },
  {
    name: 'ARN of no form',
    error: ['ValidationError', ' is invalid'],
    parameters: { RoleArn: 'nothing-valid-in-here' },
  },
  { name: 'switched off', error: ['RegionDisabledException'], host: 'sts.eu-west-2.amazonaws.com' },
  { name: 'denied', error: ['AccessDenied'], role: 'locked' },
  {
    name: 'over the role',
    error: ['ValidationError', 'MaxSessionDuration'],
    role: 'short',
    parameters: { DurationSeconds: '7200' },
  },
  {
    name: 'over chaining',
    error: ['ValidationError', 'role chaining'],
    parameters: { DurationSeconds: '7200' },
  },
  { name: 'policy of no form', error: ['MalformedPolicyDocument'], parameters: { Policy: '{' } },
];

const AUTHENTICATION = indexOf('unsigned');
const SCHEMA = indexOf('number unreadable');

function indexOf(name: string): number {
  return FAULTS.findIndex((fault) => fault.name === name);
}

interface Pair {
  readonly name: string;
  readonly faults: readonly Fault[];
  /** Nothing: the request is in order. */
  readonly told?: Fault;
}

const SINGLE: readonly Pair[] = [
  { name: 'none', faults: [] },
  ...FAULTS.map((fault) => ({ name: fault.name, faults: [fault], told: fault })),
];

function pairsOf(earlier: Fault): readonly Pair[] {
  return FAULTS.slice(FAULTS.indexOf(earlier) + 1)
    .filter(({ name }) => earlier.not?.includes(name) !== true)
    .map((later) => ({
      name: `${earlier.name}, and ${later.name}`,
      faults: [later, earlier],
      told: earlier,
    }));
}

interface World {
  judges(pair: Pair): void;
}

const LATE_MS = 1_000_000;

/** Asks for AssumeRole as a session of a role, in an account whose STS is off in eu-west-2. */
function createWorld(): World {
  const caller = (name: string): string => `arn:aws:iam::${HOME}:role/${name}`;
  const opened = trustOf([caller('caller'), `arn:aws:iam::${HOME}:user/app`], 'sts:AssumeRole');
  const closed = trustOf(`arn:aws:iam::${HOME}:user/admin`, 'sts:AssumeRole');
  const roles = [
    roleOf('caller', trustOf(`arn:aws:iam::${HOME}:user/app`, 'sts:AssumeRole')),
    roleOf('gone', trustOf(`arn:aws:iam::${HOME}:user/app`, 'sts:AssumeRole')),
    roleOf('target', opened),
    roleOf('target-locked', closed),
    roleOf('target-short', opened, { maxSessionDurationSeconds: 3_600 }),
    roleOf('target-locked-short', closed, { maxSessionDurationSeconds: 3_600 }),
  ];
  const may = { policies: { all: policyOf(allow('sts:*')) } };
  const desk = createDesk({ accounts: [withApp(home({ roles, disabledRegions: ['eu-west-2'] }), may)] });
  const sessions = sessionsIn(desk);
  return {
    judges: ({ faults, told }) => {
      const part: Part = Object.assign({}, ...faults);
      const parameters = Object.assign({}, ...faults.map((fault) => fault.parameters));
      const words = new Set(faults.map(({ role }) => role));
      const role = ['target', 'locked', 'short'].filter(
        (word) => word === 'target' || words.has(word as 'short'),
      );
      const RoleArn = `arn:aws:iam::${HOME}:role/${role.join('-')}`;
      const alter = (http: HttpRequest): HttpRequest =>
        faults.reduce((request, fault) => fault.alter?.(request) ?? request, http);
      const whole = { ...part, alter, parameters: { RoleArn, ...parameters } };
      judge(desk, whole, sessions(part), { error: ['', '200'], ...told });
    },
  };
}

/** Four sessions, made before and after the clock moved, two of them of a role that is deleted in the end. */
function sessionsIn(desk: Desk): (wanted: Part) => Credentials {
  const made = new Map<string, Credentials>();
  const make = (role: string, expired: boolean): void => {
    const parameters: Parameters = {
      Action: 'AssumeRole',
      Version: STS_VERSION,
      RoleArn: `arn:aws:iam::${HOME}:role/${role}`,
      RoleSessionName: 'caller',
      DurationSeconds: '900',
    };
    made.set(`${role} ${expired}`, sessionOf(desk.ask({ parameters })));
  };
  make('caller', true);
  make('gone', true);
  desk.passMs(LATE_MS);
  make('caller', false);
  make('gone', false);
  desk.identity.plane.change(HOME, (account) => ({ ...account, roles: withoutEntry(account.roles, 'gone') }));
  return ({ expired = false, orphaned = false }) => {
    const found = made.get(`${orphaned ? 'gone' : 'caller'} ${expired}`);
    if (found === undefined) throw new Error('the world lacks this session');
    return found;
  };
}

function judge(
  desk: Desk,
  part: Part,
  session: Credentials,
  { error: [code, words] }: Pick<Fault, 'error'>,
): void {
  const { host = 'sts.eu-west-1.amazonaws.com', region = host.split('.')[1] ?? '', service = 'sts' } = part;
  const credentials: Credentials = {
    accessKeyId: part.key ?? session.accessKeyId,
    secretAccessKey: part.secret === undefined ? session.secretAccessKey : new Secret(part.secret),
    sessionToken: part.token ?? session.sessionToken ?? '',
  };
  const { body, served } = desk.ask({
    host,
    credentials,
    parameters: {
      Action: 'AssumeRole',
      Version: STS_VERSION,
      RoleSessionName: 'game-day',
      ...part.parameters,
    },
    alter: (http) => {
      const context = { region, service, atMs: NOON_MS + LATE_MS - (part.lateMs ?? 0) };
      const signed = { ...http, headers: signHeaders(http, credentials, context) };
      return part.alter?.(signed) ?? signed;
    },
  });
  assert.equal(textIn(body, 'Code') ?? '', code, body);
  assert.ok(`${served.answer.status} ${body}`.includes(words ?? ''), body);
}
