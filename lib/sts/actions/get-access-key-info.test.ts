import { describe, expect, test } from 'vitest';
import { makeAccessKeyId } from '../../aws/access-key.ts';
import { createRandom } from '../../time/random.ts';
import { assuming, createDesk, sessionOf } from '../test-desk.ts';
import { allow, appOf, askFor, home, policyOf, withApp } from './test-accounts.ts';

const desk = createDesk({
  accounts: [withApp(home(), { policies: { may: policyOf(allow('sts:GetAccessKeyInfo')) } })],
});

describe('GetAccessKeyInfo', () => {
  test('tells whose a key is, wherever that account may be', () => {
    const AccessKeyId = makeAccessKeyId({ prefix: 'ASIA', account: '123456789012', random: createRandom(1) });
    const { body } = askFor(desk, 'GetAccessKeyInfo', { AccessKeyId });
    expect(body).toContain(`  <GetAccessKeyInfoResult>
    <Account>123456789012</Account>
  </GetAccessKeyInfoResult>`);
  });

  test('does not know an id that holds no account', () => {
    expect(askFor(desk, 'GetAccessKeyInfo', { AccessKeyId: 'abcdefghijklmnopqrst' }).errorCode).toBe(
      'InvalidClientTokenId',
    );
  });

  test('needs a permission', () => {
    const AccessKeyId = appOf(home()).accessKeyId;
    expect(askFor(createDesk(), 'GetAccessKeyInfo', { AccessKeyId })).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: `User: ${appOf(home()).arn} is not authorized to perform: sts:GetAccessKeyInfo on resource: *`,
    });
  });

  test('is not for sessions of GetSessionToken, whatever their user may', () => {
    const AccessKeyId = appOf(home()).accessKeyId;
    const credentials = sessionOf(askFor(desk, 'GetSessionToken'));
    expect(askFor(desk, 'GetAccessKeyInfo', { AccessKeyId }, credentials).errorCode).toBe('AccessDenied');
    expect(desk.ask({ parameters: assuming(desk.roleArn('aws')), credentials }).ok).toBe(true);
  });
});
