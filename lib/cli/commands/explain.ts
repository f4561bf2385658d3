/** `explain`: what an error code means, why it matters to callers, and what to do. */

import { nearestName } from '../../aws/nearest-name.ts';
import { UsageError } from '../../errors/regionfall-error.ts';
import { CODES } from '../codes.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export function explainCommand(code: string | undefined, terminal: Terminal): number {
  if (code === undefined) {
    const width = Math.max(...CODES.map((entry) => entry.code.length));
    for (const entry of CODES) terminal.result(`${entry.code.padEnd(width)}  ${entry.means}`);
    return EXIT.pass;
  }
  const entry = CODES.find((candidate) => candidate.code.toLowerCase() === code.toLowerCase());
  if (entry === undefined) {
    const nearest = nearestName(
      code,
      CODES.map((candidate) => candidate.code),
    );
    throw new UsageError(`no code is named '${code}'`, {
      code: 'RF-CODE-UNKNOWN',
      hint: nearest === undefined ? 'regionfall explain' : `regionfall explain ${nearest}`,
    });
  }
  terminal.result(`${terminal.paint('bold', entry.code, 'out')}  ${ORIGINS[entry.origin]}`);
  terminal.result(`  ${entry.means}`);
  terminal.result(`  ${entry.next}`);
  return EXIT.pass;
}

const ORIGINS = {
  regionfall: 'an error of Regionfall itself',
  sts: 'an answer of STS, as AWS words it',
  sample: 'in samples, where no answer of STS arrived',
} as const;
