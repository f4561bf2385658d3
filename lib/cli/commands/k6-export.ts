/** `k6 export`: a folder with all that other machines need to make a scenario's load with plain k6. */

import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../../errors/regionfall-error.ts';
import { exportLoad } from '../../k6/export.ts';
import { refuseWhatEngineCannot } from '../../run/engines.ts';
import { loadScenarios } from '../../scenario/load-scenario.ts';
import { durationUs } from '../../time/duration.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export interface K6ExportOptions {
  readonly scenario: string;
  readonly out: string;
  readonly segments: number;
  readonly seed: number;
}

const DRAIN_DEFAULT = '3s';

export async function k6ExportCommand(
  { scenario: name, out, segments, seed }: K6ExportOptions,
  terminal: Terminal,
): Promise<number> {
  const [loaded, ...others] = await loadScenarios(name);
  if (loaded === undefined || others.length > 0) {
    throw new UsageError(`'${name}' means several scenarios, and one is exported at a time`, {
      code: 'RF-SCENARIO-NOT-FOUND',
      hint: 'name one file or scenario',
    });
  }
  refuseWhatEngineCannot(loaded, seed, 'k6', true);
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new UsageError(`${out} is not empty, and nothing is overwritten`, {
      code: 'RF-FILE-EXISTS',
      hint: 'take it away, or give another folder with --out',
    });
  }
  const { scenario, hash, path } = loaded;
  const { load } = scenario;
  const files = await exportLoad({
    scenario: scenario.name,
    hash,
    seed,
    durationUs: durationUs(load.duration),
    drainUs: durationUs(load.drain ?? DRAIN_DEFAULT),
    groups: load.groups,
    segments,
    ...(load.k6 === undefined ? {} : { script: resolve(dirname(path), load.k6.script) }),
  });
  await mkdir(out, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    await writeFile(join(out, file), text, { flag: 'wx', mode: file.endsWith('.sh') ? 0o755 : 0o644 });
  }
  terminal.say(
    `the load of ${scenario.name} in ${segments} ${segments === 1 ? 'part' : 'parts'}: ${Object.keys(files).join(', ')}`,
  );
  terminal.result(join(out, 'README.md'));
  return EXIT.pass;
}
