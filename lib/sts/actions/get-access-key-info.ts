/**
 * GetAccessKeyInfo: whose account a key id belongs to, be the key active, inactive or gone, in whatever account. Read
 * from the id itself: nobody is asked.
 */

import { accountOfAccessKeyId } from '../../aws/access-key.ts';
import { INVALID_CLIENT_TOKEN_ID } from '../errors.ts';
import { checkText, type TextRule, validationOf } from '../validation.ts';
import type { Action } from './action.ts';
import { refuseByPolicy, refuseKind } from './may-call.ts';

export const getAccessKeyInfo: Action = {
  name: 'GetAccessKeyInfo',
  sharesQuota: true,
  run: (call) => {
    const accessKeyId = call.parameters.get('AccessKeyId');
    const clauses: string[] = [];
    checkText(accessKeyId, ACCESS_KEY_ID, clauses);
    const refused =
      validationOf(clauses) ??
      refuseKind(call, 'GetAccessKeyInfo', '*') ??
      refuseByPolicy(call, 'GetAccessKeyInfo', '*');
    if (refused !== undefined) return refused;
    const account = accountOfAccessKeyId(accessKeyId ?? '');
    // GUESS: ids of before March 2019 hold no account and are looked up by the real service; here there are none.
    return account === undefined ? INVALID_CLIENT_TOKEN_ID : [['Account', account]];
  },
};

const ACCESS_KEY_ID: TextRule = {
  member: 'accessKeyId',
  required: true,
  minimum: 16,
  maximum: 128,
  pattern: /^\w*$/,
  printedPattern: '[\\w]*',
};
