/**
 * `npm run soak:writes -- --writer NAME --code ENOSPC|EIO --parallel N`: real runs whose n-th write fails, for every n
 * of every process that writes. Without a name or a code it goes through all of them. Exit 1 when one run breaks the promise.
 */

import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runOnFailingDisk, type Writer } from './disk-run.ts';
import type { DiskError } from './failing-disk.ts';
import { inParallel } from './in-parallel.ts';

const { values } = parseArgs({
  options: {
    writer: { type: 'string' },
    code: { type: 'string' },
    parallel: { type: 'string', default: '2' },
  },
});

const WRITERS: readonly Writer[] = ['conductor', 'callers', 'service'];
const CODES: readonly DiskError[] = ['ENOSPC', 'EIO'];
const writers = WRITERS.filter((writer) => (values.writer ?? writer) === writer);
const codes = CODES.filter((code) => (values.code ?? code) === code);
const pairs = writers.flatMap((writer) => codes.map((code) => ({ writer, code })));

const [only] = pairs;
if (only !== undefined && pairs.length === 1)
  process.exit((await everyWrite(only.writer, only.code)) ? 0 : 1);
// The conductor's disk fails in its own process: one series, one process.
const ends = await inParallel(Number(values.parallel), pairs, ({ writer, code }) => {
  const child = fork(import.meta.filename, ['--writer', writer, '--code', code]);
  return new Promise<number | null>((resolve) => child.once('exit', resolve));
});
process.exit(ends.length > 0 && ends.every((code) => code === 0) ? 0 : 1);

async function everyWrite(writer: Writer, code: DiskError): Promise<boolean> {
  let failures = 0;
  for (let after = 0; ; after += 1) {
    const place = mkdtempSync(join(tmpdir(), 'regionfall-writes-'));
    const { hit, problems } = await runOnFailingDisk({ place, writer, code, after });
    rmSync(place, { recursive: true, force: true });
    if (!hit) {
      console.log(`${writer}, ${code}: ${after} writes, ${failures} failures`);
      return failures === 0;
    }
    for (const problem of problems) console.log(`FAILED ${writer}, ${code} at write ${after}: ${problem}`);
    failures += problems.length;
  }
}
