/** Eras: what of STS was there in 2015, 2018, 2024 and 2026, and how it differed. The table here is written by hand. */

import assert from 'node:assert/strict';
import { GLOBAL_ENDPOINT, regionalHost } from '../../../lib/aws/endpoints.ts';
import { ERA_NAMES, type EraName, era as eraNamed, regionInEra } from '../../../lib/aws/eras.ts';
import { globalServingRegion } from '../../../lib/aws/global-serving.ts';
import { REGIONS, type Region } from '../../../lib/aws/regions.ts';
import { signHeaders } from '../../../lib/aws/sigv4/signer.ts';
import { ACTIONS } from '../../../lib/sts/actions/table.ts';
import {
  allow,
  askFor,
  HOME,
  home,
  policyOf,
  roleOf,
  tagParameters,
  trustOf,
} from '../../../lib/sts/actions/test-accounts.ts';
import { assuming, createDesk, type Desk, NOON_MS } from '../../../lib/sts/test-desk.ts';
import {
  assertAccepted,
  assertError,
  type ErrorFacts,
  INVALID_TOKEN,
  membersInXml,
  textIn,
} from '../answers.ts';
import { app, session } from '../desk-cases.ts';
import { type Section, tally } from '../ledger.ts';

export const eras: Section = {
  title: 'Eras',
  behaviours: () => [
    {
      id: 'eras.regions',
      behaviour: 'each era has the Regions that had opened by then: 9, 17, 30 and 36 of partition aws',
      source:
        'AWS News Blog of December 2015; partitions.json of botocore; launch months are general knowledge',
      status: 'documented',
      check: () => tally(REGIONS_BY_ERA, exists),
      atLeast: 160,
    },
    {
      id: 'eras.activation',
      behaviour: 'in 2015 a Region issues nothing before it is activated, later until it is switched off',
      source: 'AWS Security Blog of February 2015; IAM User Guide of December 2017 and today',
      status: 'documented',
      check: () => tally(COMMERCIAL, activated),
      atLeast: 92,
    },
    {
      id: 'eras.opt-in',
      behaviour: 'an opt-in Region that the account has not enabled does not know its keys',
      source: 'remotion-dev/github-unwrapped-2022 issue 34; segmentio/aws-okta issue 225',
      status: 'recorded',
      check: () => tally(OPT_INS, unknownUntilEnabled),
      atLeast: 30,
    },
    {
      id: 'eras.actions',
      behaviour: 'six actions in 2015, then seven, nine and twelve; others are not found',
      source: 'change logs of botocore',
      status: 'documented',
      check: () => tally(ACTIONS_BY_ERA, knows),
      atLeast: 48,
    },
    {
      id: 'eras.global-serving',
      behaviour:
        'the global name is served in us-east-1, since 2025 near callers of Regions enabled by default',
      source: 'AWS Security Blog of January 2025; IAM User Guide',
      status: 'documented',
      check: () => tally(SERVED_GLOBALLY, served),
      atLeast: 180,
    },
    {
      id: 'eras.differences',
      behaviour: 'session tags, source identity, self-trust, SigV4a and token sizes come when they came',
      source:
        'IAM User Guide, document history; AWS Security Blog of September 2022; change log of botocore 1.42.91',
      status: 'documented',
      check: () => tally(DIFFERENCES, differs),
      atLeast: 24,
    },
  ],
};

/** Regions of partition aws, Beijing, Ningxia and GovCloud by the era in which they are first seen. */
const FIRST_SEEN: Readonly<Record<EraName, string>> = {
  '2015':
    'us-east-1 us-west-1 us-west-2 eu-west-1 eu-central-1 ap-southeast-1 ap-southeast-2 ap-northeast-1 sa-east-1 cn-north-1 us-gov-west-1',
  '2018':
    'us-east-2 ca-central-1 eu-west-2 eu-west-3 eu-north-1 ap-south-1 ap-northeast-2 ap-northeast-3 cn-northwest-1 us-gov-east-1',
  '2024':
    'ap-east-1 me-south-1 af-south-1 eu-south-1 ap-southeast-3 me-central-1 eu-central-2 eu-south-2 ap-south-2 ap-southeast-4 il-central-1 ca-west-1 ap-southeast-5',
  '2026': 'ap-southeast-7 mx-central-1 ap-east-2 ap-southeast-6 me-west-1 sa-west-1',
};

