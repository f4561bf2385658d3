/** Permissions boundaries of users and roles. */

import { parseArn } from '../../aws/arn.ts';
import { indexOf } from '../../identity/account-index.ts';
import type { PolicyHolder } from '../../identity/state.ts';
import { action, change, type IamAction, type IamCall } from '../action.ts';
import { invalidInput, noSuchEntity } from '../errors.ts';
import { named } from '../fields.ts';
import { type HolderKind, ROLES, targetOf, the, USERS } from '../holders.ts';
import { arn } from '../rules.ts';

/** The ARN, once it is known to be that of a policy. RECORDED. @throws {Refusal} InvalidInput, NoSuchEntity. */
export function boundaryOf({ account }: IamCall, policyArn: string): string {
  const parsed = parseArn(policyArn);
  if (parsed?.service !== 'iam' || !parsed.resource.startsWith('policy/')) {
    throw invalidInput(`ARN ${policyArn} is not valid.`);
  }
  if (indexOf(account).managedPolicy(policyArn) === undefined) {
    throw noSuchEntity(`Scope ARN: ${policyArn} does not exist or is not attachable.`);
  }
  return policyArn;
}

function boundaryActions<Holder extends PolicyHolder>(kind: HolderKind<Holder>): readonly IamAction[] {
  const { noun } = kind;
  const name = named(`${noun}Name`, kind.name);
  return [
    action({
      name: `Put${noun}PermissionsBoundary`,
      fields: { name, PermissionsBoundary: arn },
      target: (input, call) => targetOf(kind, call, input.name),
      run: (input, call) => {
        change(call, (account) => {
          const holder = the(kind, account, input.name);
          return kind.put(account, { ...holder, boundary: boundaryOf(call, input.PermissionsBoundary) });
        });
        return undefined;
      },
    }),
    action({
      name: `Delete${noun}PermissionsBoundary`,
      fields: { name },
      target: (input, call) => targetOf(kind, call, input.name),
      run: (input, call) => {
        change(call, (account) => {
          const holder = { ...the(kind, account, input.name) };
          // COMMON.
          if (holder.boundary === undefined) {
            throw noSuchEntity(`${noun} ${input.name} does not have a permission boundary`);
          }
          delete (holder as { boundary?: string }).boundary;
          return kind.put(account, holder);
        });
        return undefined;
      },
    }),
  ];
}

export const BOUNDARY_ACTIONS: readonly IamAction[] = [...boundaryActions(USERS), ...boundaryActions(ROLES)];
