/** `heal`: lifts whatever earlier runs left on this machine. The guardian has usually been there before. */

import { sweep } from '../../chaos/leftovers.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { removeStaleWorlds } from '../world-folder.ts';

export async function healCommand(outDir: string, terminal: Terminal): Promise<number> {
  const worlds = await removeStaleWorlds(outDir);
  const found = [
    ...(await sweep(outDir)),
    ...worlds.map((path) => `the world of an \`up\` that died: ${path}`),
  ];
  for (const sentence of found) terminal.result(`healed: ${sentence}`);
  if (found.length === 0) terminal.result('nothing to heal');
  return EXIT.pass;
}
