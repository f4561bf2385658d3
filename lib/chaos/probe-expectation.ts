/** What a probe should see, as data: judged here, printed in the journal, decided by each kind of fault. Pure. */

import type { ProbeResult } from './control.ts';

export type ProbeExpectation =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'reset' }
  /** Answers, and be it with an error, but at least this much later than the same probe did before. */
  | { readonly kind: 'slower'; readonly byMs: number }
  /** Of STS or of the machine; any of these. */
  | { readonly kind: 'error'; readonly codes: readonly string[] };

/** What a connection that is cut looks like where the cut falls into a TLS record or into the answer. */
const CUT = /^(?:ECONNRESET|EPIPE|EPROTO|ECONNABORTED|ERR_SSL_\w+|ERR_STREAM_PREMATURE_CLOSE|HPE_\w+)$/;

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
    case 'silent':
      return result.observed === expected.kind;
    case 'unreachable':
      // Without an answer to the name there is no connection either; a resolver may give up before the caller does.
      return (
        result.observed === 'unreachable' || (result.observed === 'error' && codeOf(result) === 'EAI_AGAIN')
      );
    case 'refused':
      // Toxiproxy accepts and resets where a closed port refuses; either way nobody was let in.
      return result.observed === 'refused' || result.observed === 'reset';
    case 'reset':
      return result.observed === 'reset' || (result.observed === 'error' && CUT.test(result.errorCode ?? ''));
    case 'slower':
      return (
        wasAnswered(result) && baselineMs !== undefined && result.elapsedMs >= baselineMs + expected.byMs
      );
    case 'error':
      return result.observed === 'error' && expected.codes.includes(codeOf(result));
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

/** Whether an answer of the service came, be it an error: then its time says how slow the path is. */
export function wasAnswered({ observed, status }: ProbeResult): boolean {
  return observed === 'ok' || (observed === 'error' && (status ?? 0) > 0);
}

/** For the journal: `refused`, `error RegionDisabledException`, `slower by 80 ms`. */
export function describeExpectation(expected: ProbeExpectation): string {
  if (expected.kind === 'slower') return `slower by ${expected.byMs} ms`;
  return expected.kind === 'error' ? `error ${expected.codes.join(' or ')}` : expected.kind;
}

export function describeResult(result: ProbeResult): string {
  if (result.observed !== 'error') return result.observed;
  return `error ${codeOf(result)} ${result.status ?? ''}`.trim();
}

/** An answer that names no code, such as a page of HTML, is called by its status. */
function codeOf({ errorCode = '', status = 0 }: ProbeResult): string {
  return errorCode === '' && status > 0 ? `HTTP${status}` : errorCode;
}
