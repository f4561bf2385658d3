/** `k6 export`: a folder with all that other machines need to make a scenario's load with plain k6. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../../errors/regionfall-error.ts';
import { exportLoad } from '../../k6/export.ts';
import { refuseWhatEngineCannot } from '../../run/engines.ts';
import { loadScenarios } from '../../scenario/load-scenario.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { durationUs } from '../../time/duration.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export interface K6ExportOptions {
  readonly scenario: string;
  readonly out: string;
  readonly segments: number;
  /** ISO 8601, with its zone. */
  readonly start?: string;
  readonly seed: number;
}

const DRAIN_DEFAULT = '3s';

export async function k6ExportCommand(
  { scenario: name, out, segments, start, seed }: K6ExportOptions,
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
  const { scenario, hash, path } = loaded;
  refuseWhatExportCannot(scenario, segments);
  refuseFullFolder(out);
  const { load } = scenario;
  const files = await exportLoad({
    scenario: scenario.name,
    source: name,
    hash,
    seed,
    durationUs: durationUs(load.duration),
    drainUs: durationUs(load.drain ?? DRAIN_DEFAULT),
    groups: load.groups,
    up: upOptionsOf(scenario, seed),
    segments,
    ...(start === undefined ? {} : { start }),
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

/** A world says its addresses and keys as `up --json` does: those of its first location, and long-term keys. */
function refuseWhatExportCannot({ name, load }: Scenario, segments: number): void {
  const locations = [...new Set(load.groups.map(({ location }) => location))];
  const sessions = load.groups.filter(({ credential }) => credential === 'session');
  const problems = [
    ...(locations.length > 1
      ? [`its groups stand in ${locations.join(', ')}, and k6 past one machine calls from one location`]
      : []),
    ...sessions.map(
      (group) => `group '${group.name}' holds session credentials, which a world does not hand out`,
    ),
  ];
  if (problems.length > 0) {
    throw new UsageError(`the load of ${name} cannot be exported: ${problems.join('; ')}`, {
      code: 'RF-ENGINE-CANNOT',
      hint: 'regionfall run --engine k6 does it on this machine',
    });
  }
  const callers = load.groups.reduce((sum, group) => sum + group.callers, 0);
  // A script of the user's own has its own VUs.
  if (load.k6 !== undefined || segments <= callers) return;
  throw new UsageError(`${name} has ${callers} callers, which ${segments} parts cannot share`, {
    code: 'RF-OPTION-VALUE',
    hint: `--segments ${callers}`,
  });
}

function refuseFullFolder(out: string): void {
  if (!existsSync(out)) return;
  if (statSync(out).isDirectory() && readdirSync(out).length === 0) return;
  throw new UsageError(`${out} is not an empty folder, and nothing is overwritten`, {
    code: 'RF-FILE-EXISTS',
    hint: 'take it away, or give another folder with --out',
  });
}

function upOptionsOf({ regions, era, load }: Scenario, seed: number): readonly string[] {
  const [group] = load.groups;
  return [
    ...['--era', era, '--regions', regions.join(',')],
    ...(group === undefined ? [] : ['--locations', group.location]),
    ...['--seed', String(seed)],
  ];
}
