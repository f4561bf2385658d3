import { describe, expect, test } from 'vitest';
import { assuming, createDesk, sessionOf } from '../test-desk.ts';
import { allow, appOf, askFor, HOME, home, policyOf, roleOf, trustOf, withApp } from './test-accounts.ts';
import { rootCredentials, rootKeys } from './test-root.ts';

const APP = appOf(home()).arn;
const BOB = `arn:aws:sts::${HOME}:federated-user/Bob`;
const open = roleOf('open', trustOf([APP, HOME, BOB], 'sts:AssumeRole'), {
  policies: { all: policyOf(allow('*')) },
});
const desk = createDesk({
  accounts: [withApp(home({ root: rootKeys(), roles: [open] }), { policies: { all: policyOf(allow('*')) } })],
});
const everything = JSON.stringify(policyOf(allow('*')));

const CALLERS = {
  user: desk.credentials('aws', 'app'),
  root: rootCredentials(),
  'user-session': sessionOf(askFor(desk, 'GetSessionToken')),
  'root-session': sessionOf(askFor(desk, 'GetSessionToken', {}, rootCredentials())),
  'federated-user': sessionOf(askFor(desk, 'GetFederationToken', { Name: 'Bob', Policy: everything })),
  'role-session': sessionOf(desk.ask({ parameters: assuming(open.arn) })),
} as const;

const PARAMETERS: Readonly<Record<string, Record<string, string>>> = {
  AssumeRole: { RoleArn: open.arn, RoleSessionName: 'game-day' },
  DecodeAuthorizationMessage: { EncodedMessage: 'x' },
  GetAccessKeyInfo: { AccessKeyId: appOf(home()).accessKeyId },
  GetCallerIdentity: {},
  GetFederationToken: { Name: 'Bob' },
  GetScopedCredentials: { DurationSeconds: '60' },
  GetSessionToken: {},
};

/** Source: the IAM User Guide's comparison of credentials; where it says nothing of an action, everyone may. */
const MAY: Readonly<Record<keyof typeof CALLERS, readonly string[]>> = {
  user: [
    'AssumeRole',
    'DecodeAuthorizationMessage',
    'GetAccessKeyInfo',
    'GetCallerIdentity',
    'GetFederationToken',
    'GetSessionToken',
  ],
  root: [
    'DecodeAuthorizationMessage',
    'GetAccessKeyInfo',
    'GetCallerIdentity',
    'GetFederationToken',
    'GetSessionToken',
  ],
  'user-session': ['AssumeRole', 'GetCallerIdentity', 'GetScopedCredentials'],
  'root-session': ['GetCallerIdentity'],
  'federated-user': ['GetCallerIdentity', 'GetScopedCredentials'],
  'role-session': [
    'AssumeRole',
    'DecodeAuthorizationMessage',
    'GetAccessKeyInfo',
    'GetCallerIdentity',
    'GetScopedCredentials',
  ],
};

describe.each(Object.keys(CALLERS) as (keyof typeof CALLERS)[])(
  'a %s who may do everything by policy',
  (kind) => {
    test.each(Object.keys(PARAMETERS))('and %s', (action) => {
      const { ok, errorCode } = askFor(desk, action, PARAMETERS[action], CALLERS[kind]);
      // The message is nonsense on purpose: who may ask learns that.
      const allowed = ok || errorCode === 'InvalidAuthorizationMessageException';
      expect(allowed).toBe(MAY[kind].includes(action));
    });
  },
);
