#!/usr/bin/env node
/*
 * The command of the published package. It runs in the Node that started it, and says so in words where that one is too
 * old: everything newer than this file's own syntax is loaded only then.
 */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = [22, 12];
const ENVIRONMENT_EXIT_CODE = 3;
const BUG_EXIT_CODE = 70;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

if (isNewEnough()) await run();
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

async function run() {
  await enableCompileCache();
  try {
    const { main } = await import('../lib/cli/main.js');
    await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`regionfall: could not start\n${error.stack}\n`);
    process.exitCode = BUG_EXIT_CODE;
  }
}

/** Beside other tools' caches, and only where we may write: a cache that others may write to could run their code. */
async function enableCompileCache() {
  const { default: module } = await import('node:module');
  const folder = process.env.NODE_COMPILE_CACHE ?? join(root, '..', '.cache', 'regionfall');
  module.enableCompileCache(folder);
  // The cache keeps a folder per version of Node in the one that was named. The processes of a run find it here.
  if (module.getCompileCacheDir() !== undefined) process.env.NODE_COMPILE_CACHE = folder;
}
