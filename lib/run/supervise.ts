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
  /** Asks a process each second whether it still answers; one that does not is ended, and with it the run. */
  pulse(child: Child): void;
  /** Listens to what the network tells unasked: a replaced or tampered Toxiproxy, a lease that ran out. */
  hear(network: Child): void;
  /** From here on processes may end. */
  over(): void;
}

const PULSE_EVERY_MS = 1_000;
/** A process that is merely busy answers within this; one that is stopped or stuck never does. */
const PULSE_DEADLINE_MS = 3_000;

export function supervise(guardian: Guardian, log: RunLog, stop: Stop): Supervision {
  let over = false;
  void guardian.exited.then(({ expected }) => {
    if (over || expected) return;
    stop.now('failure', 'the guardian process ended: nobody would heal if the conductor died too');
  });
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
    pulse: (child) => {
      const next = (): void => {
        const timer = setTimeout(async () => {
          if (over || child.ended()) return;
          try {
            await child.call('observe', undefined, PULSE_DEADLINE_MS);
            next();
          } catch (error) {
            if (over || child.ended()) return;
            stop.now('failure', `the ${child.name} process does not answer: ${(error as Error).message}`);
            child.kill();
          }
        }, PULSE_EVERY_MS);
        timer.unref();
      };
      next();
    },
    hear: (network) => {
      network.onNews('replaced', ({ reason, pid }: { reason: string; pid: number }) => {
        started({ name: 'toxiproxy', pid });
        // Every connection died with the old one: what callers saw then was us, and no figure may hide that.
        stop.now('failure', `Toxiproxy had to be replaced by a clean one: ${reason}`);
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
