/**
 * Reads a policy document and compiles it for the evaluator. Total: whatever the text, the answer is a policy or the
 * refusal that IAM gives, in IAM's order of complaints.
 *
 * Source of the order and of most wordings: refusals recorded from IAM for about a hundred documents by the authors
 * of emulators in 2019 and 2026; the others name theirs.
 */

import type { PartitionName } from '../../aws/partitions.ts';
import { actionProblem, isTrustAction, TRUST_ACTIONS_MESSAGE } from './action-element.ts';
import type { PrincipalSet } from './principal.ts';
import { parsePrincipals } from './principal-element.ts';
import { resourceProblem } from './resource-element.ts';
import { compileStatement, type RawStatement, readStatement, type Statement } from './statement.ts';

export type { Statement } from './statement.ts';

export type PolicyKind = 'identity' | 'trust' | 'session' | 'boundary' | 'scp';

/** A policy and where it came from, for explanations. */
export interface PolicyText {
  readonly name: string;
  readonly policy: Policy;
}

/** Compiled, never changed. */
export interface Policy {
  readonly kind: PolicyKind;
  readonly partition: PartitionName;
  readonly text: string;
  readonly statements: readonly Statement[];
  /** The statements by effect, because a decision asks for every Deny before it asks for any Allow. */
  readonly denies: readonly Statement[];
  readonly allows: readonly Statement[];
  /** ARN of a user or role as written → unique id it was saved as. */
  readonly savedAs: ReadonlyMap<string, string>;
}

export interface PolicyProblem {
  readonly code: 'MalformedPolicyDocument';
  readonly message: string;
}

export interface ParseContext {
  readonly kind: PolicyKind;
  readonly partition: PartitionName;
  /**
   * Unique id of the user or role behind an ARN, for trust policies; `undefined`: nobody is there, and the policy is
   * refused. Without this function such ARNs stay text.
   */
  readonly uniqueIdOf?: (arn: string) => string | undefined;
  /** Managed policies need version 2012-10-17; others may leave the version out or name the older one. */
  readonly managed?: boolean;
}

export function parsePolicy(text: string, context: ParseContext): Policy | PolicyProblem {
  const document = parseJson(text);
  if (document === undefined) return problem(context.kind, INVALID_JSON[context.kind]);
  const read = readDocument(document.value);
  if (read === undefined) return problem(context.kind, SYNTAX);
  if (context.managed === true && read.version !== NEWER) return problem(context.kind, TOO_OLD);
  const variables = read.version === NEWER;
  const refused =
    context.kind === 'trust'
      ? trustProblem(read.statements)
      : permissionProblem(read.statements, variables, context.partition);
  if (refused !== undefined) return problem(context.kind, refused);
  const principals = readPrincipals(read.statements, context);
  if (typeof principals === 'string') return problem(context.kind, principals);
  const statements = read.statements.map((statement, index) =>
    compileStatement(statement, principals.sets[index], variables),
  );
  return {
    kind: context.kind,
    partition: context.partition,
    text,
    statements,
    denies: statements.filter(({ effect }) => effect === 'Deny'),
    allows: statements.filter(({ effect }) => effect === 'Allow'),
    savedAs: principals.savedAs,
  };
}

const NEWER = '2012-10-17';
const OLDER = '2008-10-17';

const SYNTAX = 'Syntax errors in policy.';
/** Of a managed policy. */
const TOO_OLD = 'Policy document must be version 2012-10-17 or greater.';
const LEGACY = 'The policy failed legacy parsing';

/** THREAD AWSCookbook/Security issue 2 for roles; what CreatePolicy says was recorded; of session policies GUESSED. */
const INVALID_JSON: Readonly<Record<PolicyKind, string>> = {
  trust: 'This policy contains invalid Json',
  session: 'This policy contains invalid Json',
  identity: SYNTAX,
  boundary: SYNTAX,
  scp: SYNTAX,
};

/** What AWS Organizations says to all of it. DOCS: its API reference, MalformedPolicyDocumentException. */
const CONTROL_POLICY_MESSAGE =
  'The provided policy document does not meet the requirements of the specified policy type.';

function problem(kind: PolicyKind, message: string): PolicyProblem {
  return { code: 'MalformedPolicyDocument', message: kind === 'scp' ? CONTROL_POLICY_MESSAGE : message };
}

/** Twice what IAM's model lets any document have, so that no caller's missing limit becomes a long wait. */
const LONGEST_TEXT = 262_144;

function parseJson(text: string): { readonly value: unknown } | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Whatever is wrong with it, a depth beyond the parser's included: IAM's message does not tell.
    return undefined;
  }
}

interface ReadDocument {
  readonly version: string;
  readonly statements: readonly RawStatement[];
}

