/** Tags of users, roles, policies and providers: how a set of them changes, and the three actions that each has. */

import type { Account } from '../identity/state.ts';
import { action, change, type IamAction, type IamCall, type Target } from './action.ts';
import { invalidInput, limitExceeded } from './errors.ts';
import { type Field, MAXIMUM_TAGS, named, required, type Tag, tagKeys, tags } from './fields.ts';
import { pageOf } from './page.ts';
import { PAGING } from './rules.ts';
import { tagList } from './shapes.ts';

type Tags = ReadonlyMap<string, string>;

/**
 * What was there with more, or with other values. A key in other letters takes the place of the old one. RECORDED for
 * roles, and for policies with a shorter message about doubles.
 * @throws {Refusal} InvalidInput for doubles, LimitExceeded.
 */
export function withTags(before: Tags, added: readonly Tag[]): Tags {
  const result = new Map(before);
  const spelling = new Map([...before.keys()].map((key) => [key.toLowerCase(), key]));
  const seen = new Set<string>();
  for (const [key, value] of added) {
    const lower = key.toLowerCase();
    if (seen.has(lower)) {
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(lower);
    const known = spelling.get(lower);
    if (known !== undefined && known !== key) result.delete(known);
    result.set(key, value);
  }
  // RECORDED for OIDC providers.
  if (result.size > MAXIMUM_TAGS) throw limitExceeded('The number of tags has reached the maximum limit.');
  return result;
}

export function withoutTags(before: Tags, keys: readonly string[]): Tags {
  const lower = new Set(keys.map((key) => key.toLowerCase()));
  return new Map([...before].filter(([key]) => !lower.has(key.toLowerCase())));
}

export interface Tagged {
  /** `User` in TagUser, UntagUser and ListUserTags. */
  readonly noun: string;
  /** The parameter that names one. */
  readonly parameter: string;
  readonly id: Field<string>;
  readonly target: (call: IamCall, id: string) => Target;
  /** @throws {Refusal} NoSuchEntity. */
  readonly tagsOf: (account: Account, id: string) => Tags;
  readonly put: (account: Account, id: string, tags: Tags) => Account;
}

export function tagActions({ noun, parameter, id, target, tagsOf, put }: Tagged): readonly IamAction[] {
  const which = named(parameter, id);
  return [
    action({
      name: `Tag${noun}`,
      fields: { which, Tags: required(tags) },
      target: (input, call) => target(call, input.which),
      run: (input, call) => {
        change(call, (account) =>
          put(account, input.which, withTags(tagsOf(account, input.which), input.Tags)),
        );
        return undefined;
      },
    }),
    action({
      name: `Untag${noun}`,
      fields: { which, TagKeys: required(tagKeys) },
      target: (input, call) => target(call, input.which),
      run: (input, call) => {
        change(call, (account) =>
          put(account, input.which, withoutTags(tagsOf(account, input.which), input.TagKeys)),
        );
        return undefined;
      },
    }),
    action({
      name: `List${noun}Tags`,
      fields: { which, ...PAGING },
      target: (input, call) => target(call, input.which),
      run: (input, call) => {
        const { items, end } = pageOf(tagsOf(call.account, input.which), ([key]) => key, input);
        return [['Tags', tagList(items)], ...end];
      },
    }),
  ];
}
