/** First layer: turns what zod says about the shape into problems with a place, a value and a way out. Pure. */

import type { z } from 'zod';
import { nearestName } from '../aws/nearest-name.ts';
import { nearestDuration } from '../time/duration.ts';
import { NOT_A_DURATION } from '../time/duration-text.ts';
import { type Problem, placeOf } from './problem.ts';
import { scenarioJsonSchema } from './schema.ts';

export function shapeProblems(raw: unknown, error: z.ZodError): readonly Problem[] {
  const misspelled = new Set(
    error.issues.filter((issue) => issue.code === 'unrecognized_keys').map((issue) => placeOf(issue.path)),
  );
  return (
    error.issues
      // "Says nothing" follows from a misspelled key beside it and would send people the wrong way.
      .filter((issue) => !(issue.code === 'custom' && misspelled.has(placeOf(issue.path))))
      .flatMap((issue) => problemsOf(raw, issue))
  );
}

function problemsOf(raw: unknown, issue: z.core.$ZodIssue): readonly Problem[] {
  const place = placeOf(issue.path);
  const value = valueAt(raw, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        place: placeOf([...issue.path, key]),
        value: valueAt(raw, [...issue.path, key]),
        message: `nothing called '${key}' may stand here`,
        ...nearestKey(key, keysAt(raw, issue.path)),
        hint: 'remove it',
      }));
    case 'invalid_union': {
      const meant = issue.errors.find((branch) => branch.every((inner) => !rejectsWhole(inner)));
      if (meant !== undefined && meant.length > 0) {
        return meant.flatMap((inner) => problemsOf(raw, { ...inner, path: [...issue.path, ...inner.path] }));
      }
      const options = 'options' in issue ? (issue.options as readonly unknown[]).map(String) : [];
      return [choice(place, value, options, issue.message)];
    }
    case 'invalid_value':
      return [choice(place, value, issue.values.map(String), issue.message)];
    case 'invalid_type':
      return [
        {
          place,
          value,
          message:
            value === undefined
              ? `${article(issue.expected)} must stand here`
              : `expected ${article(issue.expected)}`,
          hint: value === undefined ? 'add it' : `write ${article(issue.expected)}`,
        },
      ];
    case 'too_small':
      return [
        { place, value, message: `below the least that is possible, ${issue.minimum}`, hint: 'raise it' },
      ];
    case 'too_big':
      return [
        { place, value, message: `above the most that is possible, ${issue.maximum}`, hint: 'lower it' },
      ];
    default: {
      const meant =
        issue.message === NOT_A_DURATION && typeof value === 'string' ? nearestDuration(value) : undefined;
      return [
        {
          place,
          value,
          message: issue.message,
          ...(meant === undefined ? {} : { nearest: meant }),
          hint: 'change it accordingly',
        },
      ];
    }
  }
}

/** Of several shapes the meant one is that whose complaints are about parts of the value. */
function rejectsWhole({ path, code }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

function choice(place: string, value: unknown, options: readonly string[], fallback: string): Problem {
  if (options.length === 0) return { place, value, message: fallback, hint: 'change it accordingly' };
  return {
    place,
    value,
    message: value === undefined ? 'a word must stand here' : 'not one of the words that may stand here',
    ...nearest(value, options),
    hint: `write one of ${options.join(', ')}`,
  };
}

function nearest(value: unknown, names: readonly string[]): { readonly nearest?: string } {
  const name = typeof value === 'string' ? nearestName(value, names) : undefined;
  return name === undefined ? {} : { nearest: name };
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Near in spelling, or else a longer key that says the same and more: `timeLimitMs`, `attemptTimeLimitMs`. */
function nearestKey(key: string, keys: readonly string[]): { readonly nearest?: string } {
  const name =
    nearestName(key, keys) ?? keys.find((known) => known.toLowerCase().includes(key.toLowerCase()));
  return key === '' || name === undefined ? {} : { nearest: name };
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
  readonly const?: unknown;
}

let schema: SchemaNode | undefined;

/** Keys that may stand at a place, given what stands there: of a policy only those of its kind. */
function keysAt(raw: unknown, path: readonly PropertyKey[]): readonly string[] {
  schema ??= scenarioJsonSchema() as SchemaNode;
  let nodes = shapesOf(schema, raw);
  for (const [index, key] of path.entries()) {
    const value = valueAt(raw, path.slice(0, index + 1));
    nodes = nodes.flatMap((node) => below(node, key)).flatMap((node) => shapesOf(node, value));
  }
  const keys = nodes.flatMap(({ properties, propertyNames }) => [
    ...Object.keys(properties ?? {}),
    ...(propertyNames?.enum ?? []),
  ]);
  return [...new Set(keys)];
}

function below(
  { properties, additionalProperties, items }: SchemaNode,
  key: PropertyKey,
): readonly SchemaNode[] {
  const named = typeof key === 'string' ? properties?.[key] : items;
  if (named !== undefined) return [named];
  return typeof additionalProperties === 'object' ? [additionalProperties] : [];
}

/** The node itself, or those of its alternatives whose fixed words, such as `kind`, are those of the value. */
function shapesOf(node: SchemaNode, value: unknown): readonly SchemaNode[] {
  const alternatives = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  if (alternatives.length > 0) return alternatives.flatMap((one) => shapesOf(one, value));
  const fits = Object.entries(node.properties ?? {}).every(
    ([key, { const: word }]) => word === undefined || valueAt(value, [key]) === word,
  );
  return fits ? [node] : [];
}
