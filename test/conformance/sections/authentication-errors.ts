/** Authentication: every refusal that real STS was seen to make before it looks at parameters, in its own words. */

import type { HttpRequest } from '../../../lib/aws/sigv4/http-request.ts';
import { presign, signHeaders } from '../../../lib/aws/sigv4/signer.ts';
import { withoutEntry } from '../../../lib/identity/state.ts';
import { HOME } from '../../../lib/sts/actions/test-accounts.ts';
import { assuming, NOON_MS, sessionOf } from '../../../lib/sts/test-desk.ts';
import { INVALID_TOKEN, mismatch } from '../answers.ts';
import { app, type Case, judged, PROBE, session } from '../desk-cases.ts';
import { type Section, tally } from '../ledger.ts';

export const authenticationErrors: Section = {
  title: 'Errors of authentication',
  behaviours: () => [
    {
      id: 'authentication.scope',
      behaviour:
        'a wrong scope is a SignatureDoesNotMatch of its own, Region before service, in the words of its day',
      source: `${PROBE}; terraform-provider-aws issue 34865; hashicorp/vault pull 6268 until 2021`,
      status: 'recorded',
      check: () => tally(SCOPES, judged),
      atLeast: 9,
    },
    {
      id: 'authentication.clock',
      behaviour:
        'a signature is good for 15 minutes either way, presigned or not, and says so when it is not',
      source: 'aws/aws-cli issue 6676; kubernetes-sigs/aws-iam-authenticator pkg/token/token.go',
      status: 'recorded',
      check: () => tally(CLOCK, judged),
      atLeast: 11,
    },
    {
      id: 'authentication.key-and-token',
      behaviour:
        'keys and tokens that are unknown, inactive, foreign or orphaned are one error, expiry is another',
      source: `${PROBE}; litellm pull 38747; nccgroup/ScoutSuite issue 1389; boto/boto3 issue 1431`,
      status: 'recorded',
      check: () => tally(KEYS, judged),
      atLeast: 14,
    },
  ],
};

const REGION_WRONG = 'Credential should be scoped to a valid region. ';
const SERVICE_WRONG = "Credential should be scoped to correct service: 'sts'. ";

const SCOPES: readonly Case[] = [
  { name: 'another Region', ask: () => ({ signingRegion: 'us-east-1' }), error: mismatch(REGION_WRONG) },
  { name: 'a Region that is none', ask: () => ({ signingRegion: 'moon-1' }), error: mismatch(REGION_WRONG) },
  {
    name: 'a Region in capitals',
    ask: () => ({ signingRegion: 'EU-WEST-1' }),
    error: mismatch(REGION_WRONG),
  },
  {
    name: 'us-west-2 at the global name',
    ask: () => ({ host: 'sts.amazonaws.com', signingRegion: 'us-west-2' }),
    error: mismatch(REGION_WRONG),
  },
  { name: 'us-east-1 at the global name', ask: () => ({ host: 'sts.amazonaws.com' }) },
  { name: 'another service', ask: signedFor('eu-west-1', 'iam'), error: mismatch(SERVICE_WRONG) },
  { name: 'both', ask: signedFor('us-east-1', 'iam'), error: mismatch(REGION_WRONG + SERVICE_WRONG) },
  ...(['2015', '2018'] as const).map(
    (era): Case => ({
      name: `another Region, in ${era}`,
      desk: { era },
      ask: () => ({ parameters: assuming(`arn:aws:iam::${HOME}:role/app`), signingRegion: 'us-east-2' }),
      error: mismatch("Credential should be scoped to a valid region, not 'us-east-2'. "),
    }),
  ),
  {
    name: 'another Region, in 2024',
    desk: { era: '2024' },
    ask: () => ({ signingRegion: 'us-east-2' }),
    error: mismatch(REGION_WRONG),
  },
];

function signedFor(region: string, service: string): Case['ask'] {
  return (desk) => ({
    alter: (http) => ({
      ...http,
      headers: signHeaders(http, desk.credentials('aws', 'app'), { region, service, atMs: NOON_MS }),
    }),
  });
}

/** The moment of the recorded message. */
const RECORDED_MS = Date.parse('2022-01-27T01:59:28Z');
const MINUTES_15 = 900_000;

