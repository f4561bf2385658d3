/** Denials: whom real STS was seen to turn away once it knew them, in its own words. */

import type { AccountConfig, PolicyJson } from '../../../lib/identity/accounts.ts';
import {
  AWAY,
  allow,
  away,
  deny,
  HOME,
  home,
  policyOf,
  roleOf,
  tagParameters,
  trustOf,
  withApp,
} from '../../../lib/sts/actions/test-accounts.ts';
import { rootCredentials, rootKeys } from '../../../lib/sts/actions/test-root.ts';
import { assuming, separateKeys } from '../../../lib/sts/test-desk.ts';
import { calling, denied, refused } from '../answers.ts';
import { type Case, judged, PROBE, session } from '../desk-cases.ts';
import { type Section, tally } from '../ledger.ts';

export const recordedDenials: Section = {
  title: 'Recorded denials',
  behaviours: () => [
    {
      id: 'denials.role',
      behaviour:
        'a role that is missing, trusts others or is in another partition is refused in the same words',
      source: `${PROBE}; corymhall/cdk-diff-action issue 70`,
      status: 'recorded',
      check: () => tally(ROLES, judged),
      atLeast: 9,
    },
    {
      id: 'denials.tags-and-source-identity',
      behaviour: 'session tags and source identity are refused in the name of the action that they need',
      source: `${PROBE}; aws-actions/configure-aws-credentials issue 54`,
      status: 'recorded',
      check: () => tally(EXTRAS, judged),
      atLeast: 6,
    },
    {
      id: 'denials.kind-of-caller',
      behaviour:
        'root assumes no role, and a session gets no other from GetSessionToken or GetFederationToken',
      source: 'kubeflow/testing issue 961; aws/aws-sdk-js issue 3670; fwdcloudsec/granted issue 151',
      status: 'recorded',
      check: () => tally(KINDS, judged),
      atLeast: 5,
    },
  ],
};

const APP = `arn:aws:iam::${HOME}:user/app`;
const ROLE = `arn:aws:iam::${HOME}:role/app`;
const OTHERS = `arn:aws:iam::${HOME}:role/others`;
const AWAY_ROLE = `arn:aws:iam::${AWAY}:role/app`;

/** Permission to assume whatever there is. */
const MAY_ASSUME = { policies: { assume: policyOf(allow('sts:*')) } };

function roles(...trusts: readonly (readonly [name: string, trust: PolicyJson])[]): AccountConfig['roles'] {
  return trusts.map(([name, trust]) => roleOf(name, trust));
}

/** The account with roles of its own, beside one whose role `app` trusts all of it. */
function twoAccounts(ownRoles: AccountConfig['roles'], change: Parameters<typeof withApp>[1] = {}) {
  const there = away({
    roles: [roleOf('app', trustOf(`arn:aws:iam::${HOME}:root`, 'sts:AssumeRole'), {}, AWAY)],
  });
  return {
    desk: { accounts: [withApp(home({ roles: ownRoles }), change), there], sealKeys: separateKeys() },
  };
}

const NOT_OTHERS = denied(APP, 'AssumeRole', OTHERS);

const ROLES: readonly Case[] = [
  {
    name: 'no such role',
    ask: () => ({ parameters: assuming(OTHERS) }),
    error: NOT_OTHERS,
  },
  {
    name: 'a role that trusts somebody else',
    ...twoAccounts(
      roles(['others', trustOf(`arn:aws:iam::${HOME}:user/admin`, 'sts:AssumeRole')]),
      MAY_ASSUME,
    ),
    ask: () => ({ parameters: assuming(OTHERS) }),
    error: NOT_OTHERS,
  },
  {
    name: 'a role that leaves it to the account, whose user may not',
    ...twoAccounts(roles(['others', trustOf(`arn:aws:iam::${HOME}:root`, 'sts:AssumeRole')])),
    ask: () => ({ parameters: assuming(OTHERS) }),
    error: NOT_OTHERS,
  },
  {
    name: 'a role that leaves it to the account, whose user may',
    ...twoAccounts(roles(['others', trustOf(`arn:aws:iam::${HOME}:root`, 'sts:AssumeRole')]), MAY_ASSUME),
    ask: () => ({ parameters: assuming(OTHERS) }),
  },
  {
    name: 'a role whose external id is another',
    ...twoAccounts(
      roles([
        'others',
        trustOf(APP, 'sts:AssumeRole', { Condition: { StringEquals: { 'sts:ExternalId': 'right' } } }),
      ]),
    ),
    ask: () => ({ parameters: assuming(OTHERS, { ExternalId: 'wrong' }) }),
    error: NOT_OTHERS,
  },
  {
    name: 'a role of another account, which the user may not assume',
    ...twoAccounts([]),
    ask: () => ({ parameters: assuming(AWAY_ROLE) }),
    error: denied(APP, 'AssumeRole', AWAY_ROLE),
  },
  {
    name: 'a role of another account, which the user is denied',
    ...twoAccounts([], { policies: { assume: policyOf(allow('sts:*'), deny('sts:AssumeRole')) } }),
    ask: () => ({ parameters: assuming(AWAY_ROLE) }),
    error: denied(APP, 'AssumeRole', AWAY_ROLE),
  },
  {
    name: 'a role of another account, which the user may assume',
    ...twoAccounts([], MAY_ASSUME),
    ask: () => ({ parameters: assuming(AWAY_ROLE) }),
  },
  {
    name: 'a role of another partition',
    ask: (desk) => ({
      host: 'sts.us-gov-west-1.amazonaws.com',
      credentials: desk.credentials('aws-us-gov', 'app'),
      parameters: assuming(ROLE),
    }),
    error: denied('arn:aws-us-gov:iam::333344445555:user/app', 'AssumeRole', ROLE),
  },
];

