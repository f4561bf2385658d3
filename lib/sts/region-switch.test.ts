import { describe, expect, test } from 'vitest';
import { GLOBAL_ENDPOINT, regionalHost } from '../aws/endpoints.ts';
import { STS_VERSION } from '../aws/query-protocol.ts';
import { assuming, createDesk, sessionOf } from './test-desk.ts';

const ACCOUNT = '111122223333';

function deactivated() {
  const desk = createDesk();
  desk.identity.switchRegion({ account: ACCOUNT, region: 'eu-west-1', active: false });
  return desk;
}

describe('in a Region that is switched off for the account', () => {
  test.each(['AssumeRole', 'GetSessionToken'])('%s is refused in AWS’s words', (action) => {
    const desk = deactivated();
    const parameters = { ...assuming(desk.roleArn('aws')), Action: action };
    const answer = desk.ask({ parameters });
    expect(answer.served.answer.status).toBe(403);
    expect(answer.body).toBe(`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>RegionDisabledException</Code>
    <Message>STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.</Message>
  </Error>
  <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
</ErrorResponse>
`);
    expect(desk.ask({ parameters, host: regionalHost('eu-west-2') }).ok).toBe(true);
  });

  test('GetCallerIdentity answers as ever, also with credentials issued there before', () => {
    const desk = createDesk();
    const session = sessionOf(desk.ask({ parameters: assuming(desk.roleArn('aws')) }));
    desk.identity.switchRegion({ account: ACCOUNT, region: 'eu-west-1', active: false });
    expect(desk.ask().ok).toBe(true);
    expect(desk.ask({ credentials: session }).ok).toBe(true);
  });

  test('the refusal comes after the parameters and before the role’s trust', () => {
    const desk = deactivated();
    expect(desk.ask({ parameters: assuming('nothing-valid-in-here') }).errorCode).toBe('ValidationError');
    const credentials = desk.credentials('aws', 'admin');
    expect(desk.ask({ parameters: assuming(desk.roleArn('aws')), credentials }).errorCode).toBe(
      'RegionDisabledException',
    );
  });

  test('it is the role’s account that counts, not the caller’s', () => {
    const desk = deactivated();
    const role = 'arn:aws:iam::999988887777:role/elsewhere';
    expect(desk.ask({ parameters: assuming(role) }).errorCode).toBe('AccessDenied');
    const other = { id: '999988887777', partition: 'aws', users: [], roles: [] } as const;
    const world = createDesk({ accounts: [...desk.accounts, { ...other, disabledRegions: ['eu-west-1'] }] });
    expect(world.ask({ parameters: assuming(role) }).errorMessage).toContain('for account:999988887777.');
    expect(world.ask({ parameters: assuming(world.roleArn('aws')) }).ok).toBe(true);
  });

  test('the global endpoint issues on, wherever it is served', () => {
    const desk = deactivated();
    expect(desk.ask({ parameters: assuming(desk.roleArn('aws')), host: GLOBAL_ENDPOINT.host }).ok).toBe(true);
  });

  test('a fault’s hold on the switch is felt at once, and ends when it is released', () => {
    const desk = createDesk();
    const parameters = { Action: 'GetSessionToken', Version: STS_VERSION };
    const { switches, account } = desk.identity;
    const release = switches.holdOff(account(ACCOUNT), 'eu-west-1', () => {});
    expect(desk.ask({ parameters }).errorCode).toBe('RegionDisabledException');
    release();
    expect(desk.ask({ parameters }).ok).toBe(true);
  });
});
