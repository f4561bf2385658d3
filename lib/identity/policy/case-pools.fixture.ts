/**
 * Names, keys and values that random policies and requests draw from: few, so that patterns often cover, conditions
 * often hold and principals are often meant.
 */

import type { Random } from '../../time/random.ts';

export const ACCOUNTS = ['111111111111', '222222222222'] as const;
export const ISSUER = 'arn:aws:iam::111111111111:oidc-provider/issuer.example';
export const SERVICE = 'ec2.amazonaws.com';

/** ARN → id when trust policies are saved. */
export const SAVED: Readonly<Record<string, string>> = Object.fromEntries(
  ACCOUNTS.flatMap((account) => [
    [`arn:aws:iam::${account}:user/ann`, `AIDAANN${account}`],
    [`arn:aws:iam::${account}:user/team/bob`, `AIDABOB${account}`],
    [`arn:aws:iam::${account}:role/worker`, `AROAWORKER${account}`],
    [`arn:aws:iam::${account}:role/team/clerk`, `AROACLERK${account}`],
  ]),
);

export const OPERATORS = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  ...['StringLike', 'StringNotLike', 'NumericEquals', 'NumericNotEquals', 'NumericLessThan'],
  ...[
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
    'DateEquals',
    'DateNotEquals',
  ],
  ...[
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
    'Bool',
    'BinaryEquals',
  ],
  ...['IpAddress', 'NotIpAddress', 'ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike', 'Null'],
] as const;

export const ROLES = [
  'arn:aws:iam::111111111111:role/target',
  'arn:aws:iam::222222222222:role/team/target',
] as const;
export const OTHERS = [
  'arn:aws:s3:::home/ann/file',
  'arn:aws:s3:::home/team/a:b',
  'arn:aws:sns:eu-west-1:111111111111:t',
];
export const variable = (inner: string): string => '$'.concat(`{${inner}}`);

/** What each key may hold in a request, and what a policy may compare it with. */
export const KEYS: readonly {
  readonly key: string;
  readonly operators: RegExp;
  readonly request: readonly (readonly string[])[];
  readonly policy: readonly string[];
}[] = [
  {
    key: 'aws:username',
    operators: /^String/,
    request: [['ann'], ['bob'], ['Ann'], ['a*'], ['aabaaab']],
    policy: [
      'ann',
      'ANN',
      'bob',
      'a*',
      '*aab*aab',
      '*a?aa?',
      '?nn',
      '*',
      'a',
      variable('aws:username'),
      variable('*'),
      `a${variable('*')}`,
    ],
  },
  {
    key: 'aws:PrincipalTag/team',
    operators: /^String/,
    request: [['red'], ['blue'], ['']],
    policy: ['red', 'Blue', 're?', '*', '', variable('aws:RequestTag/team'), variable("aws:nothing, 'red'")],
  },
  {
    key: 'aws:RequestTag/team',
    operators: /^String/,
    request: [['red'], ['blue'], ['*'], ['ann']],
    policy: [
      'red',
      'b*',
      variable('aws:PrincipalTag/team'),
      variable('AWS:UserName'),
      variable('aws:TagKeys'),
    ],
  },
  {
    key: 'aws:TagKeys',
    operators: /^(?:String|Null)/,
    request: [['team'], ['team', 'cost'], ['cost', 'Team'], [''], ['x', 'y', 'team']],
    policy: ['team', 'cost', 't*', 'TEAM', 'x', '*'],
  },
  {
    key: 'aws:MultiFactorAuthAge',
    operators: /^(?:Numeric|Null)/,
    request: [['0'], ['10'], ['10.0'], ['300'], ['-5'], ['10.5']],
    policy: ['10', '300', '0', '-5.0', '10.50'],
  },
  {
    key: 'aws:MultiFactorAuthPresent',
    operators: /^(?:Bool|Null)/,
    request: [['true'], ['false'], ['True']],
    policy: ['true', 'false', 'TRUE'],
  },
  {
    key: 'aws:CurrentTime',
    operators: /^(?:Date|Null)/,
    request: [
      ['2026-01-01T00:00:00Z'],
      ['1767225600'],
      ['2026-06-30T23:59:59.5Z'],
      ['2025-12-31T23:00:00-01:00'],
    ],
    policy: ['2026-01-01T00:00:00Z', '2026-01-01', '1767225600', '2026-07-01T01:59:59.5+02:00', '2026-03'],
  },
  {
    key: 'aws:SourceIp',
    operators: /^(?:IpAddress|NotIpAddress|Null)/,
    request: [
      ['203.0.113.7'],
      ['203.0.113.200'],
      ['198.51.100.1'],
      ['2001:db8::1'],
      ['2001:db8:8000::'],
      ['2001:db8:1:2:3::'],
    ],
    policy: [
      '203.0.113.0/24',
      '203.0.113.0/25',
      '203.0.113.7',
      '2001:db8:1::/47',
      '0.0.0.0/0',
      '2001:db8::/33',
      '::/0',
      '2001:DB8::1',
    ],
  },
  {
    key: 'aws:PrincipalArn',
    operators: /^(?:Arn|StringLike|StringNotLike|Null)/,
    request: [
      ['arn:aws:iam::111111111111:user/ann'],
      ['arn:aws:iam::222222222222:role/team/x:y'],
      ['arn:aws:x'],
    ],
    policy: [
      ...[
        'arn:aws:iam::111111111111:user/ann',
        'arn:aws:iam::*:user/*',
        'arn:*:iam::2*:role/*',
        '*',
        'arn:aws:*',
      ],
      ...[
        'arn:aws:iam::?????????????:*',
        'arn:aws:iam::*:role/?*:y',
        `arn:aws:iam::111111111111:user/${variable('aws:username')}`,
      ],
    ],
  },
  {
    key: 'app:Blob',
    operators: /^(?:BinaryEquals|Null)/,
    request: [['QQ=='], ['QUI='], ['QUJD']],
    policy: ['QQ==', 'QUI=', 'QUJD', ''],
  },
];

export function list(random: Random, from: readonly string[]): string[] {
  return repeat(1 + random.below(2), () => pick(random, from));
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[random.below(from.length)];
  if (found === undefined) throw new Error('there is nothing to pick from');
  return found;
}

export function repeat<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
