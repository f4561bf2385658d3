/** A user's access keys are gone, by mistake or by someone who saw them leak: every Region calls them invalid. */

import { z } from 'zod';
import { defineFaultKind } from '../fault-kind.ts';
import { accountTarget } from '../target.ts';
import { planOnAccounts } from './settings.ts';

/** The user whose keys sign all probes, and who may assume the role of the same name. */
const PROBING_USER = 'app';

export const keysDeleted = defineFaultKind({
  kind: 'keys-deleted',
  about: "A user's access keys are deleted; they come back afterwards.",
  fields: { target: accountTarget, user: z.string().default(PROBING_USER).describe('Name of the user.') },
  title: ({ user, target }) =>
    `the keys of user ${user} are deleted${target.account === undefined ? '' : ` in account ${target.account}`}`,
  plan: ({ user, target }, view) =>
    planOnAccounts(target, view, {
      fault: (account) => ({ kind: 'keys-deleted', account, user }),
      // Others cannot assume the role, but everybody may ask who they are.
      ...(user === PROBING_USER ? { operation: 'AssumeRole' } : { operation: 'GetCallerIdentity', user }),
      codes: ['InvalidClientTokenId'],
    }),
});
