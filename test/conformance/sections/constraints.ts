/**
 * Constraints: each parameter of each action just under, at and just over its bounds, with characters that do not
 * belong, empty and missing. What is right is read from the service model and from a table of where the real service
 * is known to differ.
 */

import assert from 'node:assert/strict';
import { HOME } from '../../../lib/sts/actions/test-accounts.ts';
import { createDesk } from '../../../lib/sts/test-desk.ts';
import { assertError, calling, type ErrorFacts, type Parameters } from '../answers.ts';
import { type Behaviour, type Section, type Skip, type Tally, tally } from '../ledger.ts';
import { type Leaf, type ListOf, readServiceModel } from '../service-model.ts';

export const constraints: Section = {
  title: 'Constraints of parameters',
  behaviours: () => {
    const model = readServiceModel();
    const from = (cases: (leaves: readonly Leaf[], lists: readonly ListOf[]) => readonly Constraint[]) =>
      'skip' in model
        ? (): Skip => model
        : (): Promise<Tally> => tally(cases(model.leaves.map(asRecorded), model.lists), asExpected);
    const later = (): Promise<Tally> => tally(LATER.flatMap(casesOf), asExpected);
    const rows: [id: string, behaviour: string, Behaviour['check'], atLeast: number][] = [
      [
        'text',
        'texts of the eleven modelled actions: length, pattern, empty, missing',
        from((leaves) =>
          leaves.filter(({ type, sensitive }) => type === 'string' && !sensitive).flatMap(casesOf),
        ),
        350,
      ],
      [
        'number',
        'their numbers: range, sign, what is no number of 32 bits',
        from((leaves) => leaves.filter(({ type }) => type === 'integer').flatMap(casesOf)),
        80,
      ],
      ['list', 'their lists: how many entries', from((_leaves, lists) => lists.flatMap(listCases)), 25],
    ];
    return [
      ...rows.map(
        ([id, behaviour, check, atLeast]): Behaviour => ({
          id: `constraints.${id}`,
          behaviour,
          source: 'botocore service-2.json; wording by probes of the real regional endpoint, July 2026',
          status: 'modelled',
          check,
          atLeast: 'skip' in model ? 0 : atLeast,
        }),
      ),
      {
        id: 'constraints.sensitive',
        behaviour: 'messages about tokens and assertions do not quote them',
        source:
          'iterate-ch/cyberduck, quoted in its STS configurator; Amazon Cognito on passwords for what is null',
        status: 'recorded',
        check: from((leaves) => leaves.filter(({ sensitive }) => sensitive).flatMap(casesOf)),
      },
      {
        id: 'constraints.later',
        behaviour: 'the same of what came after the model: GetScopedCredentials and MinimumSessionTokenSize',
        source: '@aws-sdk/client-sts 3.1173.0, models',
        status: 'modelled',
        check: later,
        atLeast: 100,
      },
    ];
  },
};

/** Where the real service is known to keep to other bounds than the model. */
const RECORDED: Readonly<Record<string, Partial<Leaf>>> = {
  // Probes of the real regional endpoint, 19 July 2026.
  'AssumeRole.SourceIdentity': { max: 256 },
};

/** Of what has a meaning beyond its constraint, values that have it; DOCS. */
const MEANINGFUL: Readonly<Record<string, Values>> = {
  'GetWebIdentityToken.SigningAlgorithm': [
    ['empty', ''],
    ['just under', 'RS25'],
    ['RSA', 'RS256'],
    ['elliptic', 'ES384'],
    ['just over', 'RS2560'],
  ],
};

function asRecorded(leaf: Leaf): Leaf {
  return { ...leaf, ...RECORDED[`${leaf.action}.${leaf.wire}`] };
}

