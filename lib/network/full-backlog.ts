/**
 * Holds a port so that connects to it are not answered at all, as if the address were gone: a listener that accepts
 * nothing, behind a queue that we fill. Linux drops every further SYN; other systems answer differently. The listener
 * is a thread of this process, so that nothing can outlive it (docs/decisions/0012).
 */

import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import { entryUrl } from '../process/entry.ts';
import { LOOPBACK, portTaken } from './link-ports.ts';

export interface HeldPort {
  /** Resolves when the port is free again. */
  release(): Promise<void>;
}

/**
 * @param port Free now.
 * @throws EnvironmentError `RF-UNREACHABLE-UNAVAILABLE` where the system cannot do it, `RF-PORT-TAKEN` when somebody
 *   else has the port.
 */
export async function holdPort(port: number): Promise<HeldPort> {
  if (process.platform !== 'linux') throw unavailable(`${process.platform} does not drop connects`);
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(entryUrl('./full-backlog-worker.ts', import.meta.url), {
    workerData: { port, host: LOOPBACK, gate },
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const fillers: Socket[] = [];
  const release = async (): Promise<void> => {
    for (const filler of fillers) filler.destroy();
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    // It ends by itself within a moment; a thread that does not is ended.
    const stubborn = setTimeout(() => void worker.terminate(), PATIENCE_MS);
    await ended;
    clearTimeout(stubborn);
  };
  try {
    await listening(worker, ended, port);
    await fill(port, fillers);
    return { release };
  } catch (error) {
    await release();
    throw error;
  }
}

const PATIENCE_MS = 1_000;
/** A queue of length one takes two; what is beyond these has met a system that accepts whatever comes. */
const FILLERS_MOST = 64;
/** A connect over loopback takes microseconds. One that is not through by then was dropped. */
const DROPPED_AFTER_MS = 40;

async function listening(worker: Worker, ended: Promise<void>, port: number): Promise<void> {
  const failed = await new Promise<string | undefined>((resolve) => {
    worker.once('message', (message: { failed: string | undefined }) => resolve(message.failed));
    worker.once('error', (error: Error) => resolve(error.message));
    void ended.then(() => resolve('the thread ended'));
  });
  if (failed === 'EADDRINUSE' || failed === 'EACCES') throw portTaken(port);
  if (failed !== undefined) throw unavailable(failed);
}

/** Connects until two connects have hung together: one alone may only have been slow. */
async function fill(port: number, fillers: Socket[]): Promise<void> {
  let through = 0;
  const one = (): void => {
    const filler = connect({ host: LOOPBACK, port });
    filler.on('error', () => {}); // Reset when the port is released, which is the end of it.
    filler.once('connect', () => {
      through += 1;
    });
    fillers.push(filler);
  };
  while (fillers.length < FILLERS_MOST) {
    while (fillers.length < through + 2) one();
    const before = through;
    await pause(DROPPED_AFTER_MS);
    if (through === before && through > 0) return;
  }
  throw unavailable('its queue never fills');
}

function unavailable(why: string): EnvironmentError {
  return new EnvironmentError(`connects cannot be left unanswered on this machine: ${why}`, {
    code: 'RF-UNREACHABLE-UNAVAILABLE',
    hint: 'take the kind silence or refused, or run on Linux',
  });
}
