/** Tags, source identities and policies of sessions: what real STS was seen to refuse, and what beside it it takes. */

import { tagParameters } from '../../../lib/sts/actions/test-accounts.ts';
import { assuming } from '../../../lib/sts/test-desk.ts';
import { calling, invalid } from '../answers.ts';
import { type Case, judged, PROBE, session } from '../desk-cases.ts';
import { type Section, tally } from '../ledger.ts';
import { asking, atMost, DESK, parameter, ROLE } from '../role-desk.ts';

export const recordedLimits: Section = {
  title: 'Recorded limits of sessions',
  behaviours: () => [
    {
      id: 'limits.tags',
      behaviour: 'tag keys are equal whatever their case, and transitive ones stay as they are',
      source: 'localstack/localstack, recorded 2025-04-10',
      status: 'recorded',
      check: () => tally(TAGS, judged),
      atLeast: 7,
    },
    {
      id: 'limits.source-identity-in-chain',
      behaviour: 'a source identity that is set cannot be replaced further down a chain',
      source: PROBE,
      status: 'recorded',
      check: () => tally(SOURCE_IDENTITY, judged),
      atLeast: 3,
    },
    {
      id: 'limits.policy-size',
      behaviour: 'policies and tags that are too large are told in per cent or by their length',
      source:
        'leggedrobotics/kleinkram issue 416; configure-aws-credentials issue 1898; localstack/localstack, recorded 2026-02-09',
      status: 'recorded',
      check: () => tally(SIZES, judged),
      atLeast: 6,
    },
  ],
};

const TEAM: readonly [string, string] = ['team', 'a'];
const DUPLICATE = parameter('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
const CONFLICT = parameter(
  "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
);

const TAGS: readonly Case[] = [
  asking(
    'a transitive key that is not among the tags',
    assuming(ROLE, tagParameters([TEAM], ['other'])),
    parameter('The specified transitive tag key must be included in the requested tags.'),
  ),
  asking('a transitive key that is', assuming(ROLE, tagParameters([TEAM], ['team']))),
  asking('the same key in another case', assuming(ROLE, tagParameters([TEAM, ['TEAM', 'b']])), DUPLICATE),
  asking('the same key', assuming(ROLE, tagParameters([TEAM, TEAM])), DUPLICATE),
  ...['team', 'Team', 'TEAM'].map(
    (key): Case => ({
      name: `${key} in a chain that hands down team`,
      desk: DESK,
      ask: (desk) => ({
        credentials: session(desk, tagParameters([TEAM], ['team'])),
        parameters: assuming(ROLE, tagParameters([[key, 'b']], [key])),
      }),
      error: CONFLICT,
    }),
  ),
];

const SOURCE_IDENTITY: readonly Case[] = [undefined, 'Jane', 'Joe'].map((name) => ({
  name: `${name ?? 'nothing'} after Jane`,
  desk: DESK,
  ask: (desk) => ({
    credentials: session(desk, { SourceIdentity: 'Jane' }),
    parameters: assuming(ROLE, name === undefined ? {} : { SourceIdentity: name }),
  }),
  ...(name === 'Joe' && {
    error: invalid('The source identity is already set for this assume role session'),
  }),
}));

const policyOfLength = (length: number): string =>
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'.padEnd(length);

/** Nine tags of 250 characters, as in the report. */
const NINE_TAGS = tagParameters(
  Array.from({ length: 9 }, (_, index) => [`T${index + 1}`, 'x'.repeat(250)] as const),
);

const SIZES: readonly Case[] = [
  asking(
    'a policy over 2,048 characters, of AssumeRole',
    assuming(ROLE, { Policy: policyOfLength(2_049) }),
    parameter('Session policy should not exceed 2048 characters'),
  ),
  asking('a policy of 2,048 characters, of AssumeRole', assuming(ROLE, { Policy: policyOfLength(2_048) })),
  asking(
    'a policy over 2,048 characters, of GetFederationToken',
    calling('GetFederationToken', { Name: 'Bob', Policy: policyOfLength(2_049) }),
    atMost(policyOfLength(2_049), 'policy', 2_048),
  ),
  asking(
    'a policy of 2,048 characters, of GetFederationToken',
    calling('GetFederationToken', { Name: 'Bob', Policy: policyOfLength(2_048) }),
  ),
  ...(['2024', '2026'] as const).map(
    (era): Case => ({
      name: `nine tags of 250 characters, in ${era}`,
      desk: { ...DESK, era },
      ask: () => ({ parameters: assuming(ROLE, NINE_TAGS) }),
      error: {
        status: 400,
        code: 'PackedPolicyTooLarge',
        message: 'Packed size of session tags consumes 498% of allotted space.',
      },
    }),
  ),
];
