/**
 * One statement of a policy, read and compiled. Which elements a kind of policy needs or forbids, and in which order
 * IAM complains, is document.ts's.
 */

import { type ActionSet, compileActions } from './action-element.ts';
import { type Condition, compileConditions } from './condition.ts';
import type { PrincipalSet } from './principal.ts';
import { compileResources, type ResourceSet } from './resource-element.ts';

export interface Statement {
  /** Empty when the statement has none. */
  readonly sid: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: ActionSet;
  /** Absent in a trust policy: it speaks of its own role. */
  readonly resources?: ResourceSet;
  /** Present in a trust policy only. */
  readonly principals?: PrincipalSet;
  readonly conditions: readonly Condition[];
}

/** A statement of the right shape, its values still unread. */
export interface RawStatement {
  readonly sid?: string;
  /** In any case: IAM accepts only the usual one, but refuses others with another message. */
  readonly effect: string;
  readonly actions?: RawList;
  readonly resources?: RawList;
  readonly principals?: { readonly negated: boolean; readonly element: unknown };
  /** `undefined`: a value is not of the kind that its operator compares. */
  readonly conditions: readonly Condition[] | undefined;
}

export interface RawList {
  readonly negated: boolean;
  readonly values: readonly string[];
}

/** `undefined`: a syntax error, by an element that is unknown, doubled by its negation, or of a wrong type. */
export function readStatement(value: unknown, variables: boolean): RawStatement | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const elements = new Map<string, unknown>(Object.entries(value));
  for (const name of elements.keys()) if (!ELEMENTS.has(name)) return undefined;
  const sid = elements.get('Sid');
  const effect = elements.get('Effect');
  const actions = readList(elements, 'Action');
  const resources = readList(elements, 'Resource');
  if ((sid !== undefined && typeof sid !== 'string') || actions === 'wrong' || resources === 'wrong') {
    return undefined;
  }
  if (typeof effect !== 'string' || !/^(?:allow|deny)$/i.test(effect)) return undefined;
  if (elements.has('Principal') && elements.has('NotPrincipal')) return undefined;
  const negated = elements.has('NotPrincipal');
  const element = elements.get(negated ? 'NotPrincipal' : 'Principal');
  const conditions = elements.has('Condition')
    ? compileConditions(elements.get('Condition'), variables)
    : NO_CONDITIONS;
  if (conditions === 'syntax') return undefined;
  return {
    effect,
    ...(sid === undefined ? {} : { sid }),
    ...(actions === undefined ? {} : { actions }),
    ...(resources === undefined ? {} : { resources }),
    ...(element === undefined ? {} : { principals: { negated, element } }),
    conditions: conditions === 'value' ? undefined : conditions,
  };
}

/** The statement must have passed every check. */
export function compileStatement(
  { sid = '', effect, actions, resources, conditions = NO_CONDITIONS }: RawStatement,
  principals: PrincipalSet | undefined,
  variables: boolean,
): Statement {
  return {
    sid,
    effect: effect === 'Allow' ? 'Allow' : 'Deny',
    actions: compileActions(actions?.values ?? [], actions?.negated ?? false),
    ...(resources === undefined
      ? {}
      : { resources: compileResources(resources.values, resources.negated, variables) }),
    ...(principals === undefined ? {} : { principals }),
    conditions,
  };
}

const NO_CONDITIONS: readonly Condition[] = [];

const ELEMENTS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);

function readList(
  elements: ReadonlyMap<string, unknown>,
  name: 'Action' | 'Resource',
): RawList | 'wrong' | undefined {
  const negated = elements.has(`Not${name}`);
  if (!negated && !elements.has(name)) return undefined;
  if (negated && elements.has(name)) return 'wrong';
  const value = elements.get(negated ? `Not${name}` : name);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.every((each) => typeof each === 'string') ? { negated, values } : 'wrong';
}
