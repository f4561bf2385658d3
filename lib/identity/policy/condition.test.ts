/** The documented rules of conditions and variables, as tables. */

import { describe, expect, it } from 'vitest';
import { compileConditions, conditionsHold } from './condition.ts';
import { contextValues } from './context.ts';

type Values = Readonly<Record<string, string | readonly string[]>>;

const holds = (block: object, context: Values, variables = true): boolean => {
  const compiled = compileConditions(block, variables);
  if (typeof compiled === 'string') throw new Error(`refused: ${compiled}`);
  return conditionsHold(compiled, contextValues(Object.entries(context)));
};
/** `${…}`, which would be a placeholder if it were written out. */
const variable = (inner: string): string => '$'.concat(`{${inner}}`);

describe('an operator', () => {
  it.each<readonly [operator: string, policy: unknown, request: string, expected: boolean]>([
    ['StringEquals', 'app', 'app', true],
    ['StringEquals', 'app', 'App', false],
    ['StringEquals', 'a*', 'app', false],
    ['StringEquals', ['x', 'app'], 'app', true],
    ['StringNotEquals', 'app', 'app', false],
    ['StringNotEquals', ['x', 'y'], 'app', true],
    ['StringNotEquals', ['x', 'app'], 'app', false],
    ['StringEqualsIgnoreCase', 'APP', 'aPp', true],
    ['StringNotEqualsIgnoreCase', 'APP', 'aPp', false],
    ['StringLike', 'a?p*', 'app-1', true],
    ['StringLike', 'A*', 'app', false],
    ['StringLike', 'pp', 'app', false],
    ['StringNotLike', 'a*', 'app', false],
    ['StringNotLike', 'b*', 'app', true],
    ['NumericEquals', '10', '10.0', true],
    ['NumericEquals', 10, '10', true],
    ['NumericEquals', '10', 'ten', false],
    ['NumericNotEquals', '10', '11', true],
    ['NumericLessThan', '10', '9.99', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '-1', '0', true],
    ['NumericGreaterThan', ['100', '5'], '6', true],
    ['NumericGreaterThanEquals', '10', '9', false],
    ['DateEquals', '2020-01-01T00:00:00Z', '1577836800', true],
    ['DateEquals', '2020-01-01T01:00:00+01:00', '2020-01-01T00:00:00.000Z', true],
    ['DateEquals', '2020-01-01T01:00:00-01:00', '2020-01-01T02:00:00Z', true],
    ['DateEquals', '2020', '2020-01-01', true],
    ['DateNotEquals', '2020-01-01', '2020-01-02', true],
    ['DateLessThan', '2020-06-30T00:00:00Z', '2020-06-29T23:59:59Z', true],
    ['DateLessThanEquals', '2020-06-30T00:00Z', '2020-06-30T00:00:00Z', true],
    ['DateGreaterThan', '2020-02-29T12:00:00Z', '2020-02-29T12:00:00.5Z', true],
    ['DateGreaterThanEquals', '2020-02', '2020-01-31T23:59:59Z', false],
    ['Bool', 'true', 'true', true],
    ['Bool', true, 'True', true],
    ['Bool', 'false', 'true', false],
    ['Bool', 'yes', 'yes', false],
    ['BinaryEquals', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', true],
    ['BinaryEquals', 'QQ==', 'QR==', true],
    ['BinaryEquals', 'QQ==', 'A', false],
    ['IpAddress', '203.0.113.0/24', '203.0.113.255', true],
    ['IpAddress', '203.0.113.0/24', '203.0.114.0', false],
    ['IpAddress', '203.0.113.7', '203.0.113.7', true],
    ['IpAddress', '203.0.113.99/25', '203.0.113.1', true],
    ['IpAddress', '0.0.0.0/0', '198.51.100.1', true],
    ['IpAddress', '0.0.0.0/0', '2001:db8::1', false],
    ['IpAddress', '127.0.0.0/8', '::ffff:127.0.0.1', true],
    ['IpAddress', '::ffff:127.0.0.0/104', '127.1.2.3', true],
    ['IpAddress', ['203.0.113.0/24', '2001:DB8:1234:5678::/64'], '2001:db8:1234:5678:ffff::1', true],
    ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5679::1', false],
    ['IpAddress', '2001:db8::/33', '2001:db8:8000::', false],
    ['IpAddress', '203.0.113.0/24', 'somewhere', false],
    ['NotIpAddress', '203.0.113.0/24', '203.0.113.1', false],
    ['NotIpAddress', '203.0.113.0/24', '198.51.100.1', true],
    ['ArnEquals', 'arn:aws:iam::*:role/app', 'arn:aws:iam::111122223333:role/app', true],
    ['ArnLike', 'arn:aws:iam::*:role/app', 'arn:aws:iam::1:user/x:role/app', false],
    ['StringLike', 'arn:aws:iam::*:role/app', 'arn:aws:iam::1:user/x:role/app', true],
    ['ArnLike', 'arn:aws:s3:::b/*', 'arn:aws:s3:::b/one:two:three', true],
    ['ArnLike', 'arn:aws:*:role/app', 'arn:aws:iam::1:role/app', false],
    ['ArnLike', '*', 'arn:aws:iam::1:role/app', true],
    ['ArnNotEquals', 'arn:aws:iam::1:role/a*', 'arn:aws:iam::1:role/app', false],
    ['ArnNotLike', 'arn:aws:iam::1:role/b*', 'arn:aws:iam::1:role/app', true],
    ['Null', 'false', 'there', true],
    ['Null', 'true', 'there', false],
    ['Null', false, 'there', true],
  ])('%s %j against %j: %j', (operator, policy, request, expected) => {
    expect(holds({ [operator]: { 'a:key': policy } }, { 'a:key': request })).toBe(expected);
  });

  it.each([
    ['DateLessThan', '2021-02-29'],
    ['DateLessThan', '2020-13-01'],
    ['DateLessThan', '2020-01-01T25:00:00Z'],
    ['DateLessThan', '2020-01-01T00:00:00'],
    ['NumericEquals', '1e3'],
    ['NumericEquals', variable('a:key')],
    ['IpAddress', '203.0.113.0/33'],
    ['IpAddress', '203.0.113'],
    ['IpAddress', '203.0.113.01'],
    ['IpAddress', '1::2::3'],
    ['IpAddress', '2001:db8::/129'],
  ])('%s refuses %j', (operator, value) => {
    expect(compileConditions({ [operator]: { 'a:key': value } }, true)).toBe('value');
  });
});

describe('a key that the request does not have', () => {
  it.each([
    ['StringEquals', 'x', false],
    ['StringNotEquals', 'x', true],
    ['StringNotLike', 'x', true],
    ['ArnNotLike', 'arn:aws:iam::1:role/x', true],
    ['NotIpAddress', '203.0.113.0/24', true],
    ['NumericNotEquals', '1', true],
    ['Bool', 'false', false],
    ['StringEqualsIfExists', 'x', true],
    ['StringNotEqualsIfExists', 'x', true],
    ['BoolIfExists', 'true', true],
    ['Null', 'true', true],
    ['Null', 'false', false],
    ['ForAllValues:StringEquals', 'x', true],
    ['ForAnyValue:StringEquals', 'x', false],
    ['ForAllValues:StringNotEquals', 'x', true],
    ['ForAnyValue:StringNotEquals', 'x', false],
    ['ForAnyValue:StringEqualsIfExists', 'x', true],
  ])('under %s %j: %j', (operator, value, expected) => {
    expect(holds({ [operator]: { 'a:key': value } }, { 'another:key': 'x' })).toBe(expected);
    expect(holds({ [operator]: { 'a:key': value } }, { 'a:key': [] })).toBe(expected);
  });
});

describe('a key with several values', () => {
  const listed = ['PostDateTime', 'Message', 'Tags'];
  it.each<readonly [string, readonly string[], readonly string[], boolean]>([
    ['ForAllValues:StringLike', listed, ['PostDateTime', 'Message'], true],
    ['ForAllValues:StringLike', listed, ['PostDateTime', 'UserName'], false],
    ['ForAnyValue:StringLike', ['ID', 'PostDateTime'], ['UserName', 'Message', 'PostDateTime'], true],
    ['ForAnyValue:StringLike', ['ID', 'PostDateTime'], ['UserName'], false],
    ['ForAllValues:StringNotEquals', ['ID'], ['UserName', 'Message'], true],
    ['ForAllValues:StringNotEquals', ['ID'], ['UserName', 'ID'], false],
    ['ForAnyValue:StringNotEquals', ['ID'], ['ID', 'Message'], true],
    ['ForAnyValue:StringNotEquals', ['ID', 'Message'], ['ID', 'Message'], false],
    ['ForAllValues:StringEquals', ['x'], [''], true],
    ['ForAnyValue:StringEquals', [''], [''], false],
    ['StringEquals', ['Message'], ['ID', 'Message'], true],
    ['StringNotEquals', ['Message'], ['ID', 'Message'], false],
  ])('%s %j against %j: %j', (operator, policy, request, expected) => {
    expect(holds({ [operator]: { 'a:key': policy } }, { 'a:key': request })).toBe(expected);
  });
});

describe('a block', () => {
  it('holds when every operator and every key does', () => {
    const block = { StringEquals: { 'a:one': '1', 'a:two': '2' }, Bool: { 'a:three': 'true' } };
    expect(holds(block, { 'a:one': '1', 'a:two': '2', 'a:three': 'true' })).toBe(true);
    expect(holds(block, { 'a:one': '1', 'a:two': 'x', 'a:three': 'true' })).toBe(false);
    expect(holds(block, { 'a:one': '1', 'a:two': '2', 'a:three': 'false' })).toBe(false);
    expect(holds({}, {})).toBe(true);
  });

  it('names keys in any case, tags included', () => {
    expect(holds({ StringEquals: { 'AWS:PrincipalTag/Team': 'a' } }, { 'aws:principaltag/TEAM': 'a' })).toBe(
      true,
    );
  });

  it('with no value to compare holds for a negated operator only', () => {
    expect(holds({ StringEquals: { 'a:key': [] } }, { 'a:key': 'x' })).toBe(false);
    expect(holds({ StringNotEquals: { 'a:key': [] } }, { 'a:key': 'x' })).toBe(true);
  });
});

describe('a variable', () => {
  const user = { 'aws:username': 'app', 'a:several': ['one', 'two'], 'a:star': '*' };
  it.each([
    ['StringEquals', `home/${variable('aws:username')}/`, 'home/app/', true],
    ['StringLike', `home/${variable('AWS:UserName')}/*`, 'home/app/x', true],
    ['StringEquals', `home/${variable('aws:nobody')}`, 'home/', false],
    ['StringEquals', `home/${variable("aws:nobody, 'anyone'")}`, 'home/anyone', true],
    ['StringEquals', `home/${variable("aws:username, 'anyone'")}`, 'home/app', true],
    ['StringEquals', variable('a:several'), 'one', false],
    ['StringLike', `x${variable('a:star')}`, 'xyz', false],
    ['StringLike', `x${variable('a:star')}`, 'x*', true],
    ['StringLike', `x${variable('*')}`, 'xyz', false],
    ['StringLike', `x${variable('*')}*`, 'x*yz', true],
    ['StringLike', `x${variable('?')}`, 'x?', true],
    ['StringEquals', `${variable('$')}{aws:username}`, '$'.concat('{aws:username}'), true],
    ['StringEquals', '$'.concat('{aws:username'), '$'.concat('{aws:username'), true],
    ['ArnEquals', `arn:aws:iam::1:user/${variable('aws:username')}`, 'arn:aws:iam::1:user/app', true],
    ['StringNotEquals', variable('aws:username'), 'app', false],
    // Void, rather than "not equal to nothing".
    ['StringNotEquals', variable('aws:nobody'), 'app', false],
    ['StringNotEquals', `${variable('aws:nobody')}`, 'x', false],
  ])('%s %j against %j: %j', (operator, policy, request, expected) => {
    expect(holds({ [operator]: { 'a:key': policy } }, { ...user, 'a:key': request })).toBe(expected);
  });

  it('is text like any other before version 2012-10-17', () => {
    const written = variable('aws:username');
    const block = { StringEquals: { 'a:key': written } };
    expect(holds(block, { 'aws:username': 'app', 'a:key': 'app' }, false)).toBe(false);
    expect(holds(block, { 'aws:username': 'app', 'a:key': written }, false)).toBe(true);
  });

  it('is not looked at where the key itself is missing', () => {
    const block = { StringEqualsIfExists: { 'a:key': variable('aws:nobody') } };
    expect(holds(block, {})).toBe(true);
  });
});
