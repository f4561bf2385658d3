/** DecodeAuthorizationMessage: explains a denial to whoever may read such explanations in the account it happened in. */

import { LONGEST_ENCODED_MESSAGE, openMessage } from '../authorization-message.ts';
import { INVALID_AUTHORIZATION_MESSAGE } from '../errors.ts';
import { checkText, type TextRule, validationOf } from '../validation.ts';
import type { Action } from './action.ts';
import { refuseByPolicy, refuseKind } from './may-call.ts';

export const decodeAuthorizationMessage: Action = {
  name: 'DecodeAuthorizationMessage',
  sharesQuota: true,
  run: (call) => {
    const message = call.parameters.get('EncodedMessage');
    const clauses: string[] = [];
    checkText(message, ENCODED_MESSAGE, clauses);
    const refused =
      validationOf(clauses) ??
      refuseKind(call, 'DecodeAuthorizationMessage', '*') ??
      refuseByPolicy(call, 'DecodeAuthorizationMessage', '*');
    if (refused !== undefined) return refused;
    const decoded = openMessage(message ?? '', call.tokenKey, call.caller.principal.account);
    return decoded === undefined ? INVALID_AUTHORIZATION_MESSAGE : [['DecodedMessage', decoded]];
  },
};

const ENCODED_MESSAGE: TextRule = {
  member: 'encodedMessage',
  required: true,
  minimum: 1,
  maximum: LONGEST_ENCODED_MESSAGE,
};