function readDocument(value: unknown): ReadDocument | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const elements = new Map<string, unknown>(Object.entries(value));
  for (const name of elements.keys()) {
    if (name !== 'Version' && name !== 'Id' && name !== 'Statement') return undefined;
  }
  const version = elements.has('Version') ? elements.get('Version') : OLDER;
  if (version !== NEWER && version !== OLDER) return undefined;
  if (elements.has('Id') && typeof elements.get('Id') !== 'string') return undefined;
  const listed = elements.get('Statement');
  const raw: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  const statements: RawStatement[] = [];
  for (const each of raw) {
    const statement = readStatement(each, version === NEWER);
    if (statement === undefined) return undefined;
    statements.push(statement);
  }
  return statements.length === 0 ? undefined : { version, statements };
}

/** For every kind but trust. */
function permissionProblem(
  statements: readonly RawStatement[],
  variables: boolean,
  partition: PartitionName,
): string | undefined {
  // THREAD hashicorp/terraform issue 13449.
  if (statements.some(({ principals }) => principals !== undefined)) {
    return 'Policy document should not specify a principal.';
  }
  const resources = statements.flatMap((statement) => statement.resources?.values ?? []);
  const problems = resources
    .map((written) => resourceProblem(written, variables, partition))
    .filter((found) => found !== undefined);
  if (hasOldFaults(statements) || problems.some(({ kind }) => kind === 'form')) return LEGACY;
  return (
    sidProblem(statements) ??
    missingActions(statements) ??
    problems.find((found) => found.kind === 'message')?.message ??
    firstActionProblem(statements) ??
    (statements.every(({ resources }) => (resources?.values.length ?? 0) > 0)
      ? undefined
      : 'Policy statement must contain resources.')
  );
}

function trustProblem(statements: readonly RawStatement[]): string | undefined {
  if (statements.some(({ resources }) => resources !== undefined)) return 'Has prohibited field Resource';
  // THREAD: reported by users of several services with resource policies.
  if (statements.some(({ principals }) => principals === undefined))
    return 'Missing required field Principal';
  if (hasOldFaults(statements)) return LEGACY;
  const actions = statements.flatMap((statement) => statement.actions?.values ?? []);
  return (
    uniqueSidProblem(statements) ??
    missingActions(statements) ??
    firstActionProblem(statements) ??
    (actions.every(isTrustAction) ? undefined : TRUST_ACTIONS_MESSAGE)
  );
}

/** What IAM's older parser checks. */
function hasOldFaults(statements: readonly RawStatement[]): boolean {
  return statements.some(
    ({ effect, conditions }) => (effect !== 'Allow' && effect !== 'Deny') || conditions === undefined,
  );
}

function missingActions(statements: readonly RawStatement[]): string | undefined {
  return statements.every(({ actions }) => (actions?.values.length ?? 0) > 0)
    ? undefined
    : 'Policy statement must contain actions.';
}

function firstActionProblem(statements: readonly RawStatement[]): string | undefined {
  for (const { actions } of statements) {
    for (const action of actions?.values ?? []) {
      const found = actionProblem(action);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function sidProblem(statements: readonly RawStatement[]): string | undefined {
  return (
    uniqueSidProblem(statements) ??
    (statements.every(({ sid = '' }) => /^[0-9A-Za-z]*$/.test(sid))
      ? undefined
      : 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*')
  );
}

function uniqueSidProblem(statements: readonly RawStatement[]): string | undefined {
  const sids = statements.map(({ sid = '' }) => sid).filter((sid) => sid !== '');
  return new Set(sids).size === sids.length
    ? undefined
    : 'Statement IDs (SID) in a single policy must be unique.';
}

interface ReadPrincipals {
  /** By index of the statement. */
  readonly sets: readonly (PrincipalSet | undefined)[];
  readonly savedAs: ReadonlyMap<string, string>;
}

function readPrincipals(
  statements: readonly RawStatement[],
  { partition, uniqueIdOf }: ParseContext,
): ReadPrincipals | string {
  const sets: (PrincipalSet | undefined)[] = [];
  const savedAs = new Map<string, string>();
  for (const { principals, effect } of statements) {
    if (principals === undefined) {
      sets.push(undefined);
      continue;
    }
    // DOCS: NotPrincipal must be used with Deny. The wording is GUESSED.
    if (principals.negated && effect === 'Allow') return 'Allow with NotPrincipal is not allowed.';
    const parsed = parsePrincipals(principals.element, principals.negated, { partition, uniqueIdOf });
    if (parsed === undefined) return SYNTAX;
    if (typeof parsed === 'string') return parsed;
    sets.push(parsed.set);
    for (const [arn, id] of parsed.savedAs) savedAs.set(arn, id);
  }
  return { sets, savedAs };
}
