import { describe, expect, test } from 'vitest';
import { createDesk } from '../test-desk.ts';
import { askFor } from './test-accounts.ts';

describe('GetDelegatedAccessToken', () => {
  const ask = (desk: ReturnType<typeof createDesk>, name: string) =>
    askFor(desk, 'GetDelegatedAccessToken', { TradeInToken: 'token' }, desk.credentials('aws', name));

  test('is denied to who has no permission', () => {
    expect(ask(createDesk(), 'app').errorMessage).toContain(
      'is not authorized to perform: sts:GetDelegatedAccessToken on resource: *',
    );
  });

  test('takes every token for one that is no longer good, as nobody is enrolled', () => {
    const answer = ask(createDesk(), 'admin');
    expect(answer.served.answer.status).toBe(400);
    expect(answer.errorCode).toBe('ExpiredTradeInTokenException');
  });

  test('is unknown before its time', () => {
    expect(ask(createDesk({ era: '2024' }), 'admin').errorCode).toBe('InvalidAction');
  });
});
