/**
 * The order of the rooms, read from the imports: they point down the passage and never sideways. Also the short list
 * of files that touch the world outside: sockets, files, processes, the real clock. A change of either list is a
 * decision about the design, so it is made here, in the open.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

/** From the bottom up. A room imports from those below it; rooms of one storey do not know each other. */
const STOREYS: readonly (readonly string[])[] = [
  ['lib/time'],
  ['lib/failover'],
  ['lib/errors'],
  ['lib/process'],
  ['lib/tools'],
  ['lib/aws'],
  ['lib/journal'],
  ['lib/identity'],
  ['lib/sts', 'lib/network', 'lib/chaos', 'lib/load', 'lib/measure'],
  ['lib/k6'],
  ['lib/iam'],
  ['lib/service'],
  ['lib/scenario'],
  ['lib/world'],
  ['lib/run'],
  ['lib/testing'],
  ['lib/cli'],
];

/** Reports read history: these rooms, their shared page, and nothing that acts. */
const REPORTS_MAY_IMPORT = [
  'lib/time',
  'lib/errors',
  'lib/aws',
  'lib/journal',
  'lib/measure',
  'lib/scenario',
  'reports/page',
];
/** Who may import the reports: what makes them, and their own assembly. */
const MAY_IMPORT_REPORTS = ['lib/run', 'reports/page', 'reports'];
/** Known to every room: a constant and nothing else. */
const OPEN_TO_ALL = ['lib/version.ts'];

/** The files that touch the world outside. Everything else decides with values, and is tested with values. */
const EFFECTS: Readonly<Record<Effect, readonly string[]>> = {
  sockets: [
    // Where a test's own connections go.
    'lib/testing/link-agent.ts',
    'lib/process/hosting.ts',
    'lib/world/front.ts',
    'lib/world/isolated-program.ts',
    'lib/world/isolation.ts',
    'lib/load/attempt.ts',
    'lib/load/connection.ts',
    'lib/load/sdk-transport.ts',
    'lib/load/signed-transport.ts',
    'lib/load/warm-up.ts',
    'lib/network/edge.ts',
    'lib/network/embedded-link.ts',
    'lib/network/link-ports.ts',
    'lib/network/toxiproxy-calibration.ts',
    'lib/service/admin-server.ts',
    'lib/service/region-listener.ts',
    'lib/sts/federation/fetch-keys.ts',
    'lib/k6/control-server.ts',
    'lib/k6/floor.ts',
    'lib/world/prober.ts',
    'lib/network/embedded-connection.ts',
    'lib/network/full-backlog-worker.ts',
    'lib/network/full-backlog.ts',
    'lib/service/certificate-store.ts',
  ],
  files: [
    'lib/cli/commands/run-in-containers.ts',
    'lib/cli/init/repository.ts',
    'lib/cli/init/write-together.ts',
    'lib/process/hosting.ts',
    'lib/world/isolated-program.ts',
    'lib/world/isolation.ts',
    'lib/cli/commands/k6-export.ts',
    'lib/run/merge-part.ts',
    'lib/run/merge.ts',
    'lib/process/environment-mark.ts',
    'lib/world/program-files.ts',
    // Which clients of the machine take part.
    'scenarios/clients-in-an-outage.scenario.ts',
    'lib/cli/commands/k6-bundle.ts',
    'lib/k6/k6-child.ts',
    'lib/run/engines.ts',
    'lib/chaos/leftovers.ts',
    'lib/process/process-identity.ts',
    'lib/chaos/run-remains.ts',
    'lib/cli/commands/report.ts',
    'lib/cli/world-folder.ts',
    'lib/journal/arrow-file.ts',
    'lib/journal/event-writer.ts',
    'lib/journal/manifest.ts',
    'lib/journal/reader.ts',
    'lib/journal/run-folder.ts',
    'lib/network/descriptor-watch.ts',
    'lib/network/link-ports.ts',
    'lib/network/round-trip.ts',
    'lib/network/toxiproxy-server.ts',
    'lib/run/make-report.ts',
    'lib/run/run-scenario.ts',
    'lib/scenario/load-scenario.ts',
    'lib/scenario/typescript-hooks.ts',
    'lib/tools/find-tool.ts',
    'lib/journal/folder-files.ts',
    'lib/journal/reserve.ts',
    'lib/run/lever.ts',
  ],
  processes: [
    'lib/world/compose-keeper.ts',
    'lib/world/compose-project.ts',
    'lib/world/isolated-program.ts',
    'lib/world/isolation.ts',
    'lib/load/program-runs.ts',
    'lib/process/environment-mark.ts',
    'lib/k6/k6-child.ts',
    'lib/chaos/guardian-client.ts',
    'lib/process/process-identity.ts',
    'lib/cli/commands/exec.ts',
    'lib/network/toxiproxy-server.ts',
    'lib/process/rpc.ts',
    'lib/tools/find-tool.ts',
    'lib/network/full-backlog-worker.ts',
    'lib/network/full-backlog.ts',
  ],
  clock: [
    'lib/run/open-callers.ts',
    'lib/run/merge.ts',
    // Defaults of what users take home; every clock can be given.
    'lib/failover/aws-sdk.ts',
    // Inside k6, which has no other clock.
    'lib/k6/script/attempt.ts',
    'lib/k6/script/caller.ts',
    'lib/k6/script/generated.ts',
    'lib/k6/script/planned.ts',
    'lib/k6/script/start.ts',
    'lib/k6/process.ts',
    'lib/chaos/guardian.ts',
    'lib/chaos/leftovers.ts',
    'lib/chaos/run-remains.ts',
    'lib/cli/world-folder.ts',
    'lib/load/process.ts',
    'lib/run/run-log.ts',
    'lib/run/run-scenario.ts',
    'lib/service/process.ts',
    'lib/time/monotonic.ts',
    'lib/world/local-world.ts',
    'lib/world/prober.ts',
    'lib/cli/commands/lever.ts',
    'lib/run/clock-watch.ts',
    'lib/run/make-report.ts',
  ],
};

