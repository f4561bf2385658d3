/**
 * `npm run package -- --check`: tries the package as its users do. What it holds, what linters of packages say, then an
 * empty project that installs it, type-checks against it and runs it, on every Node that REGIONFALL_NODES names.
 */

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { checkPackage as checkTypes, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemAffectsResolutionKind } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import type { Package } from './build.ts';
import { unwanted } from './contents.ts';
import { npm, run } from './npm.ts';
import { Refusal } from './refusal.ts';

const ROOT = join(import.meta.dirname, '..');
const SAMPLE = join(import.meta.dirname, 'sample');
/** k6 runs it, and Node cannot. */
const FOR_K6 = './k6';

/** @throws Refusal at the first check that fails. */
export async function checkPackage(built: Package, say: (text: string) => void): Promise<void> {
  const check = async (title: string, body: () => unknown): Promise<void> => {
    const startedMs = performance.now();
    try {
      await body();
    } catch (error) {
      say(`✗ ${title}`);
      throw error;
    }
    say(`✓ ${title} (${((performance.now() - startedMs) / 1_000).toFixed(1)} s)`);
  };
  await check('holds nothing that is not for users', () => refuseUnwanted(built));
  await check('its README links to what is there', () => refuseDeadLinks(built));
  await check('publint has nothing to say', () => lintPackage(built));
  await check('types resolve for ES modules and bundlers', () => lintTypes(built));

  const project = mkdtempSync(join(tmpdir(), 'regionfall-user-'));
  try {
    await check('installs into an empty project, without scripts', () => install(built, project));
    for (const user of USERS) await check(`${user.title} type-checks`, () => typeCheck(user, project));
    let k6 = process.env['REGIONFALL_K6'];
    if (k6 === undefined) say('REGIONFALL_K6 names no k6, so the engine k6 is not tried');
    for (const node of nodes(say)) {
      const version = run([node, '--version'], { cwd: project }).trim();
      const command = commandOn(node, project);
      await check(`Node ${version}: imports every entry`, () => importEntries(built, node, project));
      await check(`Node ${version}: lists, validates, bundles for k6`, () => tryCommands(built, command));
      await check(`Node ${version}: runs a scenario and reports`, () => tryRun(command, project));
      await check(`Node ${version}: runs a program in a world`, () => tryExec(command));
      if (k6 !== undefined)
        await check(`Node ${version}: runs it on k6`, () => tryRun(command, project, 'k6'));
      // What is bundled for k6 does not depend on the Node that bundles it.
      k6 = undefined;
    }
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** Binaries of Node to run on. */
function nodes(say: (text: string) => void): readonly string[] {
  const named = (process.env['REGIONFALL_NODES'] ?? '').split(delimiter).filter((path) => path !== '');
  if (named.length > 0) return named;
  say(`REGIONFALL_NODES names no others, so only the present Node is tried: ${process.version}`);
  return [process.execPath];
}

function refuseUnwanted({ files, folder }: Package): void {
  const places = [ROOT, `${homedir()}/`, `${tmpdir()}/regionfall-`];
  refuse(files.flatMap((path) => unwanted(path, readFileSync(join(folder, path), 'utf8'), places)));
}

function refuseDeadLinks({ folder }: Package): void {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
  refuse(links.filter((path) => !existsSync(join(folder, path))).map((path) => `README.md links to ${path}`));
}

async function lintPackage({ path }: Package): Promise<void> {
  const { messages, pkg } = await publint({ pack: { tarball: bytesOf(path) }, strict: true });
  refuse(messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code));
}

/** The profile `esm-only`: nobody requires this package from CommonJS, or resolves as Node 10 did. */
async function lintTypes({ path }: Package): Promise<void> {
  const analysis = await checkTypes(createPackageFromTarballData(new Uint8Array(bytesOf(path))));
  if (!analysis.types) throw new Refusal('the package has no types');
  const problems = analysis.problems.filter((problem) =>
    (['node16-esm', 'bundler'] as const).some((kind) =>
      problemAffectsResolutionKind(problem, kind, analysis),
    ),
  );
  refuse(problems.map((problem) => JSON.stringify(problem)));
}

function bytesOf(path: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

function install({ path }: Package, project: string): void {
  // As `npm init` leaves it: a CommonJS package, in which a .ts file is a module only because we say so.
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'user', version: '1.0.0', type: 'commonjs' }),
  );
  npm(['install', '--ignore-scripts', '--prefer-offline', path], { cwd: project });
  // k6's types are what a user adds for the own script; ours do without.
  const types = join(project, 'node_modules', '@types', 'k6');
  cpSync(join(ROOT, 'node_modules', '@types', 'k6'), types, { recursive: true });
  cpSync(SAMPLE, project, { recursive: true });
}

