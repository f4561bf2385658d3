#!/usr/bin/env node
/*
 * The command of the published package, `bin/regionfall`. It runs in the Node that started it, and says so in words
 * where that one is too old: CommonJS in the oldest syntax, and everything else is loaded only then.
 */

'use strict';

const nodeModule = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const OLDEST = [22, 12];
const ENVIRONMENT_EXIT_CODE = 3;
const BUG_EXIT_CODE = 70;

const ROOT = join(__dirname, '..');

if (isNewEnough()) run();
else {
  process.stderr.write(
    `regionfall: this is Node ${process.versions.node}, and Regionfall needs ${OLDEST.join('.')} or later\n` +
      '  try: a current Node, such as the long-term line of nodejs.org\n',
  );
  process.exitCode = ENVIRONMENT_EXIT_CODE;
}

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function run() {
  enableCompileCache();
  import(pathToFileURL(join(ROOT, 'lib', 'cli', 'main.js')).href).then(
    ({ main }) => main(process.argv.slice(2)),
    (error) => {
      process.stderr.write(`regionfall: could not start\n${error.stack}\n`);
      process.exitCode = BUG_EXIT_CODE;
    },
  );
}

/** Beside the caches of other tools, and not where others may write: what they put there would be run as us. */
function enableCompileCache() {
  const folder = process.env.NODE_COMPILE_CACHE ?? join(ROOT, '..', '.cache', 'regionfall');
  nodeModule.enableCompileCache(folder);
  // The cache keeps a folder per version of Node in the one that was named. The processes of a run find it here.
  if (nodeModule.getCompileCacheDir() !== undefined) process.env.NODE_COMPILE_CACHE = folder;
}
