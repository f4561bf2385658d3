import { describe, expect, test } from 'vitest';
import { encodeDenial } from '../authorize.ts';
import { userCaller } from '../caller.ts';
import { createDesk, NOON_MS, signedForm } from '../test-desk.ts';
import { AWAY, askFor, away, HOME, home } from './test-accounts.ts';

describe('DecodeAuthorizationMessage', () => {
  const desk = createDesk({ accounts: [home(), away()] });
  const account = desk.identity.account(HOME);
  const user = account.users.get('app');
  if (user === undefined) throw new Error('no app');
  const http = signedForm({
    host: 'iam.amazonaws.com',
    parameters: {},
    credentials: desk.credentials('aws', 'app'),
    signingRegion: 'us-east-1',
    atMs: NOON_MS,
  });
  const denied = {
    caller: userCaller(account, user, 'AKIA'),
    nowMs: NOON_MS,
    endpointRegion: 'us-east-1',
    sourceIp: '127.0.0.1',
    http,
  };
  const question = { action: 'iam:CreateUser', resource: `arn:aws:iam::${HOME}:user/new` };
  const key = desk.identity.keysOf('aws').sessionTokens;
  const message = encodeDenial(denied, question, key) ?? '';
  const decode = (EncodedMessage: string, name = 'admin') =>
    askFor(desk, 'DecodeAuthorizationMessage', { EncodedMessage }, desk.credentials('aws', name));

  test('explains a denial of its account', () => {
    const { body } = decode(message);
    const json = /<DecodedMessage>([^<]*)</.exec(body)?.[1] ?? '';
    expect(JSON.parse(json)).toMatchObject({
      allowed: false,
      explicitDeny: false,
      matchedStatements: { items: [] },
      context: { principal: { id: user.userId, name: 'app', arn: user.arn }, ...question },
    });
    expect(json).toContain('{"key":"aws:requestedregion","values":{"items":[{"value":"us-east-1"}]}}');
  });

  test('does not explain one of another account, or what was never a message', () => {
    const elsewhere = {
      ...denied,
      caller: { ...denied.caller, principal: { ...denied.caller.principal, account: AWAY } },
    };
    for (const foreign of [encodeDenial(elsewhere, question, key) ?? '', message.slice(1), 'nonsense']) {
      const answer = decode(foreign);
      expect(answer.served.answer.status).toBe(400);
      expect(answer.errorCode).toBe('InvalidAuthorizationMessageException');
    }
  });

  test('needs a permission, and says nothing about the message without it', () => {
    for (const any of [message, 'nonsense']) {
      expect(decode(any, 'app')).toMatchObject({
        errorCode: 'AccessDenied',
        errorMessage: `User: ${user.arn} is not authorized to perform: sts:DecodeAuthorizationMessage on resource: *`,
      });
    }
  });
});