type Effect = 'sockets' | 'files' | 'processes' | 'clock';

const EFFECT_PATTERNS: Readonly<Record<Effect, RegExp>> = {
  sockets: /['"]node:(?:net|tls|dgram|dns|http|https|http2)(?:\/\w+)?['"]/,
  files: /['"]node:(?:fs|sqlite)(?:\/\w+)?['"]/,
  processes: /['"]node:(?:child_process|cluster|worker_threads)['"]|\bprocess\.kill\(/,
  clock: /\bprocess\.hrtime\b|\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/,
};

const IMPORT_PATTERNS = [/\bfrom\s+['"](\.[^'"]+)['"]/g, /\bimport\s*\(?\s*['"](\.[^'"]+)['"]/g];
const ENTRY_PATTERN = /\b(?:new URL|entryUrl|file)\(\s*['"](\.[^'"]+\.(?:ts|cjs))['"]/g;

const files = ['lib', 'reports', 'scenarios'].flatMap(sourcesUnder);

describe('rooms', () => {
  test('import downwards only', () => {
    const offenders = files.flatMap((file) =>
      localImports(file)
        .filter((target) => !isAllowed(file, target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(offenders).toEqual([]);
  });

  test('all have their place in the order', () => {
    const rooms = new Set(
      files.map(roomOf).filter((room) => room.startsWith('lib/') && !room.endsWith('.ts')),
    );
    expect([...rooms].filter((room) => storeyOf(room) === -1)).toEqual([]);
  });

  test('name entries in a way that also holds in the package, where modules end in .js', () => {
    const bare = /\bnew URL\([^)]*\.ts['"],\s*import\.meta\.url/;
    const offenders = files.filter((file) => bare.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(offenders).toEqual([]);
  });

  test('start only processes whose entry exists', () => {
    const offenders = files.flatMap((file) =>
      targetsOf(file, [ENTRY_PATTERN])
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${file} starts ${target}`),
    );
    expect(offenders).toEqual([]);
  });
});

describe.each(Object.keys(EFFECTS) as Effect[])('the world outside: %s', (effect) => {
  const found = files.filter((file) => touches(file, effect));

  test('are touched by the listed files only', () => {
    expect(found.filter((file) => !EFFECTS[effect].includes(file))).toEqual([]);
  });

  test('are still touched by every file in the list', () => {
    expect(EFFECTS[effect].filter((file) => !found.includes(file))).toEqual([]);
  });
});

function isAllowed(file: string, target: string): boolean {
  const from = roomOf(file);
  const to = roomOf(target);
  // The public entry stands above all rooms and holds no code of its own.
  if (file === 'lib/index.ts') return true;
  if (from === to || OPEN_TO_ALL.includes(target)) return true;
  if (from.startsWith('scenarios')) return to === 'lib/scenario' || target === 'lib/index.ts';
  if (from.startsWith('reports') && REPORTS_MAY_IMPORT.includes(to)) return true;
  if (to.startsWith('reports')) return MAY_IMPORT_REPORTS.includes(from);
  if (from.startsWith('reports')) return false;
  return storeyOf(to) !== -1 && storeyOf(to) < storeyOf(from);
}

/** `lib/sts/actions/assume-role.ts` → `lib/sts`. */
function roomOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

function storeyOf(room: string): number {
  return STOREYS.findIndex((storey) => storey.includes(room));
}

/** Imports of our own files, and entries of processes that are started by their address. */
function localImports(file: string): readonly string[] {
  return targetsOf(file, [...IMPORT_PATTERNS, ENTRY_PATTERN]);
}

function targetsOf(file: string, patterns: readonly RegExp[]): readonly string[] {
  const text = withoutComments(readFileSync(join(ROOT, file), 'utf8'));
  return patterns
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map(([, path = '']) =>
      relative(ROOT, join(ROOT, dirname(file), path))
        .split(sep)
        .join('/'),
    );
}

function touches(file: string, effect: Effect): boolean {
  // A type cannot do anything.
  const text = withoutComments(readFileSync(join(ROOT, file), 'utf8')).replaceAll(
    /\bimport type [^;]+;/g,
    '',
  );
  return EFFECT_PATTERNS[effect].test(text);
}

/** Good enough for code that is formatted: block comments, and lines that are a comment from `//` on. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}

function sourcesUnder(folder: string): readonly string[] {
  return allUnder(folder).filter((file) => !isTest(file));
}

/** What a test uses may stand anywhere: it puts a room up together with its neighbours. */
function isTest(file: string): boolean {
  return /\.(?:test|fixture)\.ts$|\/(?:fixture|test)-[\w-]+\.ts$/.test(file);
}

function allUnder(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
