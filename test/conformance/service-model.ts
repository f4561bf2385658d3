/**
 * The service model that AWS publishes with botocore, read as an oracle: what each parameter of each action may be, and
 * the members of each answer. Of the twelve actions it holds eleven; what came later is written down beside it.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Skip } from './ledger.ts';
import { vectorsFolder } from './vectors.ts';

/** One value of a request that is no structure and no list. */
export interface Leaf {
  readonly action: string;
  /** As a request spells it, of lists the first entry: `Tags.member.1.Key`. */
  readonly wire: string;
  /** As messages spell it: `tags.1.member.key`. */
  readonly member: string;
  readonly type: 'string' | 'integer';
  readonly min?: number;
  readonly max?: number;
  /** Java's. */
  readonly pattern?: string;
  /** What messages name when it is missing: itself, or what has to be there and holds nothing else. */
  readonly demandedAs?: string;
  /** Messages do not quote it. */
  readonly sensitive: boolean;
}

export interface ListOf {
  readonly action: string;
  readonly wire: string;
  readonly member: string;
  readonly min?: number;
  readonly max?: number;
  readonly required: boolean;
  /** Of one entry, relative to it: empty where the entry is a text. */
  readonly entry: readonly string[];
}

export interface ServiceModel {
  readonly actions: readonly string[];
  readonly leaves: readonly Leaf[];
  readonly lists: readonly ListOf[];
  /** Dotted paths of everything that the action's result may hold, in the order of the model. */
  resultMembers(action: string): readonly string[];
  /** Dotted paths of what it has to hold wherever the structure around it is there. */
  requiredInResult(action: string): readonly string[];
}

export function readServiceModel(): ServiceModel | Skip {
  const folder = vectorsFolder('sts');
  if (typeof folder !== 'string') return folder;
  return modelOf(JSON.parse(readFileSync(join(folder, 'service-2.json'), 'utf8')) as ModelFile);
}

interface ModelFile {
  readonly operations: Readonly<
    Record<
      string,
      { readonly input?: { readonly shape: string }; readonly output: { readonly shape: string } }
    >
  >;
  readonly shapes: Readonly<Record<string, Shape>>;
}

interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly sensitive?: boolean;
}

function modelOf({ operations, shapes }: ModelFile): ServiceModel {
  const shape = (name: string): Shape => {
    const found = shapes[name];
    if (found === undefined) throw new Error(`the model has no shape ${name}`);
    return found;
  };
  const leaves: Leaf[] = [];
  const lists: ListOf[] = [];
  for (const [action, { input }] of Object.entries(operations)) {
    const visit = (name: string, wire: string, member: string, demandedAs?: string): void => {
      const {
        type,
        members = {},
        member: entry,
        required: needed = [],
        sensitive = false,
        ...rest
      } = shape(name);
      if (type === 'structure') {
        for (const [key, { shape: inner }] of Object.entries(members)) {
          const path = joined(member, lowerCamel(key));
          visit(inner, joined(wire, key), path, needed.includes(key) ? path : demandedAs);
        }
      } else if (type === 'list' && entry !== undefined) {
        const inner = Object.keys(shape(entry.shape).members ?? { '': 0 });
        const required = demandedAs !== undefined;
        lists.push({ action, wire, member, required, ...bounds(rest), entry: inner });
        visit(entry.shape, `${wire}.member.1`, `${member}.1.member`, demandedAs);
      } else if (type === 'string' || type === 'integer') {
        const { pattern } = rest;
        leaves.push({
          action,
          wire,
          member,
          type,
          ...bounds(rest),
          ...(pattern === undefined ? {} : { pattern }),
          ...(demandedAs === undefined ? {} : { demandedAs }),
          sensitive,
        });
      } else throw new Error(`nothing is known of a ${type} in a request`);
    };
    if (input !== undefined) visit(input.shape, '', '');
  }
  const membersOf = (action: string, wanted: 'all' | 'required'): string[] => {
    const found: string[] = [];
    const visit = (name: string, path: string): void => {
      const { members = {}, required = [] } = shape(name);
      for (const [key, { shape: inner }] of Object.entries(members)) {
        if (wanted === 'all' || required.includes(key)) found.push(joined(path, key));
        visit(inner, joined(path, key));
      }
    };
    visit(operations[action]?.output.shape ?? '', '');
    return found;
  };
  return {
    actions: Object.keys(operations),
    leaves,
    lists,
    resultMembers: (action) => membersOf(action, 'all'),
    requiredInResult: (action) => membersOf(action, 'required'),
  };
}

function bounds({ min, max }: { readonly min?: number; readonly max?: number }): Pick<Leaf, 'min' | 'max'> {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
