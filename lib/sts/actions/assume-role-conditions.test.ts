import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GLOBAL_ENDPOINT, regionalHost } from '../../aws/endpoints.ts';
import type { EraName } from '../../aws/eras.ts';
import { trusting } from '../../identity/accounts.ts';
import { assuming, createDesk, sessionOf, withHeader } from '../test-desk.ts';
import {
  AWAY,
  allow,
  appOf,
  askFor,
  away,
  HOME,
  home,
  policyOf,
  roleOf,
  trustOf,
  withApp,
} from './test-accounts.ts';

const APP = appOf(home()).arn;
const ROLE = `arn:aws:iam::${HOME}:role/app`;
const DENIED = `User: ${APP} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`;

const deskWith = (Condition: Record<string, unknown>, tags: Record<string, string> = {}) =>
  createDesk({
    accounts: [home({ roles: [roleOf('app', trustOf(APP, 'sts:AssumeRole', { Condition }), { tags })] })],
  });

describe('the trust policy’s conditions', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['the right external id', { ExternalId: 'secret' }, true],
    ['another', { ExternalId: 'Secret' }, false],
    ['none', {}, false],
  ])('see the external id: %s', (_name, more, allowed) => {
    const desk = deskWith({ StringEquals: { 'sts:ExternalId': 'secret' } });
    const answer = desk.ask({ parameters: assuming(ROLE, more) });
    expect(answer.ok).toBe(allowed);
    if (!allowed) expect(answer.errorMessage).toBe(DENIED);
  });

  test.each<[string, Record<string, unknown>, boolean]>([
    ['the session’s name', { StringEquals: { 'sts:RoleSessionName': 'game-day' } }, true],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of policies
    ['a variable in it', { StringEquals: { 'sts:RoleSessionName': '${aws:username}' } }, false],
    ['the Region asked', { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }, true],
    ['another Region', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }, false],
    ['the caller’s address', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, true],
    ['the caller’s ARN', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/app' } }, true],
    ['TLS', { Bool: { 'aws:SecureTransport': 'false' } }, false],
    ['the time', { DateLessThan: { 'aws:CurrentTime': '2026-11-24T12:00:00Z' } }, false],
    [
      'the role’s tags',
      { StringEquals: { 'iam:ResourceTag/level': '1', 'aws:ResourceTag/Level': '1' } },
      true,
    ],
    ['whose role it is', { StringEquals: { 'aws:ResourceAccount': HOME } }, true],
    ['MFA that nobody gave', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }, true],
    ['the client', { StringLike: { 'aws:UserAgent': 'client/*' } }, true],
  ])('see %s', (_name, condition, allowed) => {
    const answer = deskWith(condition, { level: '1' }).ask({
      parameters: assuming(ROLE),
      alter: (request) => withHeader(request, 'user-agent', 'client/1.0'),
    });
    expect(answer.ok).toBe(allowed);
  });

  test('name us-east-1 as the Region of the global endpoint', () => {
    const desk = deskWith({ StringEquals: { 'aws:RequestedRegion': 'us-east-1' } });
    expect(desk.ask({ parameters: assuming(ROLE), host: GLOBAL_ENDPOINT.host }).ok).toBe(true);
  });
});

describe('limits of the caller', () => {
  const target = `arn:aws:iam::${AWAY}:role/target`;
  const both = policyOf(allow('sts:*'));
  const ask = (change: Parameters<typeof withApp>[1], more: Parameters<typeof home>[0] = {}) =>
    createDesk({
      accounts: [
        withApp(home(more), { policies: { may: both }, ...change }),
        away({ roles: [roleOf('target', trusting(APP), {}, AWAY)] }),
      ],
    }).ask({ parameters: assuming(target) }).ok;

  test('are a boundary, an explicit deny and the organization’s policies', () => {
    const policies = { No: policyOf(allow('iam:*')), Yes: policyOf(allow('sts:AssumeRole')) };
    const arn = (name: string) => `arn:aws:iam::${HOME}:policy/${name}`;
    expect(ask({})).toBe(true);
    expect(ask({ boundary: arn('Yes') }, { policies })).toBe(true);
    expect(ask({ boundary: arn('No') }, { policies })).toBe(false);
    const scp = (action: string) => ({
      organization: {
        id: 'o-regionfall',
        managementAccount: '123456789012',
        path: 'o-regionfall/r-root/',
        controlPolicies: [{ scp: policyOf(allow(action)) }],
      },
    });
    expect(ask({}, scp('sts:*'))).toBe(true);
    expect(ask({}, scp('iam:*'))).toBe(false);
  });
});

describe('context that others vouch for', () => {
  const context = {
    'ProvidedContexts.member.1.ProviderArn': 'arn:aws:iam::aws:contextProvider/IdentityCenter',
    'ProvidedContexts.member.1.ContextAssertion': 'assertion',
  };

  test('is never genuine here, which only who may assume the role is told', () => {
    const desk = createDesk();
    const answer = desk.ask({ parameters: assuming(ROLE, context) });
    expect(answer.served.answer.status).toBe(400);
    expect(answer.errorCode).toBe('InvalidContextAssertion');
    const credentials = desk.credentials('aws', 'admin');
    expect(desk.ask({ parameters: assuming(ROLE, context), credentials }).errorCode).toBe('AccessDenied');
  });
});

