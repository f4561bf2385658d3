/** Gives a process of a run a failing disk from its first moment on: named by `--import`, told by its environment. */

import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { monotonicUs } from '../../lib/time/monotonic.ts';
import { type FailWrites, failWrites } from './failing-disk.ts';

const VARIABLE = 'REGIONFALL_TEST_FAILING_DISK';

interface Order {
  readonly disk: Omit<FailWrites, 'until' | 'onFirst'>;
  /** Gets the moment of the first failure, in monotonic microseconds. */
  readonly momentPath: string;
}

/** The environment that gives a process this disk. */
export function failingDiskEnvironment(order: Order): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${pathToFileURL(import.meta.filename).href}`,
    [VARIABLE]: JSON.stringify(order),
  };
}

const told = process.env[VARIABLE];
if (told !== undefined) {
  const { disk, momentPath } = JSON.parse(told) as Order;
  failWrites({ ...disk, onFirst: () => writeFileSync(momentPath, String(monotonicUs())) });
}
