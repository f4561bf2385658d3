/**
 * ARNs with wildcards, as Resource elements and the Arn operators compare them: part by part between colons, so that
 * a star never reaches across one, and the sixth part with every further colon.
 */

import { ANY_RUN, compileGlobTokens, type Glob, type GlobToken, globCovers } from './glob.ts';

export interface ArnPattern {
  /** A lone `*`: whatever there is. */
  readonly everything: boolean;
  /** Six, or none when `everything` is set. */
  readonly sections: readonly Glob[];
}

export const EVERY_ARN: ArnPattern = { everything: true, sections: [] };

/** `undefined` when there are not six parts; a pattern of fewer covers nothing. */
export function compileArnPattern(tokens: readonly GlobToken[]): ArnPattern | undefined {
  if (tokens.length === 1 && tokens[0] === ANY_RUN) return EVERY_ARN;
  const sections: Glob[] = [];
  let start = 0;
  for (let index = 0; index < tokens.length && sections.length < 5; index += 1) {
    if (tokens[index] !== COLON) continue;
    sections.push(compileGlobTokens(tokens, start, index));
    start = index + 1;
  }
  if (sections.length < 5) return undefined;
  return { everything: false, sections: [...sections, compileGlobTokens(tokens, start)] };
}

export function arnCovers({ everything, sections }: ArnPattern, text: string): boolean {
  if (everything) return true;
  let start = 0;
  for (let index = 0; index < 6; index += 1) {
    const colon = index === 5 ? text.length : text.indexOf(':', start);
    const section = sections[index];
    if (colon === -1 || section === undefined || !globCovers(section, text, start, colon)) return false;
    start = colon + 1;
  }
  return true;
}

const COLON = 58;
