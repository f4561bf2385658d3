/** Values that real STS was seen to refuse, and the sentence for each; those beside them that it takes. */

import assert from 'node:assert/strict';
import { assuming, createDesk } from '../../../lib/sts/test-desk.ts';
import { calling, type ErrorFacts, errorXml, invalid, type Parameters } from '../answers.ts';
import { type Case, judged, PROBE, session } from '../desk-cases.ts';
import { type Section, tally } from '../ledger.ts';
import { asking, atMost, DESK, MUST, malformed, one, ROLE, SHORT } from '../role-desk.ts';

export const recordedValidation: Section = {
  title: 'Recorded validation errors',
  behaviours: () => [
    {
      id: 'validation.duration',
      behaviour: 'DurationSeconds is read, bounded, held against the role and then against chaining',
      source: `${PROBE}; awsu issue 27`,
      status: 'recorded',
      check: () => tally(DURATIONS, judged),
      atLeast: 18,
    },
    {
      id: 'validation.role-arn',
      behaviour: 'RoleArn is missing, out of bounds or no ARN of a role in the words of each',
      source: `${PROBE}; localstack/localstack, recorded 2025-07-21`,
      status: 'recorded',
      check: () => tally(ARNS, judged),
      atLeast: 7,
    },
    {
      id: 'validation.names',
      behaviour: 'session name, external id and source identity quote the value and print the pattern',
      source: `${PROBE}; localstack/localstack, recorded 2025-07-21 and 2026-02-09`,
      status: 'recorded',
      check: () => tally(NAMES, judged),
      atLeast: 12,
    },
    {
      id: 'validation.several',
      behaviour: 'all faults of a request are told at once, in whatever order',
      source: PROBE,
      status: 'recorded',
      check: () => tally(SEVERAL, allAtOnce),
      atLeast: 4,
    },
  ],
};

const lasting = (DurationSeconds: string, error?: ErrorFacts): Case =>
  asking(`DurationSeconds '${DurationSeconds}'`, assuming(ROLE, { DurationSeconds }), error);

const OVER_ROLE = invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');

const DURATIONS: readonly Case[] = [
  lasting('899', one(`Value '899' at 'durationSeconds' ${MUST} have value greater than or equal to 900`)),
  lasting('43201', one(`Value '43201' at 'durationSeconds' ${MUST} have value less than or equal to 43200`)),
  lasting('0', one(`Value '0' at 'durationSeconds' ${MUST} have value greater than or equal to 900`)),
  lasting('-1', one(`Value '-1' at 'durationSeconds' ${MUST} have value greater than or equal to 900`)),
  ...['900', '43200', '+900', '0900'].map((text) => lasting(text)),
  ...['abc', '900.0', '2147483648', '-2147483649', '9e2', ' 900', '0x384'].map((text) =>
    lasting(text, malformed()),
  ),
  lasting('', malformed('missing value for decimal type')),
  lasting(
    '2147483647',
    one(`Value '2147483647' at 'durationSeconds' ${MUST} have value less than or equal to 43200`),
  ),
  asking('more than the role allows', assuming(SHORT, { DurationSeconds: '3601' }), OVER_ROLE),
  asking('what the role allows', assuming(SHORT, { DurationSeconds: '3600' })),
  ...[undefined, '3600', '3601'].map(
    (DurationSeconds): Case => ({
      name: `${DurationSeconds ?? 'nothing said'} in a chain`,
      desk: DESK,
      ask: (desk) => ({
        credentials: session(desk),
        parameters: assuming(ROLE, DurationSeconds === undefined ? {} : { DurationSeconds }),
      }),
      ...(DurationSeconds === '3601' && {
        error: invalid(
          'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
        ),
      }),
    }),
  ),
];

const ARNS: readonly Case[] = [
  asking(
    'RoleArn missing',
    calling('AssumeRole', { RoleSessionName: 'game-day' }),
    one(`Value null at 'roleArn' ${MUST} not be null`),
  ),
  ...[
    'nothing-valid-in-here',
    'arn::b:::something/test-role',
    'arn:a::::something/test-role',
    'arn:a:::something/test-role',
    'arn:a:a::aaaaaaaaaa:',
  ].map((text) => asking(text, assuming(text), invalid(`${text} is invalid`))),
  asking(
    'a RoleArn of 19 characters',
    assuming('arn:aws:iam::1:role'),
    one(`Value 'arn:aws:iam::1:role' at 'roleArn' ${MUST} have length greater than or equal to 20`),
  ),
];

const long = (length: number): string => 's'.repeat(length);

