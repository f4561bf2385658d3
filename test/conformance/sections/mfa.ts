/** One-time passwords: each way in which real STS was seen to refuse one. */

import { totp } from '../../../lib/identity/mfa.ts';
import { HOME, home, withApp } from '../../../lib/sts/actions/test-accounts.ts';
import { assuming, NOON_MS } from '../../../lib/sts/test-desk.ts';
import { assertAccepted, calling, type ErrorFacts, refused } from '../answers.ts';
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