interface RegionByEra {
  readonly name: string;
  readonly era: EraName;
  readonly region: Region;
  readonly there: boolean;
}

const REGIONS_BY_ERA: readonly RegionByEra[] = ERA_NAMES.flatMap((era) => {
  const there = new Set(
    ERA_NAMES.filter((other) => other <= era).flatMap((other) => FIRST_SEEN[other].split(' ')),
  );
  return REGIONS.filter(({ partition }) => ['aws', 'aws-cn', 'aws-us-gov'].includes(partition)).map(
    (region) => ({
      name: `${region.id} in ${era}`,
      era,
      region,
      there: there.has(region.id),
    }),
  );
});

function exists({ era, region, there }: RegionByEra): void {
  assert.equal(regionInEra(region.id, eraNamed(era)) !== undefined, there);
}

const COMMERCIAL = REGIONS_BY_ERA.filter(({ region, there }) => there && region.partition === 'aws');
const ROLE = `arn:aws:iam::${HOME}:role/app`;

const DISABLED: ErrorFacts = {
  status: 403,
  code: 'RegionDisabledException',
  message: `STS is not activated in this region for account:${HOME}. Your account administrator can activate STS in this region using the IAM Console.`,
};

function activated({ era, region: { id, enabledBy } }: RegionByEra): void {
  const regions = ['us-east-1', id];
  const ask = (change: Parameters<typeof home>[0], host = regionalHost(id)) =>
    createDesk({ era, regions, accounts: [home(change)] }).ask({ host, parameters: assuming(ROLE) });
  const offAtFirst = era === '2015' && id !== 'us-east-1';
  if (offAtFirst) assertError(ask({}), DISABLED);
  else assertAccepted(ask({}));
  assertAccepted(ask({}, GLOBAL_ENDPOINT.host));
  if (id === 'us-east-1' || enabledBy === 'opt-in') {
    // Neither has a switch.
    assert.throws(() => ask({ disabledRegions: [id] }), { code: 'RF-REGION-SWITCH' });
    return;
  }
  if (offAtFirst) assertAccepted(ask({ activatedRegions: [id] }));
  assertError(ask({ disabledRegions: [id] }), DISABLED);
  assertAccepted(ask({ disabledRegions: [id] }, GLOBAL_ENDPOINT.host));
}

const OPT_INS = COMMERCIAL.filter(({ region }) => region.enabledBy === 'opt-in');

function unknownUntilEnabled({ era, region: { id } }: RegionByEra): void {
  const desk = createDesk({ era, regions: ['eu-west-1', id], accounts: [home({ optedOutRegions: [id] })] });
  const host = regionalHost(id);
  assertError(desk.ask({ host }), INVALID_TOKEN);
  assertError(desk.ask({ host, credentials: session(desk) }), INVALID_TOKEN);
}

const FIRST_ACTIONS =
  'AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity DecodeAuthorizationMessage GetFederationToken GetSessionToken';

const KNOWN: Readonly<Record<EraName, string>> = {
  '2015': FIRST_ACTIONS,
  '2018': `${FIRST_ACTIONS} GetCallerIdentity`,
  '2024': `${FIRST_ACTIONS} GetCallerIdentity GetAccessKeyInfo AssumeRoot`,
  '2026': `${FIRST_ACTIONS} GetCallerIdentity GetAccessKeyInfo AssumeRoot GetDelegatedAccessToken GetScopedCredentials GetWebIdentityToken`,
};

const ACTIONS_BY_ERA = ERA_NAMES.flatMap((era) =>
  [...ACTIONS.keys()].map((action) => ({
    name: `${action} in ${era}`,
    era,
    action,
    known: KNOWN[era].split(' ').includes(action),
  })),
);

function knows({ era, action, known }: (typeof ACTIONS_BY_ERA)[number]): void {
  const { body } = askFor(createDesk({ era }), action);
  const message = `Could not find operation ${action} for version 2011-06-15`;
  assert.equal(textIn(body, 'Message') === message, !known, body);
}

