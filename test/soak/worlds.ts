/**
 * Worlds of tests, started, broken, healed and stopped in every order that fast-check draws, as often as the argument
 * says (1,000 sequences without one). After each: no process below this one, no listener, and no file of ours is left
 * that was not there before. Ends with 1, and the sequence that leaked. `npm run soak:worlds -- 1000`.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type HeldFault, startWorld, type TestFault, type TestWorld } from '../../lib/testing/index.ts';
import { familyOf, isAlive, listenersOf } from '../processes.ts';

const sequences = Number(process.argv[2] ?? 1_000);
const seed = Number(process.argv[3] ?? 1);
if (![sequences, seed].every(Number.isSafeInteger) || sequences < 1) {
  process.stderr.write('usage: npm run soak:worlds -- [SEQUENCES [SEED]]\n');
  process.exit(2);
}

const REGIONS = ['eu-west-1', 'eu-central-1'] as const;

type Step =
  | { readonly do: 'fault'; readonly fault: TestFault }
  /** One of those in force, whichever it is then. */
  | { readonly do: 'heal'; readonly which: number }
  /** Faults that are left are the world's to lift. */
  | { readonly do: 'stop' };

const region = fc.constantFrom(...REGIONS);
const fault: fc.Arbitrary<TestFault> = fc.oneof(
  region.map((name) => ({ kind: 'refused', region: name }) as const),
  region.map((name) => ({ kind: 'reset', region: name }) as const),
  region.map((name) => ({ kind: 'region-deactivated', region: name }) as const),
  region.map((name) => ({ kind: 'service-error', region: name, code: 'ServiceUnavailable' }) as const),
  // Each costs the time limit by which silence is seen.
  { arbitrary: region.map((name) => ({ kind: 'silence', region: name }) as const), weight: 1 },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fault.map((order) => ({ do: 'fault', fault: order }) as const), weight: 3 },
  { arbitrary: fc.nat({ max: 9 }).map((which) => ({ do: 'heal', which }) as const), weight: 2 },
  { arbitrary: fc.constant({ do: 'stop' } as const), weight: 1 },
);

/** Whoever lost its parent is no descendant any more: all that ever were are remembered. */
const started = new Set<number>();

/** Starts a world when a step needs one, and goes on after a stop with another. */
async function play(steps: readonly Step[]): Promise<void> {
  let world: TestWorld | undefined;
  let held: HeldFault[] = [];
  try {
    for (const action of steps) {
      world ??= await startWorld({ regions: REGIONS, locations: ['eu-west-1'] });
      for (const pid of familyOf(process.pid).slice(1)) started.add(pid);
      if (action.do === 'fault') held.push(await world.fault(action.fault));
      else if (action.do === 'heal' && held.length > 0) {
        const [chosen] = held.splice(action.which % held.length, 1);
        await chosen?.lift();
      } else if (action.do === 'stop') {
        await world[Symbol.asyncDispose]();
        world = undefined;
        held = [];
      }
    }
  } finally {
    await world?.[Symbol.asyncDispose]();
  }
}

const before = remains();
const startedMs = performance.now();
let played = 0;
const result = await fc.check(
  fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
    await play(steps);
    const left = remains().filter((thing) => !before.includes(thing));
    if (left.length > 0) throw new Error(`left behind: ${left.join('; ')}`);
    played += 1;
    if (played % Math.ceil(sequences / 10) === 0) process.stdout.write(`  ${played} sequences\n`);
  }),
  // What leaked is told as it was: a smaller one would be looked for among the leaks of those before.
  { numRuns: sequences, seed, endOnFailure: true },
);

if (result.failed) {
  process.stdout.write(`${fc.defaultReportMessage(result)}\n${result.errorInstance}\n`);
  process.exit(1);
}
const seconds = Math.round((performance.now() - startedMs) / 1_000);
process.stdout.write(`${played} sequences of worlds in ${seconds} s, seed ${seed}: nothing left behind\n`);

/** Processes of every world so far, listeners of this process and theirs, and its folders for temporary files. */
function remains(): readonly string[] {
  const processes = [...started].filter(isAlive);
  return [
    ...processes.map((pid) => `process ${pid}`),
    ...listenersOf([process.pid, ...processes]).map((inode) => `listener ${inode}`),
    ...ownFolders().map((path) => `folder ${path}`),
  ];
}

/** Of this process: others may have worlds of their own. */
function ownFolders(): readonly string[] {
  return readdirSync(tmpdir())
    .map((name) => join(tmpdir(), name))
    .filter((path) => {
      try {
        return JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8')).process?.pid === process.pid;
      } catch {
        return false;
      }
    });
}
