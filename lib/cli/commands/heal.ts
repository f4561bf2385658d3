/** `heal`: lifts whatever earlier runs left on this machine. The guardian has usually been there before. */

import { sweep } from '../../chaos/leftovers.ts';
import { sweepToxiproxy } from '../../network/toxiproxy-given.ts';
import { describeLever, leverPath, readLever } from '../../run/lever.ts';
import { givenToxiproxyUrl } from '../../tools/toxiproxy-url.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { removeStaleWorlds } from '../world-folder.ts';

export async function healCommand(outDir: string, terminal: Terminal): Promise<number> {
  const worlds = await removeStaleWorlds(outDir);
  const given = givenToxiproxyUrl(terminal.env);
  const found = [
    ...(await sweep(outDir)),
    ...(given === undefined ? [] : await sweepToxiproxy(given)),
    ...worlds.map((path) => `the world of an \`up\` that died: ${path}`),
  ];
  for (const sentence of found) terminal.result(`healed: ${sentence}`);
  if (found.length === 0) terminal.result('nothing to heal');
  const lever = readLever(leverPath(terminal.env));
  // Somebody wants it so: told, and left as it is.
  if (lever !== undefined) terminal.say(`${describeLever(lever)}; \`regionfall resume\` lifts it`);
  return EXIT.pass;
}
