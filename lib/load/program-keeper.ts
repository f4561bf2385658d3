/**
 * Entry of the process that runs the programs of a load. It is apart from the callers' process so that it outlives that
 * one by a moment: when the callers end, however they end, what they had started is killed.
 */

import { serveParent } from '../process/rpc.ts';
import { createProgramRuns, type ProgramOrder } from './program-runs.ts';

/** Argument of `start`. */
export interface KeeperOrder extends ProgramOrder {
  readonly run: number;
}

const runs = createProgramRuns();

const { tell } = serveParent(
  {
    start: ({ run, ...order }: KeeperOrder) => runs.start(run, order, (end) => tell('ended', { run, end })),
    kill: ({ run }: { readonly run: number }) => runs.kill(run),
    /** Answers when it listens. */
    ready: () => {},
  },
  runs.close,
);

// A bare signal would skip what the end of the channel does.
for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    runs.close();
    process.exit(1);
  });
}
