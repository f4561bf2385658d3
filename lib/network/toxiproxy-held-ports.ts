/**
 * The ports that we keep ourselves while their proxies are not enabled, so that connects to them are not answered.
 * They are ours and not Toxiproxy's: they outlive a server that is replaced.
 */

import { holdPort } from './full-backlog.ts';

export interface HeldPorts {
  has(port: number): boolean;
  /** The port must be free. */
  hold(port: number): Promise<void>;
  release(port: number): Promise<void>;
  releaseAll(): Promise<void>;
}

export function createHeldPorts(): HeldPorts {
  const held = new Map<number, Awaited<ReturnType<typeof holdPort>>>();
  const release = async (port: number): Promise<void> => {
    const hold = held.get(port);
    held.delete(port);
    await hold?.release();
  };
  return {
    has: (port) => held.has(port),
    hold: async (port) => {
      if (!held.has(port)) held.set(port, await holdPort(port));
    },
    release,
    releaseAll: async () => {
      await Promise.all([...held.keys()].map(release));
    },
  };
}
