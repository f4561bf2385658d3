/**
 * Watches what the run stands on while it runs: its own processes, and the network's word about itself. Whatever is
 * lost here is our failure and ends the run; none of it is ever counted against STS.
 */

import type { Guardian } from '../chaos/guardian-client.ts';
import type { Child } from '../process/rpc.ts';
import type { RunLog } from './run-log.ts';
import type { Stop } from './stop.ts';

export interface Supervision {
  /** The guardian knows of a process before the process can do anything. */
  started(process: { readonly name: string; readonly pid: number }): void;
  watch(children: readonly Child[]): void;
  /** Listens to what the network tells unasked: a replaced or tampered Toxiproxy, a lease that ran out. */
  hear(network: Child): void;
  /** From here on processes may end. */
  over(): void;
}

export function supervise(guardian: Guardian, log: RunLog, stop: Stop): Supervision {
  let over = false;
  const started: Supervision['started'] = ({ name, pid }) => {
    guardian.watch({ name, pid });
    log.write({ kind: 'process.started', name, pid });
  };
  const warn = (text: string): void => void log.write({ kind: 'note', level: 'warning', text });
  return {
    started,
    watch: (children) => {
      for (const child of children) {
        void child.exited.then(({ code, signal }) => {
          if (over) return;
          log.write({
            kind: 'process.exited',
            name: child.name,
            pid: child.pid,
            code,
            signal,
            expected: false,
          });
          stop.now(
            'failure',
            `the ${child.name} process ended (${signal ?? `code ${code}`}) ${child.stderrTail()}`.trim(),
          );
        });
      }
    },
    hear: (network) => {
      network.onNews('replaced', ({ reason, pid }: { reason: string; pid: number }) => {
        started({ name: 'toxiproxy', pid });
        warn(`Toxiproxy was replaced by a clean one: ${reason}`);
      });
      network.onNews('tampered', (sentence: string) => stop.now('failure', sentence));
      network.onNews('lost', (reason: string) => stop.now('failure', `the network cannot go on: ${reason}`));
      network.onNews('expired', (faults: readonly string[]) => {
        warn(`lifted by the network itself, as nobody renewed the lease: ${faults.join(', ')}`);
      });
    },
    over: () => {
      over = true;
    },
  };
}
