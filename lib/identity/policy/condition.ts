/**
 * The Condition element: operators, their qualifiers and what an absent key means. All lines of a block must hold;
 * several values of a line are alternatives, or, under a negated operator, all forbidden. Source: "Conditions with
 * multiple context keys or values" and "Multivalued context keys" in the IAM User Guide.
 */

import { type ContextValues, valuesOf } from './context.ts';
import { type Comparison, operatorNamed } from './operators.ts';
import { resolveText } from './template.ts';

/** One operator applied to one key. */
export interface Condition {
  /** As written: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** As written. */
  readonly key: string;
  /** As written, numbers and booleans as text. */
  readonly values: readonly string[];
  readonly test: ConditionTest;
}

export type ConditionTest =
  | { readonly kind: 'null'; readonly lowerKey: string; readonly absent: boolean; readonly present: boolean }
  | {
      readonly kind: 'compare';
      readonly lowerKey: string;
      readonly qualifier: Qualifier;
      readonly ifExists: boolean;
      readonly negated: boolean;
      readonly comparison: Comparison;
    };

export type Qualifier = 'none' | 'all' | 'any';

/** `syntax` and `value` are the two ways in which IAM refuses a block. */
export type ConditionProblem = 'syntax' | 'value';

/** Compiles what stands behind "Condition". */
export function compileConditions(
  block: unknown,
  variables: boolean,
): readonly Condition[] | ConditionProblem {
  if (!isObject(block)) return 'syntax';
  const conditions: Condition[] = [];
  let badValue = false;
  for (const [operator, lines] of Object.entries(block)) {
    if (!isObject(lines)) return 'syntax';
    for (const [key, listed] of Object.entries(lines)) {
      const values = textsOf(listed);
      const parsed = parseOperator(operator);
      if (values === undefined || parsed === undefined) return 'syntax';
      const test = compileTest(parsed, key.toLowerCase(), values, variables);
      if (test === undefined) badValue = true;
      else conditions.push({ operator, key, values, test });
    }
  }
  return badValue ? 'value' : conditions;
}

export function conditionsHold(conditions: readonly Condition[], context: ContextValues): boolean {
  for (const { test } of conditions) {
    if (!(test.kind === 'null' ? nullHolds(test, context) : comparisonHolds(test, context))) return false;
  }
  return true;
}

function nullHolds(test: ConditionTest & { kind: 'null' }, context: ContextValues): boolean {
  return valuesOf(context, test.lowerKey) === undefined ? test.absent : test.present;
}

function comparisonHolds(
  { lowerKey, qualifier, ifExists, negated, comparison }: ConditionTest & { kind: 'compare' },
  context: ContextValues,
): boolean {
  const values = valuesOf(context, lowerKey);
  if (values === undefined) return ifExists || (qualifier === 'none' ? negated : qualifier === 'all');
  // DOCS: a variable without a value makes the statement void, where "matches nothing" would read as a yes.
  if (negated && comparison.dynamic.some((template) => resolveText(template, context) === undefined)) {
    return false;
  }
  switch (qualifier) {
    case 'none':
      return values.some((value) => comparison.matches(value, context)) !== negated;
    case 'all':
      // DOCS: an empty text is an empty set, of which everything is true and nothing exists.
      return isEmptySet(values) || values.every((value) => comparison.matches(value, context) !== negated);
    case 'any':
      return !isEmptySet(values) && values.some((value) => comparison.matches(value, context) !== negated);
  }
}

function isEmptySet(values: readonly string[]): boolean {
  return values.length === 1 && values[0] === '';
}

interface ParsedOperator {
  /** Without qualifier and `IfExists`. */
  readonly name: string;
  readonly qualifier: Qualifier;
  readonly ifExists: boolean;
}

function parseOperator(written: string): ParsedOperator | undefined {
  const qualifier = written.startsWith('ForAllValues:')
    ? 'all'
    : written.startsWith('ForAnyValue:')
      ? 'any'
      : 'none';
  const rest = qualifier === 'none' ? written : written.slice(written.indexOf(':') + 1);
  const ifExists = rest.endsWith('IfExists');
  const name = ifExists ? rest.slice(0, -'IfExists'.length) : rest;
  // `Null` asks about existence itself and takes no IfExists.
  if (name === 'Null' ? ifExists : operatorNamed(name) === undefined) return undefined;
  return { name, qualifier, ifExists };
}

function compileTest(
  { name, qualifier, ifExists }: ParsedOperator,
  lowerKey: string,
  values: readonly string[],
  variables: boolean,
): ConditionTest | undefined {
  if (name === 'Null') {
    const lower = values.map((value) => value.toLowerCase());
    return { kind: 'null', lowerKey, absent: lower.includes('true'), present: lower.includes('false') };
  }
  const operator = operatorNamed(name);
  const comparison = operator?.compile(values, variables);
  if (operator === undefined || comparison === undefined) return undefined;
  return { kind: 'compare', lowerKey, qualifier, ifExists, negated: operator.negated, comparison };
}

/** A value or a list of values: texts, numbers and booleans. */
function textsOf(listed: unknown): readonly string[] | undefined {
  const values: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  const texts: string[] = [];
  for (const value of values) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return undefined;
    texts.push(String(value));
  }
  return texts;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
