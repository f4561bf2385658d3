/**
 * `npm run conformance [-- --json] [WORD]`: checks the whole ledger, or the sections whose title holds the word. Exit
 * code 1 when anything failed, 2 when no section has that title.
 */

import { parseArgs } from 'node:util';
import { runLedger } from './run-ledger.ts';
import { SECTIONS } from './sections.ts';

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const words = positionals.map((word) => word.toLowerCase());
const chosen = SECTIONS.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)));

if (chosen.length === 0) {
  const titles = SECTIONS.map(({ title }) => `  ${title}\n`).join('');
  process.stderr.write(`no section's title holds '${words.join(' ')}'; there are\n${titles}`);
  process.exit(2);
}
const code = await runLedger(chosen, {
  write: (text) => void process.stdout.write(text),
  json: values.json,
  columns: process.stdout.columns ?? 120,
});
// A check that never ended must not keep the process alive; the last text is out before it goes.
process.stdout.write('', () => process.exit(code));
