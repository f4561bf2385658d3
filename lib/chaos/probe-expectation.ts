/** What a probe should see, as data: judged here, printed in the journal, decided by each kind of fault. Pure. */

import type { ProbeResult } from './control.ts';

export type ProbeExpectation =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'silent' }
  /** Answers, but at least this much later than the same probe did before. */
  | { readonly kind: 'slower'; readonly byMs: number }
  | { readonly kind: 'error'; readonly code: string };

/**
 * @param baselineMs What the same probe took before the fault; undefined when it could not be taken, and then
 *   "slower" cannot be shown.
 */
export function meets(
  expected: ProbeExpectation,
  result: ProbeResult,
  baselineMs: number | undefined,
): boolean {
  switch (expected.kind) {
    case 'ok':
      return result.observed === 'ok';
    case 'refused':
      // Toxiproxy accepts and resets where a closed port refuses; either way nobody was let in.
      return result.observed === 'refused' || result.observed === 'reset';
    case 'silent':
      return result.observed === 'silent';
    case 'slower':
      return (
        (result.observed === 'ok' || result.observed === 'silent') &&
        baselineMs !== undefined &&
        result.elapsedMs >= baselineMs + expected.byMs
      );
    case 'error':
      return result.observed === 'error' && result.errorCode === expected.code;
    default:
      return expected satisfies never;
  }
}

/** Whether a path looks as it did before: it answers, and not with a delay that could still be the fault's. */
export function looksHealthy(
  during: ProbeExpectation,
  result: ProbeResult,
  baselineMs: number | undefined,
): boolean {
  if (result.observed !== 'ok') return false;
  return !(during.kind === 'slower' && meets(during, result, baselineMs));
}

/** For the journal: `refused`, `error RegionDisabledException`, `slower by 80 ms`. */
export function describeExpectation(expected: ProbeExpectation): string {
  if (expected.kind === 'slower') return `slower by ${expected.byMs} ms`;
  return expected.kind === 'error' ? `error ${expected.code}` : expected.kind;
}

export function describeResult(result: ProbeResult): string {
  if (result.observed !== 'error') return result.observed;
  return `error ${result.errorCode ?? ''} ${result.status ?? ''}`.trim().replaceAll('  ', ' ');
}