const CLOCK: readonly Case[] = [
  {
    name: 'the message on record',
    ask: (desk) => {
      desk.passMs(RECORDED_MS - NOON_MS);
      return { signedAtMs: Date.parse('2022-01-27T00:14:27Z') };
    },
    error: mismatch(
      'Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z (20220127T015928Z - 15 min.)',
    ),
  },
  ...[-MINUTES_15, 0, MINUTES_15].map(
    (offset): Case => ({
      name: `${offset / 1_000} s off`,
      ask: () => ({ signedAtMs: NOON_MS + offset }),
    }),
  ),
  {
    name: '15 minutes and a second ago',
    ask: () => ({ signedAtMs: NOON_MS - MINUTES_15 - 1_000 }),
    error: mismatch(
      'Signature expired: 20261124T114459Z is now earlier than 20261124T114500Z (20261124T120000Z - 15 min.)',
    ),
  },
  {
    name: '15 minutes and a second ahead',
    ask: () => ({ signedAtMs: NOON_MS + MINUTES_15 + 1_000 }),
    error: mismatch(
      'Signature not yet current: 20261124T121501Z is still later than 20261124T121500Z (20261124T120000Z + 15 min.)',
    ),
  },
  ...[1, 60, 604_800].flatMap((expiresSeconds): Case[] => [
    {
      name: `presigned for ${expiresSeconds} s, used after 15 minutes`,
      ask: presigned({ expiresSeconds, agoMs: MINUTES_15 }),
    },
    {
      name: `presigned for ${expiresSeconds} s, used a second later`,
      ask: presigned({ expiresSeconds, agoMs: MINUTES_15 + 1_000 }),
      error: mismatch(
        'Signature expired: 20261124T114459Z is now earlier than 20261124T114500Z (20261124T120000Z - 15 min.)',
      ),
    },
  ]),
];

function presigned({ expiresSeconds, agoMs }: { expiresSeconds: number; agoMs: number }): Case['ask'] {
  return (desk) => ({
    alter: ({ headers, body }) => {
      const host = headers.filter(([name]) => name === 'host');
      const bare: HttpRequest = { method: 'GET', path: '/', query: String(body), headers: host, body: '' };
      const context = { region: 'eu-west-1', service: 'sts', atMs: NOON_MS - agoMs, expiresSeconds };
      return { ...bare, query: presign(bare, desk.credentials('aws', 'app'), context) };
    },
  });
}

const KEYS: readonly Case[] = [
  {
    name: 'an unknown key',
    ask: (desk) => ({ credentials: { ...app(desk), accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } }),
    error: INVALID_TOKEN,
  },
  {
    name: 'an inactive key',
    ask: (desk) => {
      desk.identity.plane.change(HOME, (account) => ({
        ...account,
        accessKeys: new Map([...account.accessKeys].map(([id, key]) => [id, { ...key, status: 'Inactive' }])),
      }));
      return {};
    },
    error: INVALID_TOKEN,
  },
  {
    name: 'a deleted key',
    ask: (desk) => {
      const { accessKeyId } = app(desk);
      desk.identity.plane.change(HOME, (account) => ({
        ...account,
        accessKeys: withoutEntry(account.accessKeys, accessKeyId),
      }));
      return {};
    },
    error: INVALID_TOKEN,
  },
  {
    name: 'a key whose user is gone',
    ask: (desk) => {
      desk.identity.plane.change(HOME, (account) => ({ ...account, users: new Map() }));
      return {};
    },
    error: INVALID_TOKEN,
  },
  { name: 'a session', ask: (desk) => ({ credentials: session(desk) }) },
  {
    name: 'a session without its token',
    ask: (desk) => ({ credentials: { ...session(desk), sessionToken: '' } }),
    error: INVALID_TOKEN,
  },
  {
    name: "a session with another session's token",
    ask: (desk) => ({ credentials: { ...session(desk), sessionToken: session(desk).sessionToken ?? '' } }),
    error: INVALID_TOKEN,
  },
  {
    name: 'a long-term key with a token',
    ask: (desk) => ({ credentials: { ...app(desk), sessionToken: session(desk).sessionToken ?? '' } }),
    error: INVALID_TOKEN,
  },
  {
    name: 'a session with a word for a token',
    ask: (desk) => ({ credentials: { ...session(desk), sessionToken: 'token' } }),
    error: INVALID_TOKEN,
  },
  {
    name: 'a session whose role is gone',
    ask: (desk) => {
      const credentials = session(desk);
      desk.identity.plane.change(HOME, (account) => ({ ...account, roles: new Map() }));
      return { credentials };
    },
    error: INVALID_TOKEN,
  },
  {
    name: 'keys of another partition',
    ask: (desk) => ({ credentials: desk.credentials('aws-us-gov', 'app') }),
    error: INVALID_TOKEN,
  },
  {
    name: 'a session of another partition',
    ask: (desk) => ({
      credentials: sessionOf(
        desk.ask({
          host: 'sts.us-gov-west-1.amazonaws.com',
          credentials: desk.credentials('aws-us-gov', 'app'),
          parameters: assuming(desk.roleArn('aws-us-gov')),
        }),
      ),
    }),
    error: INVALID_TOKEN,
  },
  {
    name: 'a session in its last second',
    ask: (desk) => {
      const credentials = session(desk, { DurationSeconds: '900' });
      desk.passMs(899_999);
      return { credentials };
    },
  },
  {
    name: 'a session at its end',
    ask: (desk) => {
      const credentials = session(desk, { DurationSeconds: '900' });
      desk.passMs(900_000);
      return { credentials };
    },
    error: {
      status: 403,
      code: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    },
  },
];
