/** GetCallerIdentity: needs no permission, issues nothing, and so answers where the Region is switched off. */

import { escapeText } from '../answer.ts';
import type { Action } from './action.ts';

export const getCallerIdentity: Action = {
  name: 'GetCallerIdentity',
  run: ({ caller }) => `    <Arn>${escapeText(caller.arn)}</Arn>
    <UserId>${escapeText(caller.userId)}</UserId>
    <Account>${caller.account}</Account>
`,
};
