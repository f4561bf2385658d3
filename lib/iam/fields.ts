/**
 * Parameters of an action as a table: each field reads one from the form, checks the constraints that the service model
 * puts on it and says what is wrong in IAM's words. Unlike those of STS they do not repeat the value. Sources: MODEL
 * for the constraints; RECORDED for most wordings.
 */

import { readInteger } from '../sts/validation.ts';
import type { IamError } from './errors.ts';

/** What is read so far, and what is wrong with it. */
export interface Reading {
  readonly parameters: ReadonlyMap<string, string>;
  /** All go into one ValidationError. */
  readonly clauses: string[];
  /** What has an error of its own, used when there are no clauses. */
  problem?: IamError;
}

export interface Field<Value> {
  /** When something is wrong the value returned is never used. */
  read(name: string, reading: Reading): Value;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

export type InputOf<Table extends Fields> = {
  readonly [Name in keyof Table]: Table[Name] extends Field<infer Value> ? Value : never;
};

export function readFields<Table extends Fields>(
  table: Table,
  parameters: ReadonlyMap<string, string>,
): { readonly input: InputOf<Table> } | { readonly error: IamError } {
  const reading: Reading = { parameters, clauses: [] };
  const input: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(table)) input[name] = field.read(name, reading);
  const error = errorOf(reading);
  return error === undefined ? { input: input as InputOf<Table> } : { error };
}

export interface TextRule {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: RegExp;
  /** As messages print the pattern. */
  readonly printed?: string;
  /** What IAM says about a value that misses the pattern in place of the model's clause. */
  readonly sentence?: (member: string) => string;
  readonly values?: readonly string[];
}

export function optionalText(rule: TextRule): Field<string | undefined> {
  return {
    read: (name, reading) => {
      const value = reading.parameters.get(name);
      if (value !== undefined) checkText(value, memberName(name), rule, reading);
      return value;
    },
  };
}

export function text(rule: TextRule): Field<string> {
  const optional = optionalText(rule);
  return {
    read: (name, reading) => {
      const value = optional.read(name, reading);
      if (value === undefined) reading.clauses.push(clause(memberName(name), 'not be null'));
      return value ?? '';
    },
  };
}

/** The parameter goes by another name than the field. */
export function named<Value>(parameter: string, field: Field<Value>): Field<Value> {
  return { read: (_name, reading) => field.read(parameter, reading) };
}

export function optionalInteger(minimum: number, maximum: number): Field<number | undefined> {
  return {
    read: (name, reading) => {
      const value = readInteger(reading.parameters.get(name));
      if (value === undefined) return undefined;
      if (typeof value !== 'number') {
        reading.problem ??= value;
        return undefined;
      }
      const member = memberName(name);
      if (value > maximum)
        reading.clauses.push(clause(member, `have value less than or equal to ${maximum}`));
      if (value < minimum) {
        reading.clauses.push(clause(member, `have value greater than or equal to ${minimum}`));
      }
      return value;
    },
  };
}

/** A list that has to be there, be it empty. */
export function required<Item>(list: Field<readonly Item[] | undefined>): Field<readonly Item[]> {
  return {
    read: (name, reading) => {
      const values = list.read(name, reading);
      if (values === undefined) reading.clauses.push(clause(memberName(name), 'not be null'));
      return values ?? [];
    },
  };
}

/** `true` or `false`, of either case; absent is false. */
export const flag: Field<boolean> = {
  read: (name, reading) => {
    const value = reading.parameters.get(name)?.toLowerCase();
    // GUESSED from how the protocol treats numbers that are none.
    if (value !== undefined && value !== 'true' && value !== 'false') {
      reading.problem ??= { status: 400, code: 'MalformedInput' };
    }
    return value === 'true';
  },
};

/** `Name.member.1`, `Name.member.2` and so on, until one is missing. `undefined` when there is none at all. */
export function textList(
  rule: TextRule,
  maximum = Number.POSITIVE_INFINITY,
): Field<readonly string[] | undefined> {
  return {
    read: (name, reading) => {
      const values: string[] = [];
      for (let index = 1; ; index += 1) {
        const value = reading.parameters.get(`${name}.member.${index}`);
        if (value === undefined) break;
        values.push(value);
      }
      const member = memberName(name);
      if (values.length > maximum) reading.clauses.push(tooLong(member, maximum));
      const bad = values.some((value) => textProblems(value, rule).length > 0);
      if (bad) reading.clauses.push(clause(member, `satisfy constraint: [${allDemands(rule).join(', ')}]`));
      return values.length === 0 && !reading.parameters.has(name) ? undefined : values;
    },
  };
}

