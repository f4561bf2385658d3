/** `k6 bundle`: a script as plain k6 takes it. Under `k6 run` it calls the world that REGIONFALL_WORLD names. */

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../../errors/regionfall-error.ts';
import { bundleScript } from '../../k6/bundle.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export async function k6BundleCommand(
  script: string,
  out: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const path = resolve(script);
  if (!existsSync(path)) {
    throw new UsageError(`there is no script ${script}`, {
      code: 'RF-SCRIPT-UNUSABLE',
      hint: 'give the path of a .ts or .js file',
    });
  }
  const { code, bytes } = await bundleScript(path);
  if (out === undefined) {
    terminal.result(code);
    return EXIT.pass;
  }
  try {
    await writeFile(out, code, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new UsageError(`${out} exists already, and nothing is overwritten`, {
      code: 'RF-FILE-EXISTS',
      hint: 'take it away, or give another name with --out',
      cause,
    });
  }
  terminal.say(
    `${out}: ${Math.ceil(bytes / 1_024)} KiB. With a world open: regionfall up --json > world.json, then REGIONFALL_WORLD=world.json SSL_CERT_FILE=(its "ca") k6 run ${out}`,
  );
  return EXIT.pass;
}