const NAME = '[\\w+=,.@-]*';
const atLeast = (value: string, member: string, length: number): ErrorFacts =>
  one(`Value '${value}' at '${member}' ${MUST} have length greater than or equal to ${length}`);
const unlike = (value: string, member: string, pattern: string): ErrorFacts =>
  one(`Value '${value}' at '${member}' ${MUST} satisfy regular expression pattern: ${pattern}`);

const NAMES: readonly Case[] = [
  asking(
    'a session name with a colon',
    assuming(ROLE, { RoleSessionName: 'Session1:2' }),
    unlike('Session1:2', 'roleSessionName', NAME),
  ),
  asking(
    'a session name of 65',
    assuming(ROLE, { RoleSessionName: long(65) }),
    atMost(long(65), 'roleSessionName', 64),
  ),
  asking('a session name of 64', assuming(ROLE, { RoleSessionName: long(64) })),
  asking('a session name of 1', assuming(ROLE, { RoleSessionName: 's' }), atLeast('s', 'roleSessionName', 2)),
  asking('an external id of 1', assuming(ROLE, { ExternalId: 's' }), atLeast('s', 'externalId', 2)),
  asking('an external id of 1,224', assuming(ROLE, { ExternalId: long(1_224) })),
  asking(
    'an external id of 1,225',
    assuming(ROLE, { ExternalId: long(1_225) }),
    atMost(long(1_225), 'externalId', 1_224),
  ),
  asking(
    'an external id with a space',
    assuming(ROLE, { ExternalId: 'a b' }),
    unlike('a b', 'externalId', '[\\w+=,.@:\\/-]*'),
  ),
  asking(
    'a source identity of 1',
    assuming(ROLE, { SourceIdentity: 's' }),
    atLeast('s', 'sourceIdentity', 2),
  ),
  asking('a source identity of 256, four times the model', assuming(ROLE, { SourceIdentity: long(256) })),
  asking(
    'a source identity of 257',
    assuming(ROLE, { SourceIdentity: long(257) }),
    atMost(long(257), 'sourceIdentity', 256),
  ),
  asking(
    'a source identity that begins with aws:',
    assuming(ROLE, { SourceIdentity: 'aws:Jane' }),
    unlike('aws:Jane', 'sourceIdentity', NAME),
  ),
  asking(
    'a character above U+FFFF, which is one and fits no pattern',
    assuming(ROLE, { RoleSessionName: `s${'\u{1f642}'.repeat(63)}` }),
    unlike(`s${'\u{1f642}'.repeat(63)}`, 'roleSessionName', NAME),
  ),
];

interface Several {
  readonly name: string;
  readonly parameters: Parameters;
  readonly clauses: readonly string[];
}

const ARN_PATTERN =
  '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+';

const SEVERAL: readonly Several[] = [
  {
    name: 'an empty RoleArn',
    parameters: assuming(''),
    clauses: [
      `Value '' at 'roleArn' ${MUST} satisfy regular expression pattern: ${ARN_PATTERN}`,
      `Value '' at 'roleArn' ${MUST} have length greater than or equal to 20`,
    ],
  },
  {
    name: 'nothing at all',
    parameters: calling('AssumeRole'),
    clauses: [
      `Value null at 'roleArn' ${MUST} not be null`,
      `Value null at 'roleSessionName' ${MUST} not be null`,
    ],
  },
  {
    name: 'an external id of one wrong character',
    parameters: assuming(ROLE, { ExternalId: '!' }),
    clauses: [
      `Value '!' at 'externalId' ${MUST} satisfy regular expression pattern: [\\w+=,.@:\\/-]*`,
      `Value '!' at 'externalId' ${MUST} have length greater than or equal to 2`,
    ],
  },
  {
    name: 'several parameters',
    parameters: assuming(ROLE, { RoleSessionName: 's', DurationSeconds: '1', SourceIdentity: 's' }),
    clauses: [
      `Value 's' at 'roleSessionName' ${MUST} have length greater than or equal to 2`,
      `Value '1' at 'durationSeconds' ${MUST} have value greater than or equal to 900`,
      `Value 's' at 'sourceIdentity' ${MUST} have length greater than or equal to 2`,
    ],
  },
];

function allAtOnce({ parameters, clauses }: Several): void {
  const { body, errorMessage } = createDesk(DESK).ask({ parameters });
  const head = `${clauses.length} validation errors detected: `;
  assert.ok(errorMessage.startsWith(head), errorMessage);
  assert.deepEqual(errorMessage.slice(head.length).split('; ').sort(), [...clauses].sort());
  assert.equal(body, errorXml(invalid(errorMessage)));
}
