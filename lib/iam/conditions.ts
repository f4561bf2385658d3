/**
 * Condition keys that come from an action's own parameters: what is attached, bounded or tagged. Source: the service
 * authorization reference of IAM.
 */

export type ConditionEntry = readonly [key: string, value: string | readonly string[]];

export function conditionsOf(input: Readonly<Record<string, unknown>>): readonly ConditionEntry[] {
  const entries: ConditionEntry[] = [];
  for (const [parameter, value] of Object.entries(input)) {
    const key = KEYS.get(parameter);
    if (key !== undefined && typeof value === 'string') entries.push([key, value]);
    else if (parameter === 'Tags' && Array.isArray(value)) entries.push(...tagEntries(value));
    else if (parameter === 'TagKeys' && Array.isArray(value)) entries.push(['aws:TagKeys', value]);
  }
  return entries;
}

const KEYS: ReadonlyMap<string, string> = new Map([
  ['PolicyArn', 'iam:PolicyARN'],
  ['PermissionsBoundary', 'iam:PermissionsBoundary'],
]);

function tagEntries(tags: readonly (readonly [string, string])[]): readonly ConditionEntry[] {
  if (tags.length === 0) return [];
  return [
    ...tags.map(([key, value]): ConditionEntry => [`aws:RequestTag/${key}`, value]),
    ['aws:TagKeys', tags.map(([key]) => key)],
  ];
}
