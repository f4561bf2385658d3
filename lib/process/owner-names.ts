/**
 * Names of what we make where others make things too, proxies on a given Toxiproxy and containers:
 * `regionfall-{pid}-{start}-{…}`. They tell which process made them, so that what a dead one left behind can be told
 * from what a living one uses.
 */

import { createHash } from 'node:crypto';
import { markOf, type ProcessMark } from './process-identity.ts';

/** What the names that this process gives begin with. */
export function ownPrefix(mark: ProcessMark = ownMark()): string {
  return `regionfall-${mark.pid}-${digestOf(mark)}-`;
}

/** Whether a name is one of ours and the process that gave it has ended. */
export function isOrphan(name: string): boolean {
  const [, pid, digest] = /^regionfall-(\d+)-([0-9a-f]{12})-/.exec(name) ?? [];
  // A system that tells nothing about processes, not even about us: nobody is taken for dead.
  if (pid === undefined || markOf(process.pid) === undefined) return false;
  const mark = markOf(Number(pid));
  return mark === undefined || digestOf(mark) !== digest;
}

function ownMark(): ProcessMark {
  return markOf(process.pid) ?? { pid: process.pid, started: '' };
}

/** The start mark is a text of any length and form. */
function digestOf({ started }: ProcessMark): string {
  return createHash('sha256').update(started).digest('hex').slice(0, 12);
}
