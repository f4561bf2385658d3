/** Documents that nobody in their right mind would send: the reader answers each, and answers soon. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_CONTEXT } from './context.ts';
import { type ParseContext, parsePolicy } from './document.ts';
import { matchingStatements, type PolicyRequest } from './evaluate.ts';

const CONTEXTS: readonly ParseContext[] = [
  { kind: 'identity', partition: 'aws' },
  { kind: 'trust', partition: 'aws', uniqueIdOf: () => 'AIDAANYBODY0000000000' },
  { kind: 'session', partition: 'aws' },
  { kind: 'scp', partition: 'aws-cn' },
];

const REQUEST: PolicyRequest = {
  principal: {
    kind: 'user',
    partition: 'aws',
    account: '111122223333',
    arn: 'arn:aws:iam::111122223333:user/app',
    uniqueId: 'AIDAANYBODY0000000000',
  },
  action: 'sts:AssumeRole',
  resource: 'arn:aws:iam::111122223333:role/worker',
  context: new Map([...EMPTY_CONTEXT, ['aws:username', ['app']], ['a:b', ['*', '?']]]),
};

/** `${…}`, which would be a placeholder if it were written out. */
const variable = (inner: string): string => '$'.concat(`{${inner}}`);

const weird = fc.oneof(
  fc.string(),
  fc.constantFrom('2012-10-17', '2008-10-17', 'Allow', 'Deny', '*', 'sts:*', 'sts:?ssumeRole', 's3:Get'),
  fc.constantFrom('arn:aws:iam::1:role/*', '111122223333', '::::::', `arn:aws:x:y:z:${variable('a:b')}:c`),
  fc.constantFrom(
    '$'.concat('{'),
    variable('aws:username'),
    variable("a:b, 'c'"),
    variable('*'),
    variable(''),
  ),
  fc.constantFrom(
    '999999999999999999999999',
    '1e400',
    '2020-02-30',
    '::/0',
    '1.2.3.4/99',
    '=',
    '\u0000',
    '\ud800',
  ),
);
const operator = fc.constantFrom(
  ...[
    'StringEquals',
    'StringLike',
    'StringNotLikeIfExists',
    'ForAllValues:ArnLike',
    'ForAnyValue:StringEquals',
  ],
  ...[
    'NumericEquals',
    'DateLessThan',
    'Bool',
    'BinaryEquals',
    'IpAddress',
    'Null',
    'ForAnyValue:Null',
    'Odd',
  ],
);
const oneOrMore = <T>(each: fc.Arbitrary<T>) => fc.oneof(each, fc.array(each, { maxLength: 3 }));
const condition = fc.dictionary(
  operator,
  fc.dictionary(fc.constantFrom('aws:username', 'a:b', ''), oneOrMore(weird), { maxKeys: 2 }),
  { maxKeys: 2 },
);
const permission = fc.record(
  {
    Sid: fc.constantFrom('', 'one', 'a b'),
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('*', 'sts:AssumeRole', 'sts:a*') },
      oneOrMore(weird),
    ),
    Resource: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('*', 'arn:aws:iam::*:role/?*') },
      oneOrMore(weird),
    ),
    Condition: condition,
  },
  { requiredKeys: ['Effect', 'Action', 'Resource'] },
);
const trusting = fc.record(
  {
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.constantFrom('sts:AssumeRole', 'sts:*', '*'),
    Principal: fc.oneof(
      fc.constant('*'),
      fc.dictionary(fc.constantFrom('AWS', 'Federated', 'Service', '__proto__'), oneOrMore(weird), {
        maxKeys: 2,
      }),
    ),
    Condition: condition,
  },
  { requiredKeys: ['Effect', 'Action', 'Principal'] },
);
const nearly = fc.record(
  {
    Version: fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17'),
    Statement: fc.oneof(permission, trusting, fc.array(permission, { maxLength: 3 })),
  },
  { requiredKeys: ['Statement'] },
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    weird,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        fc.constantFrom('Version', 'Statement', 'Effect', 'Action', 'Resource', 'Principal', 'Condition'),
        fc.constantFrom('AWS', '__proto__', 'constructor', 'toString', 'length', ''),
      ),
      tie('tree'),
      { maxKeys: 6 },
    ),
  ),
}));
const hostile = fc.oneof(
  fc.string({ maxLength: 200 }),
  tree.map((value) => JSON.stringify(value)),
  nearly.map((value) => JSON.stringify(value)),
  // The same with a piece torn out.
  fc.tuple(nearly, fc.nat(), fc.nat(40)).map(([value, at, length]) => {
    const text = JSON.stringify(value);
    const start = at % (text.length + 1);
    return text.slice(0, start) + text.slice(start + length);
  }),
);

describe('any text at all', () => {
  it('is a policy or a refusal, never an exception, and a policy can be evaluated', () => {
    const counts = { accepted: 0, matched: 0 };
    fc.assert(
      fc.property(hostile, fc.constantFrom(...CONTEXTS), (text, context) => {
        const policy = parsePolicy(text, context);
        if ('code' in policy) {
          expect(policy.message).not.toBe('');
          return;
        }
        counts.accepted += 1;
        counts.matched += matchingStatements([{ name: '', policy }], REQUEST).length;
      }),
      { numRuns: 10_000, seed: 4 },
    );
    expect(counts.accepted).toBeGreaterThan(200);
    expect(counts.matched).toBeGreaterThan(20);
  });

  const resource = (text: string): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:s3:::${text}` },
    });

  it.each([
    ['a depth of 100,000 lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['a depth of 20,000 statements', `${'{"Statement":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['a number of 100,000 digits', `{"Statement":${'9'.repeat(100_000)}}`],
    ['keys that are there twice', '{"Statement":1,"Statement":[],"Statement":{"Effect":"Allow"}}'],
    ['a megabyte of spaces', ' '.repeat(1_000_000)],
    ['a prototype', '{"__proto__":{"Statement":[]},"Statement":[]}'],
    ['100,000 variables begun and never ended', resource('$'.concat('{').repeat(100_000))],
    ['50,000 variables that end together', resource(`${'$'.concat('{a:').repeat(50_000)}}`)],
    ['30,000 variables', resource(variable('a:b').repeat(30_000))],
    ['100,000 stars', resource('*'.repeat(100_000))],
    ['200,000 colons', resource(':'.repeat(200_000))],
  ])('even %s is dealt with', (_, text) => {
    for (const context of CONTEXTS) {
      const policy = parsePolicy(text, context);
      if (!('code' in policy)) matchingStatements([{ name: '', policy }], REQUEST);
    }
  });

  it('counts the last of two elements of one name', () => {
    const text = '{"Statement":{"Effect":"Allow","Effect":"Deny","Action":"s3:*","Resource":"*"}}';
    const policy = parsePolicy(text, { kind: 'identity', partition: 'aws' });
    if ('code' in policy) throw new Error(policy.message);
    expect(policy.statements.map(({ effect }) => effect)).toEqual(['Deny']);
  });
});
