/** A test process that starts a world and breaks it, tells what runs below it, and waits to be killed. */

import { readdirSync, readFileSync } from 'node:fs';
import { startWorld } from './index.ts';

const world = await startWorld({ regions: ['eu-west-1'] });
await world.fault({ kind: 'silence', region: 'eu-west-1' });
process.send?.({ pids: childrenOf(process.pid), file: world.environment()['AWS_CA_BUNDLE'] });
setInterval(() => {}, 1_000);

function childrenOf(parent: number): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => parentOf(pid) === parent).map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
