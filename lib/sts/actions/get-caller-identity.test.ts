import { describe, expect, test } from 'vitest';
import { assuming, createDesk, sessionOf } from '../test-desk.ts';
import { allow, askFor, deny, HOME, home, policyOf, textIn, withApp } from './test-accounts.ts';
import { rootCredentials, rootKeys } from './test-root.ts';

describe('GetCallerIdentity', () => {
  test('answers in the byte shape of the real service', () => {
    const desk = createDesk();
    const { body } = desk.ask();
    expect(body).toBe(`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::111122223333:user/app</Arn>
    <UserId>${desk.user('aws', 'app').userId}</UserId>
    <Account>111122223333</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
`);
  });

  // Source: the IAM User Guide's table of aws:userid; the ARNs are those of the STS API reference.
  test('knows every kind of caller', () => {
    const account = withApp(home({ root: rootKeys() }), {
      policies: { federates: policyOf(allow('sts:GetFederationToken')) },
    });
    const desk = createDesk({ accounts: [account] });
    const root = rootCredentials();
    const user = desk.user('aws', 'app');
    const roleId = desk.accounts[0]?.roles[0]?.roleId;
    const callers = {
      user: undefined,
      root,
      role: sessionOf(desk.ask({ parameters: assuming(desk.roleArn('aws')) })),
      userSession: sessionOf(askFor(desk, 'GetSessionToken')),
      rootSession: sessionOf(askFor(desk, 'GetSessionToken', {}, root)),
      federated: sessionOf(askFor(desk, 'GetFederationToken', { Name: 'Bob' })),
      federatedByRoot: sessionOf(askFor(desk, 'GetFederationToken', { Name: 'Bob' }, root)),
    };
    const said = Object.entries(callers).map(([kind, credentials]) => {
      const { body } = askFor(desk, 'GetCallerIdentity', {}, credentials);
      return [kind, textIn(body, 'Arn'), textIn(body, 'UserId'), textIn(body, 'Account')];
    });
    expect(said).toEqual([
      ['user', user.arn, user.userId, HOME],
      ['root', `arn:aws:iam::${HOME}:root`, HOME, HOME],
      ['role', `arn:aws:sts::${HOME}:assumed-role/app/game-day`, `${roleId}:game-day`, HOME],
      ['userSession', user.arn, user.userId, HOME],
      ['rootSession', `arn:aws:iam::${HOME}:root`, HOME, HOME],
      ['federated', `arn:aws:sts::${HOME}:federated-user/Bob`, `${HOME}:Bob`, HOME],
      ['federatedByRoot', `arn:aws:sts::${HOME}:federated-user/Bob`, `${HOME}:Bob`, HOME],
    ]);
  });

  test('heeds no policy, not even one that denies it', () => {
    const account = withApp(home(), { policies: { none: policyOf(deny('*')) } });
    expect(createDesk({ accounts: [account] }).ask().ok).toBe(true);
  });
});
