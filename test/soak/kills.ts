/**
 * `npm run soak:kill -- --kills N --seed S --parallel N`: kills processes of real runs at random instants, each kill in
 * a run of its own, and prints a table by victim. Exit 1 when anything was left, or a folder did not say why.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../../lib/time/random.ts';
import { findTool } from '../../lib/tools/find-tool.ts';
import { inParallel } from './in-parallel.ts';
import { type Kill, type KillResult, performKill, planKill, VICTIMS } from './kill.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '7' },
    parallel: { type: 'string', default: '4' },
  },
});

const toxiproxy = await findTool('toxiproxy');
if (!toxiproxy.found) console.log(`without Toxiproxy: ${toxiproxy.missing}`);
const random = createRandom(values.seed);
const kills = Array.from({ length: Number(values.kills) }, (_, index) =>
  planKill(random.fork(`kill ${index}`), index, toxiproxy.found),
);
const startedMs = performance.now();
const results = await inParallel(Number(values.parallel), kills, async (kill, index) => {
  const place = mkdtempSync(join(tmpdir(), 'regionfall-kill-'));
  try {
    const result = await performKill(kill, join(place, 'runs'));
    for (const problem of result.problems) {
      console.log(`FAILED kill ${index} of seed ${values.seed}, ${JSON.stringify(kill)}: ${problem}`);
    }
    return result;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
printTable(kills, results);
const failed = results.filter(({ problems }) => problems.length > 0).length;
console.log(
  `${kills.length} kills in ${Math.round((performance.now() - startedMs) / 1_000)} s, ${failed} failures (seed ${values.seed})`,
);
process.exit(failed === 0 ? 0 : 1);

function printTable(all: readonly Kill[], outcome: readonly KillResult[]): void {
  const row = (cells: readonly string[]): void =>
    console.log(cells.map((cell, column) => (column === 0 ? cell.padEnd(24) : cell.padStart(12))).join(''));
  row(['victim', 'kills', 'median ms', 'worst ms', 'failures']);
  for (const victim of VICTIMS) {
    const own = outcome.filter((_, index) => all[index]?.victim === victim);
    if (own.length === 0) continue;
    const times = own.map(({ goneMs }) => goneMs).sort((one, other) => one - other);
    const wrong = own.filter(({ problems }) => problems.length > 0).length;
    const [median, worst] = [times[times.length >> 1] ?? Number.NaN, times.at(-1) ?? Number.NaN];
    row([victim, String(own.length), median.toFixed(0), worst.toFixed(0), String(wrong)]);
  }
}