const POLICY = { min: 1, max: 2_048, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' };

/** Actions that issue credentials, all but one of which take the size since June 2026. */
const SIZED = [
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'GetFederationToken',
  'GetScopedCredentials',
  'GetSessionToken',
];

/** What the model of botocore 1.43.107 does not have yet. */
const LATER: readonly Leaf[] = [
  leafOf('GetScopedCredentials', 'Policy', { type: 'string', ...POLICY }),
  leafOf('GetScopedCredentials', 'DurationSeconds', { type: 'integer', min: 1, max: 129_600 }),
  leafOf('GetScopedCredentials', 'ScopedSessionDescription', { type: 'string', max: 256 }),
  ...SIZED.map((action) =>
    leafOf(action, 'MinimumSessionTokenSize', { type: 'integer', min: 0, max: 4_096 }),
  ),
];

function leafOf(action: string, wire: string, rest: Pick<Leaf, 'type' | 'min' | 'max' | 'pattern'>): Leaf {
  const member = wire.charAt(0).toLowerCase() + wire.slice(1);
  return { action, wire, member, sensitive: false, ...rest };
}

const ROLE_ARN = `arn:aws:iam::${HOME}:role/app`;

/** A request of each action in which nothing offends a constraint. */
const IN_ORDER: Readonly<Record<string, Parameters>> = {
  AssumeRole: { RoleArn: ROLE_ARN, RoleSessionName: 'game-day' },
  AssumeRoleWithSAML: {
    RoleArn: ROLE_ARN,
    PrincipalArn: `arn:aws:iam::${HOME}:saml-provider/Corp`,
    SAMLAssertion: 'PHNhbWxwOlJlc3BvbnNlLz4=',
  },
  AssumeRoleWithWebIdentity: { RoleArn: ROLE_ARN, RoleSessionName: 'game-day', WebIdentityToken: 'a.b.c' },
  AssumeRoot: {
    TargetPrincipal: '999988887777',
    'TaskPolicyArn.arn': 'arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy',
  },
  DecodeAuthorizationMessage: { EncodedMessage: 'message' },
  GetAccessKeyInfo: { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
  GetDelegatedAccessToken: { TradeInToken: 'token' },
  GetFederationToken: { Name: 'Bob' },
  GetScopedCredentials: { DurationSeconds: '900' },
  GetSessionToken: {},
  GetWebIdentityToken: { 'Audience.member.1': 'https://example.com', SigningAlgorithm: 'RS256' },
};

interface Constraint {
  readonly name: string;
  readonly parameters: Parameters;
  /** Clauses that the one message must have, in any order; none: nothing is wrong with the value. */
  readonly clauses: readonly string[];
  /** Instead: the number cannot be read. */
  readonly malformed?: ErrorFacts;
}

function casesOf(leaf: Leaf): readonly Constraint[] {
  const { action, wire } = leaf;
  const { [wire]: _own, ...others } = IN_ORDER[action] ?? {};
  // The rest of an entry that has to be whole.
  const beside = wire.startsWith('Tags.member.1.')
    ? { 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }
    : {};
  const base = calling(action, { ...others, ...beside });
  const values =
    MEANINGFUL[`${action}.${wire}`] ?? (leaf.type === 'string' ? textsFor(leaf) : numbersFor(leaf));
  const cases = values.map(
    ([name, value]): Constraint => ({
      name: `${action} ${wire}: ${name}`,
      parameters: { ...base, [wire]: value },
      ...(leaf.type === 'string' ? { clauses: textClauses(leaf, value) } : numberVerdict(leaf, value)),
    }),
  );
  const { [wire]: _left, ...without } = base;
  const { demandedAs } = leaf;
  const missing =
    demandedAs === undefined ? [] : [clause({ ...leaf, member: demandedAs }, undefined, 'not be null')];
  return [...cases, { name: `${action} ${wire}: missing`, parameters: without, clauses: missing }];
}

type Values = readonly (readonly [name: string, value: string])[];

/** Characters that some pattern or other refuses. */
const STRANGE = ['!', ' ', '\u{1}', 'é', '\u{100}', '\u{ffff}', '\u{1f642}'];

function textsFor({ min = 0, max, pattern }: Leaf): Values {
  // Digits are in every pattern.
  const ofLength = (length: number): string => '1'.repeat(length);
  const usual = Math.max(min, 4);
  return [
    ['empty', ''],
    ...(min > 1 ? [['just under', ofLength(min - 1)] as const] : []),
    ['shortest', ofLength(min)],
    ...(max === undefined
      ? []
      : [['longest', ofLength(max)] as const, ['just over', ofLength(max + 1)] as const]),
    ...(pattern === undefined
      ? []
      : STRANGE.map((strange) => {
          const point = strange.codePointAt(0)?.toString(16).toUpperCase();
          return [`with U+${point}`, `${ofLength(Math.min(usual, max ?? usual) - 1)}${strange}`] as const;
        })),
  ];
}

function textClauses(leaf: Leaf, value: string): readonly string[] {
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern } = leaf;
  const length = [...value].length;
  const demands = [
    ...(pattern !== undefined && !fits(value, pattern)
      ? [`satisfy regular expression pattern: ${pattern}`]
      : []),
    ...(length < min ? [`have length greater than or equal to ${min}`] : []),
    ...(length > max ? [`have length less than or equal to ${max}`] : []),
  ];
  return demands.map((demand) => clause(leaf, value, demand));
}

/** Probes: what is above U+FFFF fits no pattern, which is how Java reads the model's own. */
function fits(value: string, pattern: string): boolean {
  if (/[\u{10000}-\u{10ffff}]/u.test(value)) return false;
  const readable = pattern
    .replace('\\u10000-\\u10FFFF', '')
    .replaceAll('\\-', '\\x2d')
    .replaceAll('\\:', ':');
  return new RegExp(`^(?:${readable})$`, 'u').test(value);
}

const UNREADABLE: ErrorFacts = { status: 400, code: 'MalformedInput' };

function numbersFor({ min = 0, max = 0 }: Leaf): Values {
  const far = [-1, 2_147_483_647, -2_147_483_648, 2_147_483_648, -2_147_483_649];
  return [
    ...[min - 1, min, min + 1, max - 1, max, max + 1, ...far].map(
      (value) => [String(value), String(value)] as const,
    ),
    ['signed', `+${max}`],
    ['with zeros', `00${max}`],
    ...['', 'abc', `${min}.0`, '1e3', '0x10', `${min} `, 'NaN', '１'].map(
      (text) => [`'${text}'`, text] as const,
    ),
  ];
}

function numberVerdict(leaf: Leaf, text: string): Pick<Constraint, 'clauses' | 'malformed'> {
  if (text === '')
    return { clauses: [], malformed: { ...UNREADABLE, message: 'missing value for decimal type' } };
  const value = BigInt(/^[+-]?\d+$/.test(text) ? text.replace(/^\+/, '') : 2n ** 40n);
  if (BigInt.asIntN(32, value) !== value) return { clauses: [], malformed: UNREADABLE };
  const { min = 0, max = 0 } = leaf;
  const demands = [
    ...(value < min ? [`have value greater than or equal to ${min}`] : []),
    ...(value > max ? [`have value less than or equal to ${max}`] : []),
  ];
  return { clauses: demands.map((demand) => clause(leaf, String(value), demand)) };
}

function listCases(list: ListOf): readonly Constraint[] {
  const { action, wire, min = 0, max, required, entry } = list;
  if (max === undefined && !required) return [];
  const rest = Object.entries(IN_ORDER[action] ?? {}).filter(([name]) => !name.startsWith(`${wire}.`));
  const base = calling(action, Object.fromEntries(rest));
  const entries = (count: number): Parameters =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) =>
        entry.map((key) => [
          `${wire}.member.${index + 1}${key === '' ? '' : `.${key}`}`,
          key.toLowerCase().includes('arn') ? `${ROLE_ARN}${index}` : `value-${index}`,
        ]),
      ).flat(),
    );
  const over = `have length less than or equal to ${max}`;
  const missing = required ? [`Value null at '${list.member}' ${FAILED} not be null`] : [];
  const named = (name: string, parameters: Parameters, clauses: readonly string[] = []): Constraint => ({
    name: `${action} ${wire}: ${name}`,
    parameters: { ...base, ...parameters },
    clauses,
  });
  return [
    named('missing', {}, missing),
    named('one entry', entries(1)),
    ...(min === 0 ? [named('sent empty', { [wire]: '' })] : []),
    ...(max === undefined
      ? []
      : [
          named('as many as may be', entries(max)),
          named('one more', entries(max + 1), [`Value '[…]' at '${list.member}' ${FAILED} ${over}`]),
        ]),
  ];
}

