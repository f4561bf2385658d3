/** What an action of IAM is made of. Each family of actions is one file, and one line in the table. */

import type { Era } from '../aws/eras.ts';
import type { Members } from '../aws/query-answer.ts';
import type { Identity } from '../identity/identity.ts';
import type { Account, WorldState } from '../identity/state.ts';
import type { Caller } from '../sts/caller.ts';
import type { Random } from '../time/random.ts';
import { type ConditionEntry, conditionsOf } from './conditions.ts';
import type { IamError } from './errors.ts';
import { type Fields, type InputOf, readFields } from './fields.ts';

export interface IamCall {
  /** Proved, from what the leader Region knows. */
  readonly caller: Caller;
  /** The caller's, as the control plane has it: ahead of every Region. */
  readonly account: Account;
  /** All accounts, for principals of trust policies. */
  readonly state: WorldState;
  readonly identity: Identity;
  readonly random: Random;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Why the caller may not do `action` on `resource`; `undefined`: allowed. */
  denial(action: string, resource: string): string | undefined;
}

/** What permission is asked for. */
export interface Target {
  readonly arn: string;
  /** Of the resource, for `aws:ResourceTag`. */
  readonly tags?: ReadonlyMap<string, string>;
}

export interface IamAction {
  readonly name: string;
  /** Absent: in all eras. */
  readonly existsIn?: (era: Era) => boolean;
  /** Whether the action needs its own permission, `iam:` and its name; else it sees to it itself. */
  readonly decidesItself?: true;
  prepare(parameters: ReadonlyMap<string, string>, call: IamCall): Prepared | { readonly error: IamError };
}

export interface Prepared {
  readonly target: Target;
  readonly conditions: readonly ConditionEntry[];
  /** Members of the result in order; `undefined` for an answer without a result. @throws {Refusal} */
  run(): Members | undefined;
}

export interface ActionSpec<Table extends Fields>
  extends Pick<IamAction, 'name' | 'existsIn' | 'decidesItself'> {
  readonly fields: Table;
  /** @throws {Refusal} */
  readonly target: (input: InputOf<Table>, call: IamCall) => Target;
  /** @throws {Refusal} */
  readonly run: (input: InputOf<Table>, call: IamCall) => Members | undefined;
}

export function action<Table extends Fields>(spec: ActionSpec<Table>): IamAction {
  const { fields, target, run, ...rest } = spec;
  return {
    ...rest,
    prepare: (parameters, call) => {
      const read = readFields(fields, parameters);
      if ('error' in read) return read;
      return {
        target: target(read.input, call),
        conditions: conditionsOf(read.input),
        run: () => run(read.input, call),
      };
    },
  };
}

/** Changes the caller's account, now and in every Region after its delay. @throws what `edit` throws. */
export function change({ identity, account }: IamCall, edit: (account: Account) => Account): void {
  identity.plane.change(account.id, edit);
}

/** `user/team/app` → the ARN in the caller's account. */
export function arnIn({ partition, id }: Account, resource: string): string {
  return `arn:${partition}:iam::${id}:${resource}`;
}

/** For actions on the account as a whole. */
export const EVERYTHING: Target = { arn: '*' };
