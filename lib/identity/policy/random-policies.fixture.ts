/** Random policies of every kind, about the few names and keys of case-pools.fixture.ts. */

import type { Random } from '../../time/random.ts';
import {
  ACCOUNTS,
  ISSUER,
  KEYS,
  list,
  OPERATORS,
  pick,
  repeat,
  SAVED,
  SERVICE,
  variable,
} from './case-pools.fixture.ts';
import type {
  NaiveDocument,
  NaivePolicies,
  NaivePrincipals,
  NaiveStatement,
} from './naive-evaluator.fixture.ts';

export function randomPolicies(random: Random): NaivePolicies {
  const some = (chance: number, kind: 'permission' | 'trust'): NaiveDocument[] =>
    random.next() < chance ? [randomDocument(random, kind)] : [];
  const several = (most: number): NaiveDocument[] =>
    repeat(1 + random.below(most), () => randomDocument(random, 'permission'));
  return {
    identity: several(2),
    boundary: some(0.25, 'permission'),
    session: random.next() < 0.3 ? several(2) : [],
    scopes: random.next() < 0.12 ? several(2) : [],
    levels: random.next() < 0.2 ? repeat(1 + random.below(2), () => several(2)) : [],
    trust: some(0.75, 'trust'),
  };
}

function randomDocument(random: Random, kind: 'permission' | 'trust'): NaiveDocument {
  return {
    Version: random.next() < 0.9 ? '2012-10-17' : '2008-10-17',
    Statement: repeat(1 + random.below(kind === 'trust' ? 3 : 2), () => randomStatement(random, kind)),
  };
}

function randomStatement(random: Random, kind: 'permission' | 'trust'): NaiveStatement {
  const Effect = random.next() < 0.9 ? 'Allow' : 'Deny';
  const actions = kind === 'trust' ? TRUST_ACTIONS : ACTIONS;
  const condition = random.next() < 0.45 ? { Condition: randomCondition(random) } : {};
  const action =
    random.next() < 0.9 ? { Action: list(random, actions) } : { NotAction: list(random, NOT_ACTIONS) };
  if (kind === 'trust') {
    const negated = Effect === 'Deny' && random.next() < 0.5;
    const principals = randomPrincipals(random, negated ? 5 : 3);
    return {
      Effect,
      ...(random.next() < 0.9 ? { Action: list(random, actions) } : { NotAction: ['sts:TagSession'] }),
      ...(negated ? { NotPrincipal: principals } : { Principal: principals }),
      ...condition,
    };
  }
  const resource =
    random.next() < 0.85
      ? { Resource: list(random, RESOURCES) }
      : { NotResource: list(random, NOT_RESOURCES) };
  return { Effect, ...action, ...resource, ...condition };
}

const TRUST_ACTIONS = ['sts:AssumeRole', 'sts:*', 'STS:assumerole', 'sts:TagSession', 'sts:Assume?ole', '*'];
const ACTIONS = [
  '*',
  'sts:*',
  'sts:AssumeRole',
  's3:Get*',
  's3:*',
  'S3:LISTBUCKET',
  'iam:?et*',
  'sts:TagSession',
];
const NOT_ACTIONS = ['iam:*', 's3:Get*', 'sts:TagSession', 'ec2:*', 'sts:assume*'];
const RESOURCES = [
  ...['*', '*', 'arn:aws:iam::*:role/*', 'arn:aws:iam::111111111111:role/target', 'arn:aws:s3:::home/*'],
  ...[
    `arn:aws:s3:::home/${variable('aws:username')}/*`,
    'arn:aws:sns:*:1*:?',
    `arn:aws:s3:::*/${variable("a:b, 'team'")}/*`,
  ],
  ...['arn:*:iam::222222222222:role/team/t?rget', 'arn:aws:s3:::home/a:b'],
];
const NOT_RESOURCES = [
  ...['arn:aws:s3:::home/ann/*', 'arn:aws:iam::111111111111:role/*', 'arn:aws:sns:eu-*:*:*'],
  ...[`arn:aws:iam::*:role/${variable('aws:username')}`, 'arn:aws:s3:::nothing'],
];

function randomPrincipals(random: Random, most: number): NaivePrincipals {
  if (random.next() < 0.1) return '*';
  const listed = repeat(1 + random.below(most), () => pick(random, AWS_PRINCIPALS));
  const others: Record<string, string[]> = {};
  if (random.next() < 0.25) others['Federated'] = [pick(random, [ISSUER, `${ISSUER}/other`, '*'])];
  if (random.next() < 0.25) others['Service'] = [pick(random, [SERVICE, 'ecs.amazonaws.com'])];
  return random.next() < 0.9 || Object.keys(others).length === 0 ? { AWS: listed, ...others } : others;
}

const AWS_PRINCIPALS = [
  ...Object.keys(SAVED),
  ...ACCOUNTS,
  ...ACCOUNTS.flatMap((account) => [
    `arn:aws:iam::${account}:root`,
    `arn:aws:sts::${account}:assumed-role/worker/day`,
    `arn:aws:sts::${account}:assumed-role/clerk/night`,
    `arn:aws:sts::${account}:federated-user/eve`,
  ]),
  '*',
];

function randomCondition(random: Random): NonNullable<NaiveStatement['Condition']> {
  const block: Record<string, Record<string, string[]>> = {};
  for (let count = random.next() < 0.7 ? 1 : 2; count > 0; count -= 1) {
    const operator = pick(random, OPERATORS);
    const fitting = KEYS.filter(({ operators }) => operators.test(operator));
    const { key, policy } = pick(random, fitting);
    const values = operator === 'Null' ? ['true', 'false'] : policy;
    const ifExists = operator !== 'Null' && random.next() < 0.2 ? 'IfExists' : '';
    const qualifier =
      random.next() < (key === 'aws:TagKeys' ? 0.8 : 0.1)
        ? pick(random, ['ForAllValues:', 'ForAnyValue:'])
        : '';
    const name = `${operator === 'Null' ? '' : qualifier}${operator}${ifExists}`;
    block[name] = {
      ...block[name],
      [random.next() < 0.2 ? key.toLowerCase() : key]:
        operator === 'Null' ? [pick(random, values)] : list(random, values),
    };
  }
  return block;
}
