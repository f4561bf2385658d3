/** A role is gone: AssumeRole says AccessDenied, in the words it has for a role that trusts somebody else. */

import { z } from 'zod';
import { defineFaultKind } from '../fault-kind.ts';
import { accountTarget } from '../target.ts';
import { planOnAccounts } from './settings.ts';

export const roleDeleted = defineFaultKind({
  kind: 'role-deleted',
  about: 'A role is deleted; it comes back afterwards as the same role.',
  fields: { target: accountTarget, role: z.string().default('app').describe('Name of the role.') },
  title: ({ role, target }) =>
    `role ${role} is deleted${target.account === undefined ? '' : ` in account ${target.account}`}`,
  plan: ({ role, target }, view) =>
    planOnAccounts(target, view, {
      fault: (account) => ({ kind: 'role-deleted', account, role }),
      operation: 'AssumeRole',
      codes: ['AccessDenied'],
    }),
});
