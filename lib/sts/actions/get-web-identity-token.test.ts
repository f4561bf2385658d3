import { describe, expect, test } from 'vitest';
import { trusting } from '../../identity/accounts.ts';
import { assuming, createDesk, sessionOf } from '../test-desk.ts';
import {
  allow,
  appOf,
  askFor,
  HOME,
  home,
  policyOf,
  roleOf,
  tagParameters,
  textIn,
  withApp,
} from './test-accounts.ts';

const ISSUER_ID = '01234567-89ab-4def-a123-456789abcdef';
const ASKED = { 'Audience.member.1': 'https://app.example', SigningAlgorithm: 'ES384' };
const MUST = 'failed to satisfy constraint: Member must';

function deskWith(policy = policyOf(allow('sts:GetWebIdentityToken')), enabled = true) {
  const role = roleOf('app', trusting(appOf(home()).arn), { policies: { token: policy } });
  const desk = createDesk({
    accounts: [withApp(home({ roles: [role] }), { policies: { token: policy }, tags: { team: 'a' } })],
  });
  if (enabled) {
    desk.identity.plane.change(HOME, (account) => ({
      ...account,
      settings: { ...account.settings, outboundIssuer: ISSUER_ID },
    }));
  }
  return desk;
}

const ask = (desk: ReturnType<typeof deskWith>, more: Record<string, string> = {}) =>
  askFor(desk, 'GetWebIdentityToken', { ...ASKED, ...more });

const claimsOf = (body: string): Record<string, unknown> => {
  const payload = textIn(body, 'WebIdentityToken')?.split('.')[1] ?? '';
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
};

describe('GetWebIdentityToken', () => {
  test('says who the caller is to whom it was asked for', () => {
    const { body } = ask(deskWith(), tagParameters([['cost', '1']]));
    expect(textIn(body, 'Expiration')).toBe('2026-11-24T12:05:00Z');
    expect(claimsOf(body)).toMatchObject({
      iss: `https://${ISSUER_ID}.tokens.sts.global.api.aws`,
      aud: 'https://app.example',
      sub: appOf(home()).arn,
      'https://sts.amazonaws.com/': {
        aws_account: HOME,
        source_region: 'eu-west-1',
        principal_tags: { team: 'a' },
        request_tags: { cost: '1' },
      },
    });
  });

  test('names the role behind a session, and does not outlive it', () => {
    const desk = deskWith();
    const role = desk.roleArn('aws');
    const credentials = sessionOf(desk.ask({ parameters: assuming(role, { DurationSeconds: '900' }) }));
    const within = (DurationSeconds: string) =>
      askFor(desk, 'GetWebIdentityToken', { ...ASKED, DurationSeconds }, credentials);
    expect(claimsOf(within('900').body)).toMatchObject({ sub: role });
    expect(within('901')).toMatchObject({ errorCode: 'SessionDurationEscalationException' });
  });

  test('needs a permission, which conditions may narrow', () => {
    const policy = policyOf(
      allow('sts:GetWebIdentityToken', {
        Resource: '*',
        Condition: {
          'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': 'https://app.example' },
          NumericLessThanEquals: { 'sts:DurationSeconds': '300' },
          StringEquals: { 'sts:SigningAlgorithm': 'ES384' },
        },
      }),
    );
    const desk = deskWith(policy);
    expect(ask(desk).ok).toBe(true);
    for (const more of [
      { 'Audience.member.2': 'other' },
      { DurationSeconds: '301' },
      { SigningAlgorithm: 'RS256' },
    ]) {
      expect(ask(desk, more).errorMessage).toBe(
        `User: ${appOf(home()).arn} is not authorized to perform: sts:GetWebIdentityToken on resource: *`,
      );
    }
  });

  test('is refused where the account has not enabled it', () => {
    const answer = ask(deskWith(undefined, false));
    expect(answer.served.answer.status).toBe(403);
    expect(answer.errorCode).toBe('OutboundWebIdentityFederationDisabledException');
  });

  test.each<[Record<string, string>, string]>([
    [
      { SigningAlgorithm: 'HS256' },
      `Value 'HS256' at 'signingAlgorithm' ${MUST} satisfy enum value set: [RS256, ES384]`,
    ],
    [
      { SubjectMode: 'None' },
      `Value 'None' at 'subjectMode' ${MUST} satisfy enum value set: [AWSIdentity, OriginIdentity]`,
    ],
    [
      { DurationSeconds: '59' },
      `Value '59' at 'durationSeconds' ${MUST} have value greater than or equal to 60`,
    ],
    [
      { DurationSeconds: '3601' },
      `Value '3601' at 'durationSeconds' ${MUST} have value less than or equal to 3600`,
    ],
    [
      { 'Audience.member.1': '' },
      `Value '' at 'audience.1.member' ${MUST} have length greater than or equal to 1`,
    ],
  ])('refuses %j', (more, clause) => {
    expect(ask(deskWith(), more).errorMessage).toBe(`1 validation error detected: ${clause}`);
  });

  test('wants an audience and an algorithm', () => {
    expect(askFor(deskWith(), 'GetWebIdentityToken').errorMessage).toBe(
      `2 validation errors detected: Value null at 'audience' ${MUST} not be null; Value null at 'signingAlgorithm' ${MUST} not be null`,
    );
  });

  test('knows no identity but AWS’s own', () => {
    expect(ask(deskWith(), { SubjectMode: 'AWSIdentity' }).ok).toBe(true);
    expect(ask(deskWith(), { SubjectMode: 'OriginIdentity' }).errorCode).toBe('ValidationError');
    expect(ask(deskWith(), { Scope: 'read' }).errorCode).toBe('ValidationError');
  });

  test('answers where the Region is switched off, and not at the global endpoint', () => {
    const desk = deskWith();
    desk.identity.switchRegion({ account: HOME, region: 'eu-west-1', active: false });
    expect(ask(desk).ok).toBe(true);
    const answer = askFor(desk, 'GetWebIdentityToken', ASKED, undefined, 'sts.amazonaws.com');
    expect(answer).toMatchObject({ errorCode: 'InvalidAction', errorMessage: 'Unknown Operation' });
  });
});