export type Tag = readonly [key: string, value: string];

/** `undefined` when there is none at all. */
export const tags: Field<readonly Tag[] | undefined> = {
  read: (name, reading) => {
    const found: Tag[] = [];
    const member = memberName(name);
    for (let index = 1; ; index += 1) {
      const key = reading.parameters.get(`${name}.member.${index}.Key`);
      const value = reading.parameters.get(`${name}.member.${index}.Value`);
      if (key === undefined && value === undefined) break;
      const at = `${member}.${index}.member`;
      for (const [part, given, rule] of [
        ['key', key, TAG_KEY],
        ['value', value, TAG_VALUE],
      ] as const) {
        if (given === undefined) reading.clauses.push(clause(`${at}.${part}`, 'not be null'));
        else checkText(given, `${at}.${part}`, rule, reading);
      }
      found.push([key ?? '', value ?? '']);
    }
    if (found.length > MAXIMUM_TAGS) reading.clauses.push(tooLong(member, MAXIMUM_TAGS));
    return found.length === 0 && !reading.parameters.has(name) ? undefined : found;
  },
};

export const MAXIMUM_TAGS = 50;

const PRINTED_TAG = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]';
const TAG_KEY: TextRule = {
  minimum: 1,
  maximum: 128,
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u,
  printed: `${PRINTED_TAG}+`,
};
const TAG_VALUE: TextRule = {
  maximum: 256,
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
  printed: `${PRINTED_TAG}*`,
};

export const tagKeys = textList(TAG_KEY, MAXIMUM_TAGS);

/** `UserName` → `userName`, `SAMLProviderArn` → `sAMLProviderArn`. */
function memberName(parameter: string): string {
  return parameter.charAt(0).toLowerCase() + parameter.slice(1);
}

function checkText(value: string, member: string, rule: TextRule, reading: Reading): void {
  for (const demand of textProblems(value, rule)) {
    if (demand === UNFIT && rule.sentence !== undefined) {
      reading.problem ??= { status: 400, code: 'ValidationError', message: rule.sentence(member) };
    } else {
      reading.clauses.push(clause(member, demand === UNFIT ? patternDemand(rule) : demand));
    }
  }
}

const UNFIT = 'unfit';

function textProblems(value: string, rule: TextRule): readonly string[] {
  const { minimum = 0, maximum = Number.POSITIVE_INFINITY, pattern, values } = rule;
  const demands: string[] = [];
  if (values !== undefined && !values.includes(value)) demands.push('satisfy enum value set');
  if (value.length > maximum) demands.push(lengthDemand('less', maximum));
  if (value.length < minimum) demands.push(lengthDemand('greater', minimum));
  if (pattern !== undefined && !pattern.test(value)) demands.push(UNFIT);
  return demands;
}

/** Of a list's elements, all constraints are named, whichever was missed. */
function allDemands(rule: TextRule): readonly string[] {
  const { minimum, maximum } = rule;
  const demands: string[] = [];
  if (maximum !== undefined) demands.push(lengthDemand('less', maximum));
  if (minimum !== undefined) demands.push(lengthDemand('greater', minimum));
  if (rule.pattern !== undefined) demands.push(patternDemand(rule), 'not be null');
  return demands.map((demand) => `Member must ${demand}`);
}

function lengthDemand(side: 'less' | 'greater', length: number): string {
  return `have length ${side} than or equal to ${length}`;
}

function patternDemand({ printed = '' }: TextRule): string {
  return `satisfy regular expression pattern: ${printed}`;
}

function tooLong(member: string, maximum: number): string {
  return clause(member, lengthDemand('less', maximum));
}

function clause(member: string, demand: string): string {
  return `Value at '${member}' failed to satisfy constraint: Member must ${demand}`;
}

function errorOf({ clauses, problem }: Reading): IamError | undefined {
  if (clauses.length === 0) return problem;
  const count = `${clauses.length} validation error${clauses.length === 1 ? '' : 's'} detected`;
  return { status: 400, code: 'ValidationError', message: `${count}: ${clauses.join('; ')}` };
}
