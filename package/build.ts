/**
 * `npm run package`: the package that users install, as a folder and as the file that would be published. Staged in a
 * folder of its own, because the repository's package.json points at sources and brings a Node (docs/decisions/0014).
 */

import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { reachable, withRuntimeEndings } from './declarations.ts';
import { CONTENTS, LAUNCHER, publishedManifest, type RootManifest } from './manifest.ts';
import { npm, run } from './npm.ts';
import { Refusal } from './refusal.ts';
import { sbomOf } from './sbom.ts';

const ROOT = join(import.meta.dirname, '..');
const BUILD = join(ROOT, 'build');
const STAGE = join(BUILD, 'package');

/** What is compiled; the same as in tsconfig.package.json. */
const SOURCES = ['lib', 'reports', 'scenarios'];

/** Goes along as it is, by its ending: data, and programs that are read or started and never imported. */
const COPIED = new Set([
  '.cjs',
  '.csv',
  '.css',
  '.go',
  '.java',
  '.js',
  '.json',
  '.mjs',
  '.mod',
  '.py',
  '.sum',
  '.svg',
]);
/** Scripts of users, which the bundler for k6 takes as TypeScript. */
const COPIED_WHOLE = ['scenarios/k6'];

/** For people who change Regionfall; all else in docs/ is for its users. */
const DOCS_OF_OURS = ['architecture.md', 'benchmarks.md'];

export interface Package {
  /** Absolute path of the .tgz. */
  readonly path: string;
  /** The folder that it was packed from. */
  readonly folder: string;
  readonly version: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Paths inside of it. */
  readonly files: readonly string[];
}

/** Builds it anew. @throws Refusal with what is missing, or what the compiler or npm said. */
export function buildPackage(): Package {
  const root = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as RootManifest;
  const manifest = publishedManifest(root);
  const missing = Object.entries(root.exports).filter(([, source]) => !existsSync(join(ROOT, source)));
  if (missing.length > 0) {
    throw new Refusal(
      missing
        .map(([entry, source]) => `package.json exports ${entry} as ${source}, which is not there`)
        .join('\n'),
    );
  }
  rmSync(STAGE, { recursive: true, force: true });
  mkdirSync(STAGE, { recursive: true });
  compile();
  keepDeclarations(Object.values(root.exports));
  for (const path of SOURCES.flatMap(dataUnder)) copy(path, path);
  copy('package/launcher.cjs', LAUNCHER);
  chmodSync(join(STAGE, LAUNCHER), 0o755);
  // An extensionless file is what the package.json next to it says.
  copy('bin/package.json', 'bin/package.json');
  copy('package/README.md', 'README.md');
  for (const name of docs()) copy(`docs/${name}`, `docs/${name}`);
  for (const path of ['LICENSE', 'CHANGELOG.md', 'docker-compose.yml']) copy(path, path);
  write('sbom.cdx.json', sbomOf(manifest, join(ROOT, 'package-lock.json')));
  write('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  refuseGaps(manifest);
  return pack(manifest);
}

function compile(): void {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  run([process.execPath, tsc, '-p', join(ROOT, 'tsconfig.package.json'), '--outDir', STAGE], { cwd: ROOT });
  for (const path of filesUnder(STAGE).filter((name) => name.endsWith('.js.map'))) {
    const map = JSON.parse(readFileSync(join(STAGE, path), 'utf8')) as { sources: string[] };
    // The text is in the map; as its place, the package is told and not the folder that it was built in.
    map.sources = map.sources.map((source) => source.slice(source.lastIndexOf('/') + 1));
    write(path, JSON.stringify(map));
  }
}

/** @param sources Of the entries. */
function keepDeclarations(sources: readonly string[]): void {
  const entries = sources.map((source) => source.replace(/^\.\//, '').replace(/\.ts$/, '.d.ts'));
  const kept = reachable(entries, (path) => readFileSync(join(STAGE, path), 'utf8'));
  for (const path of filesUnder(STAGE).filter((name) => name.endsWith('.d.ts'))) {
    if (kept.has(path)) write(path, withRuntimeEndings(readFileSync(join(STAGE, path), 'utf8')));
    else rmSync(join(STAGE, path));
  }
}

/** Files of a folder of sources that are no source, or travel as one. */
function dataUnder(folder: string): readonly string[] {
  const paths = filesUnder(join(ROOT, folder)).map((path) => `${folder}/${path}`);
  const data = paths.filter((path) => {
    if (COPIED_WHOLE.some((whole) => path.startsWith(`${whole}/`))) return true;
    return extname(path) !== '.ts' && !/(?:^|\/)(?:__pycache__|\.)/.test(path);
  });
  const unknown = data.filter((path) => !COPIED.has(extname(path)) && extname(path) !== '.ts');
  if (unknown.length > 0) {
    throw new Refusal(
      `not known whether these belong into the package (COPIED in build.ts): ${unknown.join(', ')}`,
    );
  }
  return data;
}

function docs(): readonly string[] {
  return readdirSync(join(ROOT, 'docs'), { withFileTypes: true })
    .filter((entry) => entry.isFile() && !DOCS_OF_OURS.includes(entry.name))
    .map(({ name }) => name);
}

/** What package.json promises is there. */
function refuseGaps(manifest: Readonly<Record<string, unknown>>): void {
  const exported = Object.values(manifest['exports'] as Record<string, string | Record<string, string>>);
  const promised = [
    ...exported.flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target))),
    ...Object.values(manifest['bin'] as Record<string, string>),
    ...CONTENTS,
  ];
  const gaps = promised.filter((path) => !existsSync(join(STAGE, path)));
  if (gaps.length > 0) throw new Refusal(`the package lacks what its package.json names: ${gaps.join(', ')}`);
}

function pack(manifest: Readonly<Record<string, unknown>>): Package {
  const [packed] = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', BUILD], { cwd: STAGE }),
  ) as [Packed];
  const path = join(BUILD, packed.filename);
  const kibibytes = (bytes: number): string => `${Math.ceil(bytes / 1_024)} KiB`;
  say(
    `${kibibytes(packed.size)} packed, ${kibibytes(packed.unpackedSize)} unpacked, ${packed.entryCount} files`,
  );
  return {
    path,
    folder: STAGE,
    version: packed.version,
    manifest,
    files: packed.files.map((file) => file.path),
  };
}

/** Of what `npm pack --json` prints. */
interface Packed {
  readonly filename: string;
  readonly version: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly entryCount: number;
  readonly files: readonly { readonly path: string }[];
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(join(STAGE, to)), { recursive: true });
  copyFileSync(join(ROOT, from), join(STAGE, to));
}

function write(path: string, text: string): void {
  writeFileSync(join(STAGE, path), text);
}

/** Relative, with slashes, in order. */
function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function say(text: string): void {
  process.stderr.write(`package: ${text}\n`);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  try {
    const built = buildPackage();
    if (values.check) {
      const { checkPackage } = await import('./check.ts');
      await checkPackage(built, say);
    }
    process.stdout.write(`${built.path}\n`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
