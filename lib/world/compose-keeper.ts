/** Entry of the process that outlives a killed conductor by the moment it takes to remove its containers. */

import { spawn } from 'node:child_process';
import { serveParent } from '../process/rpc.ts';

/** The command that removes them. */
export interface ComposeDown {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

let kept: ComposeDown | undefined;

serveParent(
  {
    keep: (down: ComposeDown) => {
      kept = down;
    },
    done: () => {
      kept = undefined;
    },
  },
  () => {
    if (kept === undefined) return;
    // It takes seconds, and we end at once.
    const { program, parameters, env } = kept;
    spawn(program, [...parameters], { env, stdio: 'ignore', detached: true }).unref();
  },
);
