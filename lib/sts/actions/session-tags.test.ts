import { describe, expect, test } from 'vitest';
import { trusting } from '../../identity/accounts.ts';
import { assuming, createDesk, type Desk, sessionOf } from '../test-desk.ts';
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
  tagParameters,
  trustOf,
  withApp,
} from './test-accounts.ts';

const APP = appOf(home()).arn;
const ROLE = `arn:aws:iam::${HOME}:role/app`;
const NEXT = `arn:aws:iam::${HOME}:role/next`;

/** `next` may be assumed by sessions of `app` and tells of their tags by whom it lets in. */
function chainDesk(trust = trusting(ROLE)): Desk {
  return createDesk({ accounts: [home({ roles: [...home().roles, roleOf('next', trust)] })] });
}

const chained = (desk: Desk, first: Record<string, string>, second: Record<string, string> = {}) => {
  const credentials = sessionOf(desk.ask({ parameters: assuming(ROLE, first) }));
  return desk.ask({ parameters: assuming(NEXT, second), credentials });
};

describe('session tags', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'a transitive key that is no tag',
      tagParameters([['team', 'a']], ['cost']),
      'The specified transitive tag key must be included in the requested tags.',
    ],
    [
      'a transitive key without any tag',
      tagParameters([], ['team']),
      'The specified transitive tag key must be included in the requested tags.',
    ],
    [
      'keys that differ in their case only',
      tagParameters([
        ['team', 'a'],
        ['Team', 'b'],
      ]),
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      'a key of AWS’s own',
      tagParameters([['AWS:team', 'a']]),
      'Tag keys must not begin with the reserved prefix aws:',
    ],
  ])('refuse %s', (_name, parameters, message) => {
    expect(createDesk().ask({ parameters: assuming(ROLE, parameters) })).toMatchObject({
      errorCode: 'InvalidParameterValue',
      errorMessage: message,
    });
  });

  test('need sts:TagSession of the trust policy, and of the caller’s policies across accounts', () => {
    const target = `arn:aws:iam::${AWAY}:role/target`;
    const denial = (arn: string) =>
      `User: ${APP} is not authorized to perform: sts:TagSession on resource: ${arn}`;
    const tags = tagParameters([['team', 'a']]);
    const deskWith = (trusted: readonly string[], own: readonly string[]) =>
      createDesk({
        accounts: [
          withApp(home({ roles: [roleOf('app', trustOf(APP, trusted))] }), {
            policies: { assumes: policyOf(allow(own)) },
          }),
          away({ roles: [roleOf('target', trustOf(APP, trusted), {}, AWAY)] }),
        ],
      });
    const both = ['sts:AssumeRole', 'sts:TagSession'];
    const [only = ''] = both;
    expect(deskWith([only], both).ask({ parameters: assuming(ROLE, tags) }).errorMessage).toBe(denial(ROLE));
    expect(deskWith(both, [only]).ask({ parameters: assuming(ROLE, tags) }).ok).toBe(true);
    expect(deskWith(both, [only]).ask({ parameters: assuming(target, tags) }).errorMessage).toBe(
      denial(target),
    );
    expect(deskWith(both, both).ask({ parameters: assuming(target, tags) }).ok).toBe(true);
    expect(deskWith([only], [only]).ask({ parameters: assuming(target) }).ok).toBe(true);
  });

  test('are seen by the conditions of the trust policy', () => {
    const trust = trustOf(APP, ['sts:AssumeRole', 'sts:TagSession'], {
      Condition: {
        StringEquals: { 'aws:RequestTag/Team': 'a' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost'], 'sts:TransitiveTagKeys': ['cost'] },
      },
    });
    const desk = createDesk({ accounts: [home({ roles: [roleOf('app', trust)] })] });
    const ask = (...tags: Parameters<typeof tagParameters>) =>
      desk.ask({ parameters: assuming(ROLE, tagParameters(...tags)) }).ok;
    expect(ask([['team', 'a']])).toBe(true);
    expect(
      ask(
        [
          ['team', 'a'],
          ['cost', '1'],
        ],
        ['cost'],
      ),
    ).toBe(true);
    expect(ask([['team', 'b']])).toBe(false);
    expect(
      ask([
        ['team', 'a'],
        ['other', '1'],
      ]),
    ).toBe(false);
    expect(ask([['team', 'a']], ['team'])).toBe(false);
    expect(ask([])).toBe(false);
  });

  test('are the session’s principal tags, before those of the role', () => {
    const role = roleOf('app', trusting(APP), {
      tags: { Team: 'role', level: '1' },
      policies: {
        info: policyOf(
          allow('sts:GetAccessKeyInfo', {
            Resource: '*',
            Condition: {
              StringEquals: { 'aws:PrincipalTag/team': 'session', 'aws:PrincipalTag/level': '1' },
            },
          }),
        ),
      },
    });
    const desk = createDesk({ accounts: [home({ roles: [role] })] });
    const { accessKeyId: AccessKeyId } = desk.credentials('aws', 'app');
    const ask = (tags: Record<string, string>) => {
      const credentials = sessionOf(desk.ask({ parameters: assuming(ROLE, tags) }));
      return askFor(desk, 'GetAccessKeyInfo', { AccessKeyId }, credentials).ok;
    };
    expect(ask(tagParameters([['TEAM', 'session']]))).toBe(true);
    expect(ask({})).toBe(false);
  });

  test('go down a chain when they are transitive, and further down', () => {
    const inherits = trustOf([ROLE, NEXT], ['sts:AssumeRole', 'sts:TagSession'], {
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } },
    });
    const desk = chainDesk(inherits);
    expect(
      chained(
        desk,
        tagParameters(
          [
            ['team', 'a'],
            ['cost', '1'],
          ],
          ['TEAM'],
        ),
      ).ok,
    ).toBe(true);
    const deeper = sessionOf(chained(desk, tagParameters([['team', 'a']], ['team'])));
    expect(desk.ask({ parameters: assuming(NEXT), credentials: deeper }).ok).toBe(true);
    // Those that are not transitive end with their session.
    const last = sessionOf(
      chained(
        desk,
        tagParameters([
          ['team', 'a'],
          ['cost', '1'],
        ]),
      ),
    );
    expect(desk.ask({ parameters: assuming(NEXT), credentials: last }).ok).toBe(false);
  });

  test('go down a chain without those that are not transitive', () => {
    const third = roleOf(
      'third',
      trustOf(NEXT, ['sts:AssumeRole', 'sts:TagSession'], {
        Condition: {
          StringEquals: { 'aws:PrincipalTag/team': 'a' },
          Null: { 'aws:PrincipalTag/cost': 'true' },
        },
      }),
    );
    const desk = createDesk({
      accounts: [home({ roles: [...home().roles, roleOf('next', trusting(ROLE)), third] })],
    });
    const tags = [
      ['team', 'a'],
      ['cost', '1'],
    ] as const;
    const onlyTeam = sessionOf(chained(desk, tagParameters(tags, ['team'])));
    expect(desk.ask({ parameters: assuming(third.arn), credentials: onlyTeam }).ok).toBe(true);
    const both = sessionOf(chained(desk, tagParameters(tags, ['team', 'cost'])));
    expect(desk.ask({ parameters: assuming(third.arn), credentials: both }).ok).toBe(false);
  });

  test('need sts:TagSession of the next role even where they are only handed down', () => {
    const desk = chainDesk(trustOf(ROLE, 'sts:AssumeRole'));
    expect(chained(desk, tagParameters([['team', 'a']], ['team'])).errorMessage).toBe(
      `User: arn:aws:sts::${HOME}:assumed-role/app/game-day is not authorized to perform: sts:TagSession on resource: ${NEXT}`,
    );
    expect(chained(desk, tagParameters([['team', 'a']])).ok).toBe(true);
  });

  test.each(['team', 'Team'])('that were handed down cannot be replaced by %s', (key) => {
    const answer = chained(
      chainDesk(),
      tagParameters([['team', 'a']], ['team']),
      tagParameters([[key, 'b']], [key]),
    );
    expect(answer).toMatchObject({
      errorCode: 'InvalidParameterValue',
      errorMessage:
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    });
  });
});

