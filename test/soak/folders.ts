/**
 * `npm run soak:folders -- --cuts N --flips N --real N --seed S`: makes one small run, cuts its files at every offset
 * and flips bits in them, and opens each result: in memory, and `--real` of them on disk through the command. Exit 1
 * when one crashes, passes for complete, or goes unnoticed.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RUN_FILES } from '../../lib/journal/run-folder.ts';
import { createRandom } from '../../lib/time/random.ts';
import { type Damage, readIntoMemory } from './damage.ts';
import { reportOnDisk } from './report-on-disk.ts';
import { runSmall } from './small-run.ts';
import { cutsOf, decidingDamages, type Finding, flipsOf, torture } from './torture.ts';

const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '100000' },
    flips: { type: 'string', default: '10000' },
    real: { type: 'string', default: '300' },
    seed: { type: 'string', default: '7' },
  },
});

const place = mkdtempSync(join(tmpdir(), 'regionfall-folders-'));
let failures = 0;
try {
  const { folder, json } = await runSmall(place);
  // A machine that stalled makes a run inconclusive; its folder is as good for cutting.
  say(`the run to be damaged: ${json.verdict}`);
  const memory = await readIntoMemory(folder);
  const random = createRandom(values.seed);
  const cuts = cutsOf(memory, Number(values.cuts));
  const flips = flipsOf(memory, Number(values.flips), random.fork('flips'));
  if (cuts.length < Number(values.cuts)) fail(`the folder has only ${cuts.length} offsets to cut at`);
  // As a run leaves it that dies: no seal says which byte is wrong, and still none may be believed or crash.
  const unsealed = await readIntoMemory(folder, [RUN_FILES.manifest]);
  const passes = [
    ['cuts', memory, cuts],
    ['flips', memory, flips],
    ['flips without a seal', unsealed, decidingDamages(flips)],
  ] as const;
  for (const [name, files, damages] of passes) {
    const startedMs = performance.now();
    const { opened, refused, rendered, findings } = await torture(files, damages);
    const figures = `${opened} opened, ${refused} refused in words, ${rendered} different states shown`;
    tell(name, figures, startedMs, findings);
  }
  const pick = random.fork('real');
  const real = Array.from({ length: Number(values.real) }, (_, index) => {
    const from: readonly Damage[] = index % 2 === 0 ? cuts : flips;
    return from[Math.floor(pick.next() * from.length)];
  }).filter((damage) => damage !== undefined);
  const startedMs = performance.now();
  tell('on disk', `${real.length} reported by the command`, startedMs, await reportOnDisk(folder, real));
} finally {
  rmSync(place, { recursive: true, force: true });
}
process.exit(failures === 0 ? 0 : 1);

function tell(name: string, figures: string, startedMs: number, findings: readonly Finding[]): void {
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  say(`${name}: ${figures}, ${findings.length} failures, in ${seconds} s`);
  for (const { damage, problem } of findings.slice(0, 20)) {
    fail(`${damage.kind} ${damage.file} at ${damage.at} (seed ${values.seed}): ${problem}`);
  }
  failures += findings.length;
}

function fail(sentence: string): void {
  failures += 1;
  say(`FAILED ${sentence}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
