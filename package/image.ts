/**
 * `npm run image`: the image of Regionfall for docker-compose.yml, from the package as users install it. What goes into
 * it is laid out in build/image first; the Dockerfile only copies, so that a base without a shell will do.
 *
 *   --tag NAME    default regionfall:VERSION
 *   --base IMAGE  with Node 22.12 or later; default the Dockerfile's own
 */

import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackage } from './build.ts';
import { npm, run } from './npm.ts';
import { Refusal } from './refusal.ts';

const ROOT = join(import.meta.dirname, '..');
const CONTEXT = join(ROOT, 'build', 'image');

/** Whoever runs the containers writes there: Docker gives a new volume what the image has in its place. */
const SHARED_FOLDERS = ['run/regionfall', 'trust', 'runs', 'project', 'opt/k6'];

const { values } = parseArgs({ options: { tag: { type: 'string' }, base: { type: 'string' } } });
try {
  const { path, version } = buildPackage();
  const tag = values.tag ?? `regionfall:${version}`;
  layOut(path);
  const base = values.base === undefined ? [] : ['--build-arg', `NODE_IMAGE=${values.base}`];
  run([process.env['REGIONFALL_DOCKER'] ?? 'docker', 'build', '--quiet', ...base, '--tag', tag, CONTEXT], {
    cwd: ROOT,
  });
  process.stdout.write(`${tag}\n`);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function layOut(tarball: string): void {
  rmSync(CONTEXT, { recursive: true, force: true });
  const files = join(CONTEXT, 'rootfs');
  const app = join(files, 'app');
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, 'package.json'), '{ "private": true }\n');
  npm(['install', '--ignore-scripts', '--omit=dev', '--no-package-lock', '--no-save', tarball], { cwd: app });
  for (const folder of SHARED_FOLDERS) {
    mkdirSync(join(files, folder), { recursive: true });
    chmodSync(join(files, folder), 0o1777);
  }
  copyFileSync(join(ROOT, 'Dockerfile'), join(CONTEXT, 'Dockerfile'));
}
