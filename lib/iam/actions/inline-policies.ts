/** Policies that are part of a user, a group or a role. */

import { type PolicyHolder, withEntry, withoutEntry } from '../../identity/state.ts';
import { action, change, type IamAction } from '../action.ts';
import { encoded, inlinePolicy, sizeOf } from '../documents.ts';
import { limitExceeded, noSuch } from '../errors.ts';
import { named } from '../fields.ts';
import { GROUPS, type HolderKind, ROLES, targetOf, the, USERS } from '../holders.ts';
import { pageOf } from '../page.ts';
import { QUOTAS } from '../quotas.ts';
import { longName, PAGING, policyDocument } from '../rules.ts';
import { listOf } from '../shapes.ts';

function inlineActions<Holder extends PolicyHolder>(kind: HolderKind<Holder>): readonly IamAction[] {
  const { noun } = kind;
  const parameter = `${noun}Name`;
  const name = named(parameter, kind.name);
  const absent = (policy: string) => noSuch(`${noun.toLowerCase()} policy`, policy);
  return [
    action({
      name: `Put${noun}Policy`,
      fields: { name, PolicyName: longName, PolicyDocument: policyDocument },
      target: (input, call) => targetOf(kind, call, input.name),
      run: ({ PolicyName, PolicyDocument, ...input }, call) => {
        change(call, (account) => {
          const holder = the(kind, account, input.name);
          const inlinePolicies = withEntry(
            holder.inlinePolicies,
            PolicyName,
            inlinePolicy(PolicyDocument, call),
          );
          const limit = QUOTAS.inlinePolicies[noun];
          let size = 0;
          for (const { text } of inlinePolicies.values()) size += sizeOf(text);
          if (size > limit) {
            // COMMON.
            throw limitExceeded(
              `Maximum policy size of ${limit} bytes exceeded for ${noun.toLowerCase()} ${input.name}`,
            );
          }
          return kind.put(account, { ...holder, inlinePolicies });
        });
        return undefined;
      },
    }),
    action({
      name: `Get${noun}Policy`,
      fields: { name, PolicyName: longName },
      target: (input, call) => targetOf(kind, call, input.name),
      run: (input, { account }) => {
        const policy = the(kind, account, input.name).inlinePolicies.get(input.PolicyName);
        if (policy === undefined) throw absent(input.PolicyName);
        return [
          [parameter, input.name],
          ['PolicyName', input.PolicyName],
          ['PolicyDocument', encoded(policy)],
        ];
      },
    }),
    action({
      name: `List${noun}Policies`,
      fields: { name, ...PAGING },
      target: (input, call) => targetOf(kind, call, input.name),
      run: (input, { account }) => {
        const { inlinePolicies } = the(kind, account, input.name);
        const { items, end } = pageOf(inlinePolicies.keys(), (policy) => policy, input);
        return [['PolicyNames', listOf(items, (policy) => policy)], ...end];
      },
    }),
    action({
      name: `Delete${noun}Policy`,
      fields: { name, PolicyName: longName },
      target: (input, call) => targetOf(kind, call, input.name),
      run: (input, call) => {
        change(call, (account) => {
          const holder = the(kind, account, input.name);
          if (!holder.inlinePolicies.has(input.PolicyName)) throw absent(input.PolicyName);
          const inlinePolicies = withoutEntry(holder.inlinePolicies, input.PolicyName);
          return kind.put(account, { ...holder, inlinePolicies });
        });
        return undefined;
      },
    }),
  ];
}

export const INLINE_POLICY_ACTIONS: readonly IamAction[] = [
  ...inlineActions(USERS),
  ...inlineActions(GROUPS),
  ...inlineActions(ROLES),
];
