/** Managed policies attached to users, groups and roles. */

import type { PolicyHolder } from '../../identity/state.ts';
import { action, change, type IamAction } from '../action.ts';
import { policyOf, refuseMalformedArn } from '../attachment.ts';
import { noSuchEntity, quotaExceeded } from '../errors.ts';
import { named } from '../fields.ts';
import { GROUPS, type HolderKind, ROLES, targetOf, the, USERS } from '../holders.ts';
import { pageOf } from '../page.ts';
import { QUOTAS } from '../quotas.ts';
import { arn, PAGING, policyPath } from '../rules.ts';
import { attachedPolicy, listOf } from '../shapes.ts';

function attachedActions<Holder extends PolicyHolder>(kind: HolderKind<Holder>): readonly IamAction[] {
  const { noun } = kind;
  const name = named(`${noun}Name`, kind.name);
  return [
    action({
      name: `Attach${noun}Policy`,
      fields: { name, PolicyArn: arn },
      target: (input, call) => targetOf(kind, call, input.name),
      run: (input, call) => {
        const { PolicyArn } = input;
        refuseMalformedArn(PolicyArn);
        change(call, (account) => {
          const holder = the(kind, account, input.name);
          if (policyOf(account, PolicyArn) === undefined) {
            throw noSuchEntity(`Policy ${PolicyArn} does not exist or is not attachable.`);
          }
          const { attachedPolicies } = holder;
          if (attachedPolicies.includes(PolicyArn)) return account;
          if (attachedPolicies.length >= QUOTAS.attachedPolicies) {
            // COMMON.
            throw quotaExceeded(`PoliciesPer${noun}`, QUOTAS.attachedPolicies);
          }
          return kind.put(account, { ...holder, attachedPolicies: [...attachedPolicies, PolicyArn] });
        });
        return undefined;
      },
    }),
    action({
      name: `Detach${noun}Policy`,
      fields: { name, PolicyArn: arn },
      target: (input, call) => targetOf(kind, call, input.name),
      run: (input, call) => {
        const { PolicyArn } = input;
        refuseMalformedArn(PolicyArn);
        change(call, (account) => {
          const holder = the(kind, account, input.name);
          const rest = holder.attachedPolicies.filter((attached) => attached !== PolicyArn);
          // RECORDED: the same whether the policy is missing or only not attached.
          if (rest.length === holder.attachedPolicies.length) {
            throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
          }
          return kind.put(account, { ...holder, attachedPolicies: rest });
        });
        return undefined;
      },
    }),
    action({
      name: `ListAttached${noun}Policies`,
      fields: { name, PathPrefix: policyPath, ...PAGING },
      target: (input, call) => targetOf(kind, call, input.name),
      run: (input, { account }) => {
        const prefix = input.PathPrefix ?? '/';
        const attached = the(kind, account, input.name).attachedPolicies.filter((held) =>
          pathOf(held).startsWith(prefix),
        );
        const { items, end } = pageOf(attached, (held) => held, input);
        return [['AttachedPolicies', listOf(items, attachedPolicy)], ...end];
      },
    }),
  ];
}

/** `arn:aws:iam::aws:policy/job-function/Billing` → `/job-function/`. */
function pathOf(policyArn: string): string {
  return policyArn.slice(policyArn.indexOf(':policy/') + ':policy'.length, policyArn.lastIndexOf('/') + 1);
}

export const ATTACHED_POLICY_ACTIONS: readonly IamAction[] = [
  ...attachedActions(USERS),
  ...attachedActions(GROUPS),
  ...attachedActions(ROLES),
];
