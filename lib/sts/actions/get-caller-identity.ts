/** GetCallerIdentity: needs no permission, issues nothing, and so answers where the Region is switched off. */

import type { Action } from './action.ts';

export const getCallerIdentity: Action = {
  name: 'GetCallerIdentity',
  sharesQuota: true,
  run: ({ caller: { principal } }) => [
    ['Arn', principal.arn],
    ['UserId', principal.userId],
    ['Account', principal.account],
  ],
};
