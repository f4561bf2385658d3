/**
 * What a figure should reach, printed beside it. A miss is printed as one and fails nothing, because machines differ
 * and a disturbed one more so; what is off by a factor of 2.5 is no matter of the machine and fails the run.
 */

import { formatSpread, type Spread } from './bench-kit.ts';

export type Target = ({ readonly atLeast: number } | { readonly atMost: number }) & {
  /** Where the machine's own noise is many times the target: the factor that fails the run. 2.5 without it. */
  readonly farOff?: number;
};

/** Judged by the median. */
export function printTarget(what: string, figure: Spread, target: Target, unit = '', digits = 2): void {
  const [sign, bound, shortfall] =
    'atLeast' in target
      ? ['≥', target.atLeast, target.atLeast / figure.median]
      : ['≤', target.atMost, figure.median / target.atMost];
  const { farOff = FAR_OFF } = target;
  const verdict = shortfall <= 1 ? 'met' : shortfall < farOff ? 'not met' : 'FAR OFF';
  // Also what is no number is far off.
  if (!(shortfall < farOff)) process.exitCode = 1;
  process.stdout.write(
    `  ${what.padEnd(62)} ${formatSpread(figure, digits).padStart(20)}${unit}   target ${sign} ${bound}${unit}: ${verdict}\n`,
  );
}

const FAR_OFF = 2.5;