describe('the source identity', () => {
  const both = ['sts:AssumeRole', 'sts:SetSourceIdentity'];
  const denial = (action: string) =>
    `User: ${APP} is not authorized to perform: sts:${action} on resource: ${ROLE}`;
  const deskWith = (trust: Parameters<typeof roleOf>[1]) =>
    createDesk({ accounts: [home({ roles: [roleOf('app', trust)] })] });
  const as = (SourceIdentity: string) => assuming(ROLE, { SourceIdentity });

  test('stands in the answer behind the credentials', () => {
    const { body } = createDesk().ask({ parameters: as('Jane') });
    expect(body).toContain('    </Credentials>\n    <SourceIdentity>Jane</SourceIdentity>\n');
  });

  test('needs sts:SetSourceIdentity of the trust policy', () => {
    const desk = deskWith(trustOf(APP, 'sts:AssumeRole'));
    expect(desk.ask({ parameters: as('Jane') }).errorMessage).toBe(denial('SetSourceIdentity'));
    expect(deskWith(trustOf(APP, both)).ask({ parameters: as('Jane') }).ok).toBe(true);
  });

  test('that a condition does not want is refused as such, and its absence as AssumeRole', () => {
    const desk = deskWith(
      trustOf(APP, both, { Condition: { StringEquals: { 'sts:SourceIdentity': 'Jane' } } }),
    );
    expect(desk.ask({ parameters: as('Jane') }).ok).toBe(true);
    expect(desk.ask({ parameters: as('Joe') }).errorMessage).toBe(denial('SetSourceIdentity'));
    expect(desk.ask({ parameters: assuming(ROLE) }).errorMessage).toBe(denial('AssumeRole'));
  });

  test('stays along a chain and cannot be changed there', () => {
    const desk = chainDesk(
      trustOf(ROLE, both, { Condition: { StringEquals: { 'aws:SourceIdentity': 'Jane' } } }),
    );
    const inherited = chained(desk, { SourceIdentity: 'Jane' });
    expect(inherited.body).toContain('<SourceIdentity>Jane</SourceIdentity>');
    expect(chained(desk, { SourceIdentity: 'Jane' }, { SourceIdentity: 'Jane' }).ok).toBe(true);
    expect(chained(desk, { SourceIdentity: 'Jane' }, { SourceIdentity: 'Joe' })).toMatchObject({
      errorCode: 'ValidationError',
      errorMessage: 'The source identity is already set for this assume role session',
    });
    expect(chained(desk, {}, { SourceIdentity: 'Jane' }).ok).toBe(false);
  });

  test('that is handed down still needs sts:SetSourceIdentity of the next role', () => {
    const desk = chainDesk(trustOf(ROLE, 'sts:AssumeRole'));
    expect(chained(desk, { SourceIdentity: 'Jane' }).errorMessage).toContain('sts:SetSourceIdentity');
  });
});
