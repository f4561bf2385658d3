/**
 * GetDelegatedAccessToken, which AWS offers to enrolled partners only. Nobody is enrolled here and nobody can hold a
 * trade-in token, so that with permission to call it one learns that the token is no longer good. MODELLED.
 */

import { EXPIRED_TRADE_IN_TOKEN } from '../errors.ts';
import { checkText, type TextRule, validationOf } from '../validation.ts';
import type { Action } from './action.ts';
import { accountOf, refuseByPolicy, refuseKind, refuseRegion } from './may-call.ts';

export const getDelegatedAccessToken: Action = {
  name: 'GetDelegatedAccessToken',
  run: (call) => {
    const clauses: string[] = [];
    checkText(call.parameters.get('TradeInToken'), TRADE_IN_TOKEN, clauses);
    return (
      validationOf(clauses) ??
      refuseKind(call, 'GetDelegatedAccessToken', '*') ??
      refuseRegion(call, accountOf(call)) ??
      refuseByPolicy(call, 'GetDelegatedAccessToken', '*') ??
      EXPIRED_TRADE_IN_TOKEN
    );
  },
};

const TRADE_IN_TOKEN: TextRule = { member: 'tradeInToken', required: true, sensitive: true };