interface User {
  readonly title: string;
  readonly files: readonly string[];
}

const USERS: readonly User[] = [
  { title: 'a failover policy', files: ['policy.ts'] },
  { title: 'a k6 script', files: ['sample.k6.ts'] },
  { title: 'a scenario and a program', files: ['sample.scenario.ts', 'program.ts'] },
];

/** Strict, without `types` and without `skipLibCheck`: our declarations bring what they name. */
function typeCheck({ files }: User, project: string): void {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  for (const resolution of [
    { module: 'nodenext' },
    { module: 'esnext', moduleResolution: 'bundler' },
  ] as const) {
    const compilerOptions = {
      ...resolution,
      target: 'es2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: [],
      allowImportingTsExtensions: true,
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    run([process.execPath, tsc, '-p', project], { cwd: project });
  }
}

/** Runs `regionfall` in the user's project, as a shell there would. */
type Command = (parameters: readonly string[]) => string;

function commandOn(node: string, project: string): Command {
  // The file's first line asks for `node` on the PATH.
  const bin = mkdtempSync(join(project, 'bin-'));
  symlinkSync(node, join(bin, 'node'));
  const env = {
    PATH: [bin, process.env['PATH']].join(delimiter),
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
    NODE_OPTIONS: undefined,
    NODE_COMPILE_CACHE: undefined,
  };
  const command = join(project, 'node_modules', '.bin', 'regionfall');
  return (parameters) => run([command, ...parameters], { cwd: project, env });
}

function importEntries({ manifest }: Package, node: string, project: string): void {
  const entries = Object.keys(manifest['exports'] as object);
  for (const entry of entries.filter((name) => name !== FOR_K6)) {
    const specifier = entry.replace(/^\./, String(manifest['name']));
    const json = entry.endsWith('.json') ? ", { with: { type: 'json' } }" : '';
    const program = `const it = await import('${specifier}'${json}); console.log(Object.keys(it).length);`;
    const count = run([node, '--no-warnings', '--input-type=module', '-e', program], { cwd: project }).trim();
    if (count === '0') throw new Refusal(`${specifier} exports nothing`);
  }
}

function tryCommands({ version, manifest }: Package, command: Command): void {
  expectText(command(['--version']), new RegExp(`^${version.replaceAll('.', '\\.')}\\n$`), '--version');
  expectText(command(['list']), /^region-outage /m, 'list');
  expectText(
    command(['run', 'region-outage', '--dry-run']),
    /refuses connections/,
    'run region-outage --dry-run',
  );
  expectText(command(['validate', 'sample.scenario.ts']), /✓ sample: /, 'validate');
  expectText(command(['init', '--dry-run']), /^regionfall\/region-outage\.scenario\.[jt]s would/m, 'init');
  expectText(command(['completions', 'bash']), /^complete -F _regionfall regionfall$/m, 'completions bash');
  if (FOR_K6 in (manifest['exports'] as object)) {
    const bundle = command(['k6', 'bundle', 'sample.k6.ts']);
    expectText(bundle, /from "k6\/http"/, 'k6 bundle');
    if (/from ["']regionfall/.test(bundle)) throw new Refusal('the bundle for k6 still imports regionfall');
  }
}

/** Its exit code says that what the scenario expects held. */
function tryRun(command: Command, project: string, engine = 'embedded'): void {
  const out = command(['run', 'sample.scenario.ts', '--engine', engine, '--progress', 'quiet']);
  const report = join(project, out.trimEnd().split('\n').at(-1) ?? '');
  if (basename(report) !== 'report.html' || !existsSync(report)) {
    throw new Refusal(`the last line is no report:\n${out}`);
  }
  expectText(readFileSync(report, 'utf8'), /<svg[\s\S]*<\/html>/, basename(report));
}

/** A Node program is told where the world is by a file that it is made to load first. */
function tryExec(command: Command): void {
  const program = "console.log(process.env.AWS_ACCESS_KEY_ID !== undefined && 'inside')";
  expectText(command(['exec', '--', 'node', '-e', program]), /^inside$/m, 'exec');
}

function expectText(text: string, pattern: RegExp, what: string): void {
  if (!pattern.test(text)) throw new Refusal(`${what} gave no ${pattern}:\n${text.slice(0, 2_000)}`);
}

function refuse(findings: readonly string[]): void {
  if (findings.length > 0) throw new Refusal(findings.join('\n'));
}
