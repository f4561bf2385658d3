/** For tests: accounts for the questions that actions decide, as changes to the one that every world has. */

import { STS_VERSION } from '../../aws/query-protocol.ts';
import type { AccountConfig, PolicyJson, RoleConfig, UserConfig } from '../../identity/accounts.ts';
import { defaultAccounts } from '../../identity/world-accounts.ts';
import type { Ask, Desk } from '../test-desk.ts';

export const HOME = '111122223333';
export const AWAY = '999988887777';

/** The account of partition aws, with `app` and `admin`. */
export function home(change: Partial<AccountConfig> = {}): AccountConfig {
  const [account] = defaultAccounts(['aws'], 7);
  if (account === undefined) throw new Error('no account');
  return { ...account, ...change };
}

/** Another account of partition aws with keys of its own. */
export function away(change: Partial<AccountConfig> = {}): AccountConfig {
  const [account] = defaultAccounts(['aws-iso'], 8);
  if (account === undefined) throw new Error('no account');
  return { ...account, id: AWAY, partition: 'aws', users: [], roles: [], ...change };
}

/** The account's users with `app` changed. */
export function withApp(account: AccountConfig, change: Partial<UserConfig>): AccountConfig {
  return {
    ...account,
    users: account.users.map((user) => (user.name === 'app' ? { ...user, ...change } : user)),
  };
}

export function appOf(account: AccountConfig): UserConfig {
  const user = account.users.find(({ name }) => name === 'app');
  if (user === undefined) throw new Error('no app');
  return user;
}

export function roleOf(
  name: string,
  trust: PolicyJson,
  change: Partial<RoleConfig> = {},
  account = HOME,
): RoleConfig {
  return {
    name,
    arn: `arn:aws:iam::${account}:role${change.path ?? '/'}${name}`,
    roleId: `AROAREGNFALL${name
      .toUpperCase()
      .replace(/[^A-Z]/g, '')
      .padEnd(9, 'B')
      .slice(0, 9)}`,
    trust,
    maxSessionDurationSeconds: 43_200,
    ...change,
  };
}

export type Statement = Readonly<Record<string, unknown>>;

export function policyOf(...statements: readonly Statement[]): PolicyJson {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(actions: string | readonly string[], more: Statement = { Resource: '*' }): Statement {
  return { Effect: 'Allow', Action: actions, ...more };
}

export function deny(actions: string | readonly string[], more: Statement = { Resource: '*' }): Statement {
  return { Effect: 'Deny', Action: actions, ...more };
}

/** A trust policy of one statement. */
export function trustOf(
  principal: string | readonly string[],
  actions: string | readonly string[],
  more: Statement = {},
): PolicyJson {
  return policyOf(allow(actions, { Principal: { AWS: principal }, ...more }));
}

/** `Tags.member.1.Key=…` and so on. */
export function tagParameters(
  tags: readonly (readonly [key: string, value: string])[],
  transitive: readonly string[] = [],
): Record<string, string> {
  return Object.fromEntries([
    ...tags.flatMap(([key, value], index) => [
      [`Tags.member.${index + 1}.Key`, key],
      [`Tags.member.${index + 1}.Value`, value],
    ]),
    ...transitive.map((key, index) => [`TransitiveTagKeys.member.${index + 1}`, key]),
  ]);
}

/** Asks for an action by name. */
export function askFor(
  desk: Desk,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
  credentials?: Ask['credentials'],
  host?: string,
): ReturnType<Desk['ask']> {
  return desk.ask({
    parameters: { Action: action, Version: STS_VERSION, ...parameters },
    ...(credentials === undefined ? {} : { credentials }),
    ...(host === undefined ? {} : { host }),
  });
}

/** Names of the result's elements, outermost only, in order. */
export function membersOf(body: string): readonly string[] {
  return [...body.matchAll(/^ {4}<(\w+)/gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'RequestId');
}

/** Text of the first element of this name. */
export function textIn(body: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(body)?.[1];
}
