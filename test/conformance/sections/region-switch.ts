/** What an account cannot get in a Region: credentials where STS is switched off, and more answers than its quota. */

import assert from 'node:assert/strict';
import {
  AWAY,
  allow,
  appOf,
  away,
  HOME,
  home,
  policyOf,
  roleOf,
  trustOf,
  withApp,
} from '../../../lib/sts/actions/test-accounts.ts';
import { assuming, createDesk } from '../../../lib/sts/test-desk.ts';
import { assertAccepted, assertError, calling, type ErrorFacts } from '../answers.ts';
import { type Case, judged } from '../desk-cases.ts';
import { type Section, tally } from '../ledger.ts';

export const regionSwitch: Section = {
  title: 'Region switch and quota',
  behaviours: () => [
    {
      id: 'region-switch.off',
      behaviour: 'where the account has switched STS off nothing is issued for it, and only that',
      source: 'turbot/steampipe-plugin-aws issue 1510; aws/aws-sdk-go-v2 issue 2846; IAM User Guide',
      status: 'recorded',
      check: () => tally(SWITCHED_OFF, judged),
      atLeast: 8,
    },
    {
      id: 'quota.shared',
      behaviour:
        'one request over 600 in a second is Throttling, 400, for six actions together, per Region and account',
      source: 'aws/aws-sdk-go-v2 issue 2481; IAM and STS quotas',
      status: 'recorded',
      check: quotaIsShared,
    },
  ],
};

const APP = `arn:aws:iam::${HOME}:user/app`;
const ROLE = `arn:aws:iam::${HOME}:role/app`;
const AWAY_ROLE = `arn:aws:iam::${AWAY}:role/app`;
const MAY_ASSUME = { policies: { all: policyOf(allow('sts:*')) } };
const OFF_AT_HOME = { accounts: [withApp(home({ disabledRegions: ['eu-west-1'] }), MAY_ASSUME)] };
const DISABLED: ErrorFacts = {
  status: 403,
  code: 'RegionDisabledException',
  message: `STS is not activated in this region for account:${HOME}. Your account administrator can activate STS in this region using the IAM Console.`,
};
const EUROPE = { host: 'sts.eu-west-1.amazonaws.com' };

const SWITCHED_OFF: readonly Case[] = [
  ...[
    assuming(ROLE),
    calling('GetSessionToken'),
    calling('GetFederationToken', { Name: 'Bob' }),
    calling('GetDelegatedAccessToken', { TradeInToken: 'token' }),
  ].map(
    (parameters): Case => ({
      name: `${parameters['Action']} there`,
      desk: OFF_AT_HOME,
      ask: () => ({ ...EUROPE, parameters }),
      error: DISABLED,
    }),
  ),
  {
    name: 'AssumeRole in another Region',
    desk: OFF_AT_HOME,
    ask: () => ({ host: 'sts.eu-west-2.amazonaws.com', parameters: assuming(ROLE) }),
  },
  {
    name: 'AssumeRole at the global name',
    desk: OFF_AT_HOME,
    ask: () => ({ host: 'sts.amazonaws.com', parameters: assuming(ROLE) }),
  },
  { name: 'GetCallerIdentity there', desk: OFF_AT_HOME, ask: () => EUROPE },
  {
    name: 'GetAccessKeyInfo there',
    desk: OFF_AT_HOME,
    ask: () => ({
      ...EUROPE,
      parameters: calling('GetAccessKeyInfo', { AccessKeyId: appOf(home()).accessKeyId }),
    }),
  },
  {
    name: 'a role of an account that has it on, for a caller whose account has it off',
    desk: {
      accounts: [
        ...OFF_AT_HOME.accounts,
        away({ roles: [roleOf('app', trustOf(APP, 'sts:AssumeRole'), {}, AWAY)] }),
      ],
    },
    ask: () => ({ ...EUROPE, parameters: assuming(AWAY_ROLE) }),
  },
  {
    name: 'a role of an account that has it off, for a caller whose account has it on',
    desk: {
      accounts: [
        withApp(home(), MAY_ASSUME),
        away({
          disabledRegions: ['eu-west-1'],
          roles: [roleOf('app', trustOf(APP, 'sts:AssumeRole'), {}, AWAY)],
        }),
      ],
    },
    ask: () => ({ ...EUROPE, parameters: assuming(AWAY_ROLE) }),
    error: { ...DISABLED, message: DISABLED.message?.replace(HOME, AWAY) ?? '' },
  },
];

const THROTTLED: ErrorFacts = { status: 400, code: 'Throttling', message: 'Rate exceeded' };
const SHARING = [
  'AssumeRole',
  'DecodeAuthorizationMessage',
  'GetAccessKeyInfo',
  'GetCallerIdentity',
  'GetFederationToken',
  'GetSessionToken',
];
const APART = ['AssumeRoot', 'GetDelegatedAccessToken', 'GetScopedCredentials', 'GetWebIdentityToken'];

/** Requests that are refused for their parameters have been counted by then. */
function quotaIsShared(): void {
  const desk = createDesk({ quotas: { ratePerSecond: 600, burst: 600 } });
  const china = { host: 'sts.cn-north-1.amazonaws.com.cn', credentials: desk.credentials('aws-cn', 'app') };
  for (let count = 0; count < 600; count += 1) {
    const { errorCode } = desk.ask({ parameters: calling(SHARING[count % SHARING.length] ?? '') });
    assert.notEqual(errorCode, 'Throttling', `request ${count + 1}`);
  }
  for (const action of SHARING) assertError(desk.ask({ parameters: calling(action) }), THROTTLED);
  for (const action of APART) {
    assert.notEqual(desk.ask({ parameters: calling(action) }).errorCode, 'Throttling', action);
  }
  for (const host of ['sts.eu-west-2.amazonaws.com', 'sts.amazonaws.com']) assertAccepted(desk.ask({ host }));
  assertAccepted(desk.ask(china));
  desk.passMs(1_000);
  assertAccepted(desk.ask());
}
