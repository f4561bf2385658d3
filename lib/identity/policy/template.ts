/**
 * Texts of a policy that may hold variables: `${aws:username}`, `${aws:username, 'nobody'}`, and `${*}`, `${?}`,
 * `${$}` for characters that would mean something else. Wildcards that a variable's value brings along are mere
 * characters. Source: "IAM policy elements: Variables and tags" in the IAM User Guide.
 */

import type { ContextValues } from './context.ts';
import { type GlobToken, globTokens } from './glob.ts';

export type TemplatePart =
  /** As written; `*` and `?` are wildcards where the text serves as a pattern. */
  | { readonly kind: 'text'; readonly text: string }
  /** From `${*}` and its like: never a wildcard. */
  | { readonly kind: 'literal'; readonly text: string }
  /** `key` in lower case. */
  | { readonly kind: 'variable'; readonly key: string; readonly fallback?: string };

export interface Template {
  readonly text: string;
  readonly parts: readonly TemplatePart[];
  /** Whether a request is needed to know what it says. */
  readonly dynamic: boolean;
}

/** @param variables Policies before version 2012-10-17 have none: there `${…}` is text like any other. */
export function parseTemplate(text: string, variables: boolean): Template {
  const parts = variables && text.includes('${') ? partsOf(text) : [{ kind: 'text', text } as const];
  return { text, parts, dynamic: parts.some(({ kind }) => kind === 'variable') };
}

/** What it says for this request; `undefined` when a variable has no value, or several, and no default. */
export function resolveText({ parts }: Template, context: ContextValues): string | undefined {
  let resolved = '';
  for (const part of parts) {
    const text = part.kind === 'variable' ? variableValue(part, context) : part.text;
    if (text === undefined) return undefined;
    resolved += text;
  }
  return resolved;
}

/** The same as a pattern. */
export function resolveTokens({ parts }: Template, context: ContextValues): GlobToken[] | undefined {
  const tokens: GlobToken[] = [];
  for (const part of parts) {
    const text = part.kind === 'variable' ? variableValue(part, context) : part.text;
    if (text === undefined) return undefined;
    if (part.kind === 'text') for (const token of globTokens(text)) tokens.push(token);
    else for (let index = 0; index < text.length; index += 1) tokens.push(text.charCodeAt(index));
  }
  return tokens;
}

/**
 * The six parts of an ARN as written, the last with all further colons; fewer when the text has fewer. A colon inside
 * `${…}` separates nothing.
 */
export function splitArnText(text: string, variables: boolean): readonly string[] {
  const sections: string[] = [];
  let start = 0;
  let closing = 0;
  for (let index = 0; index < text.length && sections.length < 5; index += 1) {
    if (variables && closing !== -1 && text.startsWith('${', index)) {
      closing = text.indexOf('}', index);
      if (closing !== -1) index = closing;
    } else if (text[index] === ':') {
      sections.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...sections, text.slice(start)];
}

function variableValue(
  { key, fallback }: { readonly key: string; readonly fallback?: string },
  context: ContextValues,
): string | undefined {
  const values = context.get(key);
  // Keys with several values cannot serve as variables.
  return values?.length === 1 ? values[0] : fallback;
}

function partsOf(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let written = 0;
  let closing = -1;
  for (let opening = text.indexOf('${'); opening !== -1; opening = text.indexOf('${', opening + 2)) {
    // Looked for once, however many openings share it: otherwise a text of openings would cost its square.
    if (closing < opening) closing = text.indexOf('}', opening);
    if (closing === -1) break;
    const part = closing - opening > LONGEST_VARIABLE ? undefined : partOf(text.slice(opening + 2, closing));
    if (part === undefined) continue;
    if (opening > written) parts.push({ kind: 'text', text: text.slice(written, opening) });
    parts.push(part);
    written = closing + 1;
    opening = closing - 1;
  }
  if (written < text.length || parts.length === 0) parts.push({ kind: 'text', text: text.slice(written) });
  return parts;
}

/** Keys of tags have at most 128 characters and values 256, so that nothing longer names a variable. */
const LONGEST_VARIABLE = 512;

/** From what stands between the braces; `undefined`: no variable, to be read as text. */
function partOf(inner: string): TemplatePart | undefined {
  if (inner === '*' || inner === '?' || inner === '$') return { kind: 'literal', text: inner };
  const comma = inner.indexOf(',');
  const key = (comma === -1 ? inner : inner.slice(0, comma)).trim().toLowerCase();
  if (key === '' || key.includes('$') || key.includes('{') || !key.includes(':')) return undefined;
  if (comma === -1) return { kind: 'variable', key };
  const quoted = inner.slice(comma + 1).trim();
  if (quoted.length < 2 || !quoted.startsWith("'") || !quoted.endsWith("'")) return undefined;
  return { kind: 'variable', key, fallback: quoted.slice(1, -1) };
}
