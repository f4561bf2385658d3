/**
 * Condition operators: how one value of the request compares with the values that a policy lists. Qualifiers, absent
 * keys and negation are condition.ts's. Source: "IAM JSON policy elements: Condition operators" in the IAM User Guide.
 */

import { type ArnPattern, arnCovers, compileArnPattern } from './arn-pattern.ts';
import type { ContextValues } from './context.ts';
import { compileGlobTokens, type Glob, globCovers } from './glob.ts';
import { parseInstant } from './instant.ts';
import { type IpRange, parseIpAddress, parseIpRange, rangeHolds } from './ip-range.ts';
import { parseTemplate, resolveText, resolveTokens, type Template } from './template.ts';

export interface Operator {
  /** True when the negation of the comparison is what the operator asks for. */
  readonly negated: boolean;
  /** `undefined` when one of the values cannot be what the operator compares. */
  readonly compile: (values: readonly string[], variables: boolean) => Comparison | undefined;
}

export interface Comparison {
  /** Whether any of the policy's values matches. A value with a variable that stands for nothing matches nothing. */
  matches(value: string, context: ContextValues): boolean;
  /** The policy's values that hold variables. */
  readonly dynamic: readonly Template[];
}

/** By name, without `IfExists` and qualifier. `Null` is not among them: it compares nothing. */
export function operatorNamed(name: string): Operator | undefined {
  return OPERATORS.get(name);
}

export const OPERATOR_NAMES: readonly string[] = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnNotEquals',
  'ArnLike',
  'ArnNotLike',
];

type Compile = Operator['compile'];

/** The rest of the name after the type of value, without `Not`. */
const ORDERS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  Equals: (value, limit) => value === limit,
  LessThan: (value, limit) => value < limit,
  LessThanEquals: (value, limit) => value <= limit,
  GreaterThan: (value, limit) => value > limit,
  GreaterThanEquals: (value, limit) => value >= limit,
};

const compileEquals: Compile = (values, variables) => textComparison(values, variables, (text) => text);

const compileEqualsIgnoreCase: Compile = (values, variables) =>
  textComparison(values, variables, (text) => text.toLowerCase());

const compileLike: Compile = (values, variables) =>
  patternComparison<Glob>(values, variables, compileGlobTokens, globCovers);

const compileArn: Compile = (values, variables) =>
  patternComparison<ArnPattern>(values, variables, compileArnPattern, arnCovers);

const compileNumeric = (order: string): Compile => orderedComparison(order, parseNumber);
const compileDate = (order: string): Compile => orderedComparison(order, parseInstant);

const compileBool: Compile = (values) => {
  const wanted = new Set(values.map((value) => value.toLowerCase()));
  return fixed((value) => {
    const lower = value.toLowerCase();
    return (lower === 'true' || lower === 'false') && wanted.has(lower);
  });
};

const compileBinary: Compile = (values) => {
  const wanted = new Set(values.map(canonicalBase64).filter((value) => value !== undefined));
  return fixed((value) => {
    const canonical = canonicalBase64(value);
    return canonical !== undefined && wanted.has(canonical);
  });
};

const compileIp: Compile = (values) => {
  const ranges: IpRange[] = [];
  for (const value of values) {
    const range = parseIpRange(value);
    if (range === undefined) return undefined;
    ranges.push(range);
  }
  return fixed((value) => {
    const address = parseIpAddress(value);
    return address !== undefined && ranges.some((range) => rangeHolds(range, address));
  });
};

const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  OPERATOR_NAMES.map((name) => {
    const plain = name.replace('Not', '');
    return [name, { negated: plain !== name, compile: compilerFor(plain) }];
  }),
);

function compilerFor(plain: string): Compile {
  if (plain.startsWith('Numeric')) return compileNumeric(plain.slice('Numeric'.length));
  if (plain.startsWith('Date')) return compileDate(plain.slice('Date'.length));
  if (plain.startsWith('Arn')) return compileArn;
  switch (plain) {
    case 'StringEquals':
      return compileEquals;
    case 'StringEqualsIgnoreCase':
      return compileEqualsIgnoreCase;
    case 'StringLike':
      return compileLike;
    case 'Bool':
      return compileBool;
    case 'BinaryEquals':
      return compileBinary;
    case 'IpAddress':
      return compileIp;
    default:
      throw new Error(`no comparison is known for ${plain}`);
  }
}

function textComparison(
  values: readonly string[],
  variables: boolean,
  fold: (text: string) => string,
): Comparison {
  const { still, dynamic } = templatesOf(values, variables);
  const wanted = new Set(still.map((template) => fold(resolveText(template, NO_VALUES) ?? '')));
  return {
    dynamic,
    matches: (value, context) => {
      const folded = fold(value);
      return (
        wanted.has(folded) ||
        dynamic.some((template) => {
          const text = resolveText(template, context);
          return text !== undefined && fold(text) === folded;
        })
      );
    },
  };
}

function patternComparison<Pattern>(
  values: readonly string[],
  variables: boolean,
  compile: (tokens: readonly number[]) => Pattern | undefined,
  covers: (pattern: Pattern, text: string) => boolean,
): Comparison {
  const { still, dynamic } = templatesOf(values, variables);
  const compileFor = (template: Template, context: ContextValues): Pattern | undefined => {
    const tokens = resolveTokens(template, context);
    return tokens && compile(tokens);
  };
  const patterns = still
    .map((template) => compileFor(template, NO_VALUES))
    .filter((pattern) => pattern !== undefined);
  return {
    dynamic,
    matches: (value, context) =>
      patterns.some((pattern) => covers(pattern, value)) ||
      dynamic.some((template) => {
        const pattern = compileFor(template, context);
        return pattern !== undefined && covers(pattern, value);
      }),
  };
}

function orderedComparison(order: string, parse: (text: string) => number | undefined): Compile {
  const holds = ORDERS[order];
  if (holds === undefined) throw new Error(`no order is called ${order}`);
  return (values) => {
    const limits: number[] = [];
    for (const value of values) {
      const limit = parse(value);
      if (limit === undefined) return undefined;
      limits.push(limit);
    }
    return fixed((text) => {
      const value = parse(text);
      return value !== undefined && limits.some((limit) => holds(value, limit));
    });
  };
}

function fixed(matches: (value: string) => boolean): Comparison {
  return { matches, dynamic: [] };
}

function templatesOf(
  values: readonly string[],
  variables: boolean,
): { readonly still: readonly Template[]; readonly dynamic: readonly Template[] } {
  const templates = values.map((value) => parseTemplate(value, variables));
  return {
    still: templates.filter(({ dynamic }) => !dynamic),
    dynamic: templates.filter(({ dynamic }) => dynamic),
  };
}

const NO_VALUES: ContextValues = new Map();

/** Integers and decimals; no exponents, as none are documented. */
function parseNumber(text: string): number | undefined {
  return text.length <= LONGEST_NUMBER && /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text)
    ? Number(text)
    : undefined;
}

const LONGEST_NUMBER = 64;

/** The bytes behind a base64 text, written in the one usual way; `undefined` for a text that is not base64. */
function canonicalBase64(text: string): string | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').toString('base64');
}