const TWO_TAGS = tagParameters([['team', 'a']]);
const trusting = (actions: readonly string[], more = {}): Pick<Case, 'desk'> =>
  twoAccounts(roles(['app', trustOf(APP, actions, more)]));
const ONLY_JANE = { Condition: { StringEquals: { 'sts:SourceIdentity': 'Jane' } } };

const EXTRAS: readonly Case[] = [
  {
    name: 'tags that the trust policy does not allow',
    ...trusting(['sts:AssumeRole']),
    ask: () => ({ parameters: assuming(ROLE, TWO_TAGS) }),
    error: denied(APP, 'TagSession', ROLE),
  },
  {
    name: 'tags that it allows',
    ...trusting(['sts:AssumeRole', 'sts:TagSession']),
    ask: () => ({ parameters: assuming(ROLE, TWO_TAGS) }),
  },
  {
    name: 'a source identity that it does not allow',
    ...trusting(['sts:AssumeRole']),
    ask: () => ({ parameters: assuming(ROLE, { SourceIdentity: 'Jane' }) }),
    error: denied(APP, 'SetSourceIdentity', ROLE),
  },
  {
    name: 'another source identity than its condition wants',
    ...trusting(['sts:AssumeRole', 'sts:SetSourceIdentity'], ONLY_JANE),
    ask: () => ({ parameters: assuming(ROLE, { SourceIdentity: 'Joe' }) }),
    error: denied(APP, 'SetSourceIdentity', ROLE),
  },
  {
    name: 'none where its condition wants one',
    ...trusting(['sts:AssumeRole', 'sts:SetSourceIdentity'], ONLY_JANE),
    ask: () => ({ parameters: assuming(ROLE) }),
    error: denied(APP, 'AssumeRole', ROLE),
  },
  {
    name: 'the one that it wants',
    ...trusting(['sts:AssumeRole', 'sts:SetSourceIdentity'], ONLY_JANE),
    ask: () => ({ parameters: assuming(ROLE, { SourceIdentity: 'Jane' }) }),
  },
];

const WITH_ROOT = { desk: { accounts: [home({ root: rootKeys() })] } };

const KINDS: readonly Case[] = [
  {
    name: 'AssumeRole by root',
    ...WITH_ROOT,
    ask: () => ({ credentials: rootCredentials(), parameters: assuming(ROLE) }),
    error: refused('Roles may not be assumed by root accounts.'),
  },
  {
    name: 'AssumeRole of no role by root',
    ...WITH_ROOT,
    ask: () => ({ credentials: rootCredentials(), parameters: assuming(OTHERS) }),
    error: refused('Roles may not be assumed by root accounts.'),
  },
  ...(['GetSessionToken', 'GetFederationToken'] as const).flatMap((action): Case[] => [
    {
      name: `${action} by a role session`,
      ask: (desk) => ({ credentials: session(desk), parameters: calling(action, { Name: 'Bob' }) }),
      error: refused(`Cannot call ${action} with session credentials`),
    },
    {
      name: `${action} by a user`,
      desk: { accounts: [withApp(home(), MAY_ASSUME)] },
      ask: () => ({ parameters: calling(action, { Name: 'Bob' }) }),
    },
  ]),
];
