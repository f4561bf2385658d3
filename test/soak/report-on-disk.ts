/** The same promise through the real command, on real files: one damage at a time, taken back afterwards. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../lib/cli/main.ts';
import { testTerminal } from '../../lib/cli/test-terminal.ts';
import { filesOnDisk } from '../../lib/journal/folder-files.ts';
import { openRunFolder, RUN_FILES } from '../../lib/journal/run-folder.ts';
import { type Damage, damagedBytes } from './damage.ts';
import type { Finding } from './torture.ts';

/** Leaves the folder as it was. */
export async function reportOnDisk(folder: string, damages: readonly Damage[]): Promise<readonly Finding[]> {
  const names = await filesOnDisk(folder).names();
  const whole = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
  const findings: Finding[] = [];
  for (const damage of damages) {
    writeFileSync(join(folder, damage.file), damagedBytes(whole.get(damage.file) ?? Buffer.alloc(0), damage));
    const problem = await problemWith(folder, damage);
    if (problem !== undefined) findings.push({ damage, problem });
    for (const [name, bytes] of whole) writeFileSync(join(folder, name), bytes);
  }
  return findings;
}

async function problemWith(folder: string, { file }: Damage): Promise<string | undefined> {
  const terminal = testTerminal();
  const exitCode = await runCommandLine(['report', folder, '--format', 'json'], terminal);
  const said = terminal.messages.join('\n');
  const { complete } = await openRunFolder(folder);
  // The one file that the command has made again, from evidence that was whole.
  if (file === RUN_FILES.reportJson) {
    return exitCode === 0 && complete ? undefined : `not mended: exit ${exitCode}, ${said}`;
  }
  if (complete) return 'shown as complete';
  // A scenario that cannot be read is refused; whatever else is left is shown for what it is.
  if (exitCode === 2 && file === RUN_FILES.scenario && said.includes(file)) return undefined;
  return exitCode === 0 && said.includes(file) ? undefined : `exit ${exitCode}: ${said}`;
}
