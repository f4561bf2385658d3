/**
 * Finds the published test vectors, which are data of others and no part of this project. Where the folder is missing
 * the tests that need it are skipped by name, unless `REGIONFALL_REQUIRE` lists `vectors` (as CI does): then they fail.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { suiteWithout } from './required-part.ts';

export type VectorPart = 'sigv4' | 'sts' | 'jose';

/** A `describe` whose body gets the folder of one part of the vectors. */
export function describeWithVectors(name: string, part: VectorPart, body: (folder: string) => void): void {
  const folder = join(vectorsRoot(), part);
  if (existsSync(folder)) {
    describe(name, () => body(folder));
    return;
  }
  const reason = `there is no folder of published vectors '${part}' (REGIONFALL_VECTORS names where)`;
  // The claims cannot even be collected without the files that they are made of.
  suiteWithout('vectors', name, reason, () => it('cannot be told', () => undefined));
}

export function readVectorJson(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

function vectorsRoot(): string {
  const root = join(import.meta.dirname, '..');
  return process.env['REGIONFALL_VECTORS'] || join(root, '..', 'shared', 'data', 'vectors');
}
