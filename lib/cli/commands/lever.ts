/** `halt` and `resume`: pull the one lever that stops everything of Regionfall for this user, and lift it again. */

import { describeLever, leverPath, pullLever, releaseLever } from '../../run/lever.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

/** @param reason In the words of whoever pulls it; may be empty. */
export function haltCommand(reason: string, terminal: Terminal): number {
  const path = leverPath(terminal.env);
  const state = pullLever(path, reason, Date.now());
  if (state !== undefined) terminal.result(describeLever(state));
  terminal.say('What runs ends within a second and heals; nothing new begins until `regionfall resume`.');
  terminal.say(terminal.paint('dim', `  ${path}`));
  return EXIT.pass;
}

export function resumeCommand(terminal: Terminal): number {
  const state = releaseLever(leverPath(terminal.env));
  terminal.result(state === undefined ? 'nobody had pulled the lever' : `lifted: ${describeLever(state)}`);
  return EXIT.pass;
}
