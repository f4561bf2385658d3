/** One-time passwords: each way in which real STS was seen to refuse one. */

import assert from 'node:assert/strict';
import type { Credentials } from '../../../lib/aws/credentials.ts';
import { signHeaders } from '../../../lib/aws/sigv4/signer.ts';
import { createIamService } from '../../../lib/iam/iam-service.ts';
import { totp } from '../../../lib/identity/mfa.ts';
import { allow, HOME, home, policyOf, withApp } from '../../../lib/sts/actions/test-accounts.ts';
import {
  assuming,
  createDesk,
  NOON_MS,
  REQUEST_ID,
  sessionOf,
  signedForm,
} from '../../../lib/sts/test-desk.ts';
import { createRandom } from '../../../lib/time/random.ts';
import { assertAccepted, calling, type ErrorFacts, INVALID_TOKEN, refused, textIn } from '../answers.ts';
import { type Case, judged } from '../desk-cases.ts';
import { type Section, tally } from '../ledger.ts';

export const mfa: Section = {
  title: 'MFA',
  behaviours: () => [
    {
      id: 'mfa.codes',
      behaviour: 'a one-time password that is wrong, used, half given or of no device has a sentence each',
      source: 'aws/aws-cli issue 2279; 99designs/aws-vault issue 676; y13i/sgviz issue 9',
      status: 'recorded',
      check: () => tally(MFA, judged),
      atLeast: 14,
    },
    {
      id: 'mfa.iam',
      behaviour: 'IAM does not know a session of GetSessionToken that was opened without a one-time password',
      source:
        'aws/aws-sdk-js issue 460; IAM User Guide, comparison of the actions that request temporary credentials',
      status: 'recorded',
      check: iamWantsMfa,
    },
  ],
};

const ROLE = `arn:aws:iam::${HOME}:role/app`;
const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const SERIAL = `arn:aws:iam::${HOME}:mfa/app`;
const WITH_DEVICE = { desk: { accounts: [withApp(home(), { mfaSeed: SEED })] } };
const CODE = totp(SEED, NOON_MS);
const WRONG_CODE = refused('MultiFactorAuthentication failed with invalid MFA one time pass code. ');
const WRONG_DEVICE = refused(
  'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
);
const HALF = refused(
  'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ',
);

const PASSWORDS: readonly (readonly [name: string, Record<string, string>, ErrorFacts?])[] = [
  ['the right code', { SerialNumber: SERIAL, TokenCode: CODE }],
  ['a wrong code', { SerialNumber: SERIAL, TokenCode: CODE === '000000' ? '000001' : '000000' }, WRONG_CODE],
  [
    'the code of an hour ago',
    { SerialNumber: SERIAL, TokenCode: totp(SEED, NOON_MS - 3_600_000) },
    WRONG_CODE,
  ],
  ['no such device', { SerialNumber: `${SERIAL}2`, TokenCode: CODE }, WRONG_DEVICE],
  ['a device without a code', { SerialNumber: SERIAL }, HALF],
  ['a code without a device', { TokenCode: CODE }, HALF],
];

const MFA: readonly Case[] = ['GetSessionToken', 'AssumeRole'].flatMap((action) => {
  const asking = (more: Record<string, string>) => ({
    parameters: calling(action, { ...(action === 'AssumeRole' ? assuming(ROLE) : {}), ...more }),
  });
  return [
    ...PASSWORDS.map(
      ([name, more, error]): Case => ({
        name: `${action}, ${name}`,
        ...WITH_DEVICE,
        ask: () => asking(more),
        ...(error && { error }),
      }),
    ),
    {
      name: `${action}, a code for the second time`,
      ...WITH_DEVICE,
      ask: (desk) => {
        const parameters = asking({ SerialNumber: SERIAL, TokenCode: CODE });
        assertAccepted(desk.ask(parameters));
        return parameters;
      },
      error: WRONG_CODE,
    },
  ];
});

/** ListUsers at IAM of partition aws, with a session of each kind. */
function iamWantsMfa(): void {
  const account = withApp(home(), { mfaSeed: SEED, policies: { all: policyOf(allow('*')) } });
  const desk = createDesk({ accounts: [account] });
  const iam = createIamService({ identity: desk.identity, partition: 'aws', random: createRandom(1) });
  const asked = (credentials: Credentials): { status: number; body: string } => {
    const parameters = { Action: 'ListUsers', Version: '2010-05-08' };
    const bare = signedForm({
      host: IAM,
      parameters,
      credentials,
      signingRegion: 'us-east-1',
      atMs: NOON_MS,
    });
    const context = { region: 'us-east-1', service: 'iam', atMs: NOON_MS };
    const http = { ...bare, headers: signHeaders(bare, credentials, context) };
    const request = { http, signingRegion: 'us-east-1', signingService: 'iam', global: false, sourceIp: '' };
    return iam.answer({ ...request, nowMs: NOON_MS, requestId: REQUEST_ID }).answer;
  };
  const session = (more: Readonly<Record<string, string>>): Credentials =>
    sessionOf(desk.ask({ parameters: calling('GetSessionToken', more) }));
  const without = asked(session({}));
  assert.equal(without.status, 403);
  assert.equal(textIn(without.body, 'Code'), 'InvalidClientTokenId', without.body);
  assert.equal(textIn(without.body, 'Message'), INVALID_TOKEN.message);
  assert.equal(asked(session({ SerialNumber: SERIAL, TokenCode: CODE })).status, 200);
}

const IAM = 'iam.amazonaws.com';
