/**
 * What a proxy of Toxiproxy should look like for a link to be in a condition, and the steps from what it
 * looks like now. Pure; the names of toxics are ours alone.
 */

import type { LinkCondition } from './link.ts';

/** Two latency toxics stay on every proxy for life: changing one never waits for a connection, removing may. */
export interface ProxyShape {
  /** False: the listener is closed, connects are refused. */
  readonly enabled: boolean;
  /** Whole milliseconds each way. */
  readonly upstreamMs: number;
  readonly downstreamMs: number;
  /** A timeout toxic of 0 each way: bytes are dropped, the connection stays open. */
  readonly silent: boolean;
}

export type ProxyStep =
  | { readonly kind: 'enable' | 'disable' }
  | { readonly kind: 'latency'; readonly stream: Stream; readonly latencyMs: number }
  | { readonly kind: 'silence' | 'unsilence'; readonly stream: Stream };

export type Stream = 'upstream' | 'downstream';

export const STREAMS: readonly Stream[] = ['upstream', 'downstream'];

export const latencyToxic = (stream: Stream): string => `path_${stream}`;
export const silenceToxic = (stream: Stream): string => `silence_${stream}`;

/**
 * The shape for a condition. `injectedMs` turns a wanted round trip into the sum of the two latencies that
 * comes closest to it (see toxiproxy-calibration.ts).
 */
export function shapeOf(
  condition: LinkCondition,
  roundTripMs: number,
  injectedMs: (roundTripMs: number) => number,
): ProxyShape {
  const totalMs = injectedMs(roundTripMs + (condition.kind === 'passing' ? condition.addedMs : 0));
  return {
    enabled: condition.kind !== 'refused',
    upstreamMs: Math.floor(totalMs / 2),
    downstreamMs: Math.ceil(totalMs / 2),
    silent: condition.kind === 'silence',
  };
}

/**
 * Steps in an order that never lets traffic through half-way: a proxy closes before anything else changes and
 * opens after everything else has.
 */
export function stepsBetween(now: ProxyShape, wanted: ProxyShape): readonly ProxyStep[] {
  const steps: ProxyStep[] = [];
  if (now.enabled && !wanted.enabled) steps.push({ kind: 'disable' });
  for (const stream of STREAMS) {
    if (!now.silent && wanted.silent) steps.push({ kind: 'silence', stream });
  }
  for (const stream of STREAMS) {
    const latencyMs = stream === 'upstream' ? wanted.upstreamMs : wanted.downstreamMs;
    const nowMs = stream === 'upstream' ? now.upstreamMs : now.downstreamMs;
    if (nowMs !== latencyMs) steps.push({ kind: 'latency', stream, latencyMs });
  }
  for (const stream of STREAMS) {
    if (now.silent && !wanted.silent) steps.push({ kind: 'unsilence', stream });
  }
  if (!now.enabled && wanted.enabled) steps.push({ kind: 'enable' });
  return steps;
}

export function sameShape(a: ProxyShape, b: ProxyShape): boolean {
  return stepsBetween(a, b).length === 0;
}