const FAILED = 'failed to satisfy constraint: Member must';

function clause({ member, sensitive }: Leaf, value: string | undefined, demand: string): string {
  const shown = value === undefined ? ' null' : ` '${value}'`;
  return `Value${sensitive ? '' : shown} at '${member}' ${FAILED} ${demand}`;
}

const desk = createDesk();

function asExpected({ parameters, clauses, malformed }: Constraint): void {
  const answer = desk.ask({ parameters });
  if (malformed !== undefined) {
    assertError(answer, malformed);
    return;
  }
  const { errorCode, errorMessage, served } = answer;
  const [, count, found = ''] = /^(\d+) validation errors? detected: (.*)$/s.exec(errorMessage) ?? [];
  if (clauses.length === 0) {
    assert.equal(count, undefined, short(errorMessage));
    assert.notEqual(errorCode, 'MalformedInput');
    return;
  }
  // How the real service prints a list has not been seen.
  const got = found.replace(/Value '\[.*\]' at/s, "Value '[…]' at").split(/; (?=Value )/);
  assert.deepEqual(got.map(short).sort(), clauses.map(printable).map(short).sort());
  assert.equal(
    got.every((text) => clauses.map(printable).includes(text)),
    true,
    'differs in what is not shown',
  );
  assert.equal(count, String(clauses.length));
  assert.deepEqual([served.answer.status, errorCode], [400, 'ValidationError']);
}

/** XML cannot carry every character. */
function printable(text: string): string {
  return text.replaceAll('\u{1}', '\u{fffd}').replaceAll('\u{ffff}', '\u{fffd}');
}

function short(text: string): string {
  return text.replace(/1{20,}/g, (ones) => `${ones.length} × 1`);
}
