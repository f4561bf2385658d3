/**
 * Tests that need a program from outside. Where it is missing they skip, and their name says so; where
 * `REGIONFALL_REQUIRE` lists it (`toxiproxy,k6,docker,chromium`, as in CI) they fail instead, because a skip
 * there would pass for a check that never ran.
 */

import { describe, it } from 'vitest';
import { find, findTool, type ToolFinding } from '../lib/tools/find-tool.ts';
import type { Tool, ToolName } from '../lib/tools/tools.ts';
import { CLIENT_PARTS, type ClientPartName } from './clients/client-parts.ts';

export interface Part {
  readonly available: boolean;
  /** Path of the program; empty when it is missing. */
  readonly path: string;
  readonly version: string;
  /** A suite that runs, skips by name, or fails by name. */
  suite(name: string, claims: () => void): void;
}

/** @param part Its name, or, for one that a single test needs, how it is recognised and got. */
export async function partOrSkip(part: ToolName | ClientPartName | Tool<string>): Promise<Part> {
  const name = typeof part === 'string' ? part : part.name;
  const finding = await findPart(part);
  if (finding.found) {
    return {
      available: true,
      path: finding.path,
      version: finding.version,
      suite: (title, claims) => {
        describe(title, claims);
      },
    };
  }
  const { missing } = finding;
  return {
    available: false,
    path: '',
    version: '',
    suite: (title, claims) => suiteWithout(name, title, missing, claims),
  };
}

function findPart(part: ToolName | ClientPartName | Tool<string>): Promise<ToolFinding<string>> {
  if (typeof part !== 'string') return find(part);
  return isClientPart(part) ? find(CLIENT_PARTS[part]) : findTool(part);
}

function isClientPart(name: string): name is ClientPartName {
  return Object.hasOwn(CLIENT_PARTS, name);
}

/** A suite that cannot run: skipped, which its name says with the reason; failing where `REGIONFALL_REQUIRE` lists `what`. */
export function suiteWithout(what: string, title: string, reason: string, claims: () => void): void {
  const required = (process.env['REGIONFALL_REQUIRE'] ?? '').split(',').map((word) => word.trim());
  if (!required.includes(what)) {
    describe.skipIf(true)(`${title} (skipped: ${reason})`, claims);
    return;
  }
  it(`${title}: needs ${what}`, () => {
    throw new Error(`REGIONFALL_REQUIRE lists ${what}, but ${reason}`);
  });
}