describe('the version of a token', () => {
  const prefixOf = (era: EraName, host: string, globalTokenVersion?: 1 | 2): string => {
    const account = home(
      globalTokenVersion === undefined ? {} : { globalTokenVersion, activatedRegions: [] },
    );
    const desk = createDesk({ era, accounts: [{ ...account, activatedRegions: ['eu-west-1'] }] });
    const answer = desk.ask({ parameters: assuming(ROLE), host });
    return answer.credentials?.sessionToken.slice(0, 16) ?? answer.errorCode;
  };
  const ONE = 'FwoGZXIvYXdzE';
  const TWO = 'IQoJb3JpZ2luX2Vj';
  const regional = regionalHost('eu-west-1');

  test.each<[EraName, string, 1 | 2 | undefined, string]>([
    ['2026', regional, undefined, TWO],
    ['2026', GLOBAL_ENDPOINT.host, undefined, ONE],
    ['2026', GLOBAL_ENDPOINT.host, 2, TWO],
    ['2026', regional, 1, TWO],
    ['2018', GLOBAL_ENDPOINT.host, 2, ONE],
    ['2018', regional, undefined, TWO],
    ['2015', regional, undefined, ONE],
  ])('in %s from %s, %s chosen', (era, host, chosen, prefix) => {
    expect(prefixOf(era, host, chosen).startsWith(prefix.slice(0, 12))).toBe(true);
  });
});

describe('an opt-in Region that the role’s account has not enabled', () => {
  const region = 'ap-east-1';
  const target = `arn:aws:iam::${AWAY}:role/target`;
  const ask = (optedOut: { home?: boolean; away?: boolean }) =>
    createDesk({
      regions: ['eu-west-1', region],
      accounts: [
        withApp(home(optedOut.home ? { optedOutRegions: [region] } : {}), {
          policies: { may: policyOf(allow('sts:*')) },
        }),
        away({
          roles: [roleOf('target', trusting(APP), {}, AWAY)],
          ...(optedOut.away ? { optedOutRegions: [region] } : {}),
        }),
      ],
    }).ask({ parameters: assuming(target), host: regionalHost(region) }).errorCode;

  test('issues nothing for it, and does not know callers of an account that has not', () => {
    expect(ask({})).toBe('');
    expect(ask({ away: true })).toBe('RegionDisabledException');
    expect(ask({ home: true })).toBe('InvalidClientTokenId');
  });
});

describe('whatever a request says', () => {
  const desk = createDesk();
  const session = sessionOf(desk.ask({ parameters: assuming(ROLE) }));
  const ACTIONS = [
    'AssumeRole',
    'AssumeRoleWithSAML',
    'AssumeRoleWithWebIdentity',
    'AssumeRoot',
    'DecodeAuthorizationMessage',
    'GetAccessKeyInfo',
    'GetDelegatedAccessToken',
    'GetFederationToken',
    'GetScopedCredentials',
    'GetSessionToken',
    'GetWebIdentityToken',
  ];
  const NAMES = [
    'RoleArn',
    'PrincipalArn',
    'RoleSessionName',
    'Name',
    'Policy',
    'PolicyArns.member.1.arn',
    'DurationSeconds',
    'Tags.member.1.Key',
    'Tags.member.1.Value',
    'TransitiveTagKeys.member.1',
    'ExternalId',
    'SerialNumber',
    'TokenCode',
    'SourceIdentity',
    'ProvidedContexts.member.1.ProviderArn',
    'MinimumSessionTokenSize',
    'SAMLAssertion',
    'WebIdentityToken',
    'ProviderId',
    'TargetPrincipal',
    'TaskPolicyArn.arn',
    'EncodedMessage',
    'AccessKeyId',
    'TradeInToken',
    'Audience.member.1',
    'SigningAlgorithm',
  ];
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      '',
      '0',
      '900',
      '-1',
      ROLE,
      'app',
      '{}',
      policyText(),
      'a.b.c',
      APP,
      HOME,
      'RS256',
      '123456',
    ),
  );

  test('the answer is one of the service, and never a failure of ours', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ACTIONS),
        fc.dictionary(fc.constantFrom(...NAMES), value, { noNullPrototype: true }),
        fc.constantFrom('session', 'user', 'admin'),
        (action, parameters, who) => {
          const credentials =
            who === 'session' ? session : desk.credentials('aws', who === 'user' ? 'app' : 'admin');
          const { served } = askFor(desk, action, parameters, credentials);
          expect([200, 400, 403]).toContain(served.answer.status);
        },
      ),
      { numRuns: 400 },
    );
  });
});

function policyText(): string {
  return JSON.stringify(policyOf(allow('sts:*')));
}
