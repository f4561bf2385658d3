/** Finds the published test vectors, as the tests do: data of others, and no part of this project. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Skip, without } from './ledger.ts';

/** The folder of one part of the vectors. @throws where it is missing and `REGIONFALL_REQUIRE` lists `vectors`. */
export function vectorsFolder(part: 'sigv4' | 'sts' | 'jose'): string | Skip {
  const project = join(import.meta.dirname, '..', '..');
  const root = process.env['REGIONFALL_VECTORS'] || join(project, '..', 'shared', 'data', 'vectors');
  const folder = join(root, part);
  if (existsSync(folder)) return folder;
  return without(
    'vectors',
    `there is no folder of published vectors '${part}' (REGIONFALL_VECTORS names where)`,
  );
}
