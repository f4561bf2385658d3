/**
 * The request's context: what conditions and policy variables look at. Keys are compared without regard to case and
 * every key holds a list, because some (`aws:TagKeys`) have several values in one request.
 */

/** By key in lower case. A key without values counts as absent. */
export type ContextValues = ReadonlyMap<string, readonly string[]>;

export const EMPTY_CONTEXT: ContextValues = new Map();

/** From keys in their usual spelling; a key whose value is `undefined` is left out. */
export function contextValues(
  entries: Iterable<readonly [key: string, value: string | readonly string[] | undefined]>,
): ContextValues {
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of entries) {
    if (value !== undefined) values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  return values;
}

/** The values of a key in lower case; `undefined` when it has none. */
export function valuesOf(context: ContextValues, key: string): readonly string[] | undefined {
  const values = context.get(key);
  return values === undefined || values.length === 0 ? undefined : values;
}
