/**
 * The service model's constraints on parameters, in the words STS uses for each, all of them in one message.
 * Lengths count Unicode scalars. Source: probes of the real regional endpoint in July 2026.
 */

import { malformedInput, type StsError, validationError } from './errors.ts';

export interface TextRule {
  /** As messages name it: lowerCamelCase. */
  readonly member: string;
  readonly required?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: RegExp;
  /** As the message prints the pattern, which is Java's. */
  readonly printedPattern?: string;
  /** A secret, which messages do not quote: THREAD iterate-ch/cyberduck, for a token that was empty. */
  readonly sensitive?: true;
}

/**
 * Adds what is wrong with the value to `clauses`: nothing, when it is in order or optional and absent.
 * @param member As messages name a value inside a list: `tags.1.member.key`.
 */
export function checkText(
  value: string | undefined,
  rule: TextRule,
  clauses: string[],
  member: string = rule.member,
): void {
  if (value === undefined) {
    if (rule.required) clauses.push(clause(rule.sensitive ? '' : 'null', member, 'not be null'));
    return;
  }
  const { pattern, printedPattern, minimum = 0, maximum = Number.POSITIVE_INFINITY, sensitive } = rule;
  const fail = (demand: string): void =>
    void clauses.push(clause(sensitive ? '' : `'${value}'`, member, demand));
  if (pattern !== undefined && !pattern.test(value)) {
    fail(`satisfy regular expression pattern: ${printedPattern}`);
  }
  // A scalar has one unit or two, so that most lengths need no counting.
  if (value.length >= 2 * minimum && value.length <= maximum) return;
  const length = scalarsIn(value);
  if (length < minimum) fail(`have length greater than or equal to ${minimum}`);
  if (length > maximum) fail(`have length less than or equal to ${maximum}`);
}

/** As services of AWS say it that are made as STS is; of STS itself no such message has been seen. */
export function checkChoice(
  value: string | undefined,
  rule: { readonly member: string; readonly required?: boolean; readonly choices: readonly string[] },
  clauses: string[],
): void {
  const { member, required, choices } = rule;
  if (value === undefined) {
    if (required) clauses.push(clause('null', member, 'not be null'));
    return;
  }
  if (choices.includes(value)) return;
  clauses.push(clause(`'${value}'`, member, `satisfy enum value set: [${choices.join(', ')}]`));
}

export interface ListRule {
  readonly member: string;
  readonly required?: boolean;
  readonly minimum?: number;
  readonly maximum: number;
}

/** @param printed The entries as the message prints them, asked for only when there is one to write. */
export function checkList(
  length: number | undefined,
  rule: ListRule,
  printed: () => string,
  clauses: string[],
): void {
  const { member, required, minimum = 0, maximum } = rule;
  if (length === undefined) {
    if (required) clauses.push(clause('null', member, 'not be null'));
    return;
  }
  const fail = (demand: string): void => void clauses.push(clause(`'[${printed()}]'`, member, demand));
  if (length < minimum) fail(`have length greater than or equal to ${minimum}`);
  if (length > maximum) fail(`have length less than or equal to ${maximum}`);
}

export interface NumberRule {
  readonly member: string;
  readonly minimum: number;
  readonly maximum: number;
}

export function checkNumber(value: number | undefined, rule: NumberRule, clauses: string[]): void {
  if (value === undefined) return;
  const fail = (demand: string): void => void clauses.push(clause(`'${value}'`, rule.member, demand));
  if (value < rule.minimum) fail(`have value greater than or equal to ${rule.minimum}`);
  if (value > rule.maximum) fail(`have value less than or equal to ${rule.maximum}`);
}

/** One ValidationError for all clauses, or nothing. */
export function validationOf(clauses: readonly string[]): StsError | undefined {
  if (clauses.length === 0) return undefined;
  const detected = `${clauses.length} validation error${clauses.length === 1 ? '' : 's'} detected`;
  return validationError(`${detected}: ${clauses.join('; ')}`);
}

/**
 * A 32-bit signed integer, a sign and leading zeros allowed. It is read before any constraint is looked at, so its
 * failure is of another kind.
 */
export function readInteger(text: string | undefined): number | undefined | StsError {
  if (text === undefined) return undefined;
  if (text === '') return malformedInput('missing value for decimal type');
  const short = readDigits(text);
  if (short !== undefined) return short;
  if (!/^[+-]?\d+$/.test(text)) return malformedInput();
  const value = Number(text);
  if (value !== (value | 0)) return malformedInput();
  return value;
}

/** Up to nine digits and nothing else, as nearly every number is sent. */
function readDigits(text: string): number | undefined {
  if (text.length > 9) return undefined;
  let value = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/** @param value Empty: not shown. */
function clause(value: string, member: string, demand: string): string {
  return `Value${value === '' ? '' : ' '}${value} at '${member}' failed to satisfy constraint: Member must ${demand}`;
}

function scalarsIn(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit < 0xdc00) length -= 1;
  }
  return length;
}