const ALL_REGIONS = REGIONS.map(({ id }) => id);

const SERVED_GLOBALLY = ERA_NAMES.flatMap((era) =>
  REGIONS.map((region) => ({ name: `a caller in ${region.id} in ${era}`, era, region })),
);

function served({ era, region }: (typeof SERVED_GLOBALLY)[number]): void {
  const near = era === '2026' && region.partition === 'aws' && region.enabledBy === 'default';
  const facts = eraNamed(era);
  assert.equal(globalServingRegion(region.id, ALL_REGIONS, facts), near ? region.id : 'us-east-1');
  const others = ALL_REGIONS.filter((id) => id !== region.id);
  const without = region.id === 'us-east-1' ? undefined : 'us-east-1';
  assert.equal(globalServingRegion(region.id, others, facts), without);
}

interface Difference {
  readonly name: string;
  readonly era: EraName;
  readonly since: EraName;
  readonly check: (desk: Desk, there: boolean) => void;
}

const TRUSTING_ALL = trustOf([`arn:aws:iam::${HOME}:user/app`, ROLE], 'sts:*');

const DIFFERENCES: readonly Difference[] = ERA_NAMES.flatMap((era) => {
  const since = (first: EraName, name: string, check: Difference['check']): Difference => ({
    name: `${name} in ${era}`,
    era,
    since: first,
    check,
  });
  return [
    since('2024', 'session tags', (desk, there) => {
      const members = membersInXml(
        desk.ask({ parameters: assuming(ROLE, tagParameters([['team', 'a']])) }).body,
        'AssumeRole',
      );
      assert.equal(members.includes('PackedPolicySize'), there);
    }),
    since('2024', 'tags out of order', (desk, there) => {
      const answer = desk.ask({ parameters: assuming(ROLE, tagParameters([['!', 'a']])) });
      assert.equal(answer.ok, !there, answer.body);
    }),
    since('2024', 'source identity', (desk, there) => {
      const { body } = desk.ask({ parameters: assuming(ROLE, { SourceIdentity: 'Jane' }) });
      assert.equal(textIn(body, 'SourceIdentity'), there ? 'Jane' : undefined);
    }),
    since('2024', 'trust of a role in itself has to be said', (desk, there) => {
      const itself = `arn:aws:iam::${HOME}:role/itself`;
      const credentials = session(desk, { RoleArn: itself });
      assert.equal(desk.ask({ credentials, parameters: assuming(itself) }).ok, !there);
    }),
    since('2026', 'SigV4a', (desk, there) => {
      const answer = desk.ask({
        parameters: assuming(ROLE),
        alter: (http) => ({
          ...http,
          headers: signHeaders(http, app(desk), {
            region: '',
            regionSet: '*',
            service: 'sts',
            atMs: NOON_MS,
          }),
        }),
      });
      if (there) assertAccepted(answer);
      else assert.equal(answer.errorCode, 'IncompleteSignature');
    }),
    since('2026', 'sizes of tokens', (desk, there) => {
      const members = membersInXml(desk.ask({ parameters: assuming(ROLE) }).body, 'AssumeRole');
      assert.equal(members.includes('SessionTokenSize'), there);
      assert.equal(members.includes('SessionTokenUtilization'), there);
    }),
    since('2026', 'MinimumSessionTokenSize', (desk, there) => {
      assert.equal(desk.ask({ parameters: assuming(ROLE, { MinimumSessionTokenSize: 'many' }) }).ok, !there);
      assert.equal(desk.ask({ parameters: assuming(ROLE, { MinimumSessionTokenSize: '9999' }) }).ok, !there);
    }),
  ];
});

function differs({ era, since, check }: Difference): void {
  const may = { policies: { all: policyOf(allow('sts:*')) } };
  const roles = [
    roleOf('app', TRUSTING_ALL),
    roleOf('itself', trustOf(`arn:aws:iam::${HOME}:user/app`, 'sts:AssumeRole'), may),
  ];
  // In 2015 the Region has to be activated, and later it must not be.
  const active = era === '2015' ? { activatedRegions: ['eu-west-1'] } : {};
  check(createDesk({ era, accounts: [home({ roles, ...active })] }), era >= since);
}
