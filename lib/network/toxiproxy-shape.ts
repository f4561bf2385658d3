/**
 * What a proxy of Toxiproxy should look like for some effects to be in force on its link. Pure; the names of toxics
 * are ours alone. How it gets there is in toxiproxy-steps.ts.
 */

import { createHash } from 'node:crypto';
import type { LinkEffect } from './link-effect.ts';

export type Stream = 'upstream' | 'downstream';

const STREAMS: readonly Stream[] = ['upstream', 'downstream'];

export type ToxicType = 'latency' | 'bandwidth' | 'timeout' | 'reset_peer' | 'limit_data';

/** Type and stream are told by the name: what has the same name can be updated. */
export interface Toxic {
  /** Lower-case letters, digits, `-` and `_` only: the client puts it into addresses as it is. */
  readonly name: string;
  /** As the server tells it: a stranger's may be of any type. */
  readonly type: string;
  readonly stream: string;
  /** Share of connections, drawn by Toxiproxy for each connection and stream. */
  readonly toxicity: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface ProxyShape {
  /** False: the listener is closed, connects are refused. */
  readonly enabled: boolean;
  /** We keep the port of a proxy that is not enabled, with a full backlog: connects are not answered. */
  readonly held: boolean;
  /** In the order in which they are to be added. */
  readonly toxics: readonly Toxic[];
}

/** A proxy that does nothing but pass on. */
export const OPEN_SHAPE: ProxyShape = { enabled: true, held: false, toxics: pathToxics(0) };

/**
 * The shape for effects that {@link cannot} (abilities.ts) has nothing against; what Toxiproxy cannot do is left out.
 * What is for all connections and can be merged shares one toxic, so that lifting one of two faults leaves the toxic,
 * and the connections in it, alone. `injectedMs` turns a wanted round trip into the sum of the two latencies that
 * comes closest to it (see toxiproxy-calibration.ts).
 */
export function shapeOf(
  effects: readonly LinkEffect[],
  roundTripMs: number,
  injectedMs: (roundTripMs: number) => number,
): ProxyShape {
  let slowMs = 0;
  let refused = false;
  let unreachable = false;
  const toxics = new Map<string, Toxic>();
  const put = (toxic: Toxic): void => void toxics.set(toxic.name, toxic);
  let narrowest = Number.POSITIVE_INFINITY;
  const addedMs = (ms: number): number => injectedMs(roundTripMs + ms) - injectedMs(roundTripMs);
  for (const fault of effects) {
    const { effect } = fault;
    switch (effect.kind) {
      case 'refused':
        refused = true;
        break;
      case 'unreachable':
        unreachable = true;
        break;
      case 'silence':
        put(shared(fault, 'lost', 'timeout', 'upstream', { timeout: 0 }));
        // A share is drawn anew for each stream: lost requests alone keep the answers away from just that share.
        if (fault.connections.share === 1)
          put(shared(fault, 'lost', 'timeout', 'downstream', { timeout: 0 }));
        break;
      case 'one-way': {
        const stream = effect.lost === 'requests' ? 'upstream' : 'downstream';
        put(shared(fault, 'lost', 'timeout', stream, { timeout: 0 }));
        break;
      }
      case 'reset':
        put(shared(fault, 'reset', 'reset_peer', 'upstream', { timeout: 0 }));
        break;
      case 'narrow': {
        const rate = Math.max(1, Math.round(effect.bytesPerSecond / BYTES_PER_RATE));
        if (fault.connections.share === 1) narrowest = Math.min(narrowest, rate);
        else for (const stream of STREAMS) put(own(fault, 'narrow', 'bandwidth', stream, { rate }));
        break;
      }
      case 'cut-short':
        // One for each fault: each counts from its own beginning.
        put(own(fault, 'cut', 'limit_data', 'downstream', { bytes: effect.afterBytes }));
        break;
      case 'slow':
        if (effect.delay.kind === 'fixed' && fault.connections.share === 1) slowMs += effect.delay.addedMs;
        else if (effect.delay.kind !== 'quantiles') {
          const latency = Math.max(0, addedMs(effect.delay.addedMs));
          const jitter = effect.delay.kind === 'jittered' ? Math.round(effect.delay.jitterMs) : 0;
          put(own(fault, 'slow', 'latency', 'downstream', { latency, jitter }));
        }
        break;
      case 'stalls':
        break; // Toxiproxy has nothing like it.
      default:
        effect satisfies never;
    }
  }
  if (Number.isFinite(narrowest)) {
    for (const stream of STREAMS) put(forAll('narrow', 'bandwidth', stream, { rate: narrowest }));
  }
  return {
    enabled: !refused && !unreachable,
    held: unreachable && !refused,
    toxics: [...pathToxics(injectedMs(roundTripMs + slowMs)), ...toxics.values()],
  };
}

/** Equal in all that Toxiproxy tells; the order of toxics is not. */
export function sameShape(a: ProxyShape, b: ProxyShape): boolean {
  if (a.enabled !== b.enabled || a.held !== b.held || a.toxics.length !== b.toxics.length) return false;
  return a.toxics.every((toxic) => b.toxics.some((other) => sameToxic(toxic, other)));
}

export function sameToxic(a: Toxic, b: Toxic): boolean {
  if (a.name !== b.name || a.type !== b.type || a.stream !== b.stream) return false;
  // Toxiproxy keeps toxicity in single precision.
  if (Math.fround(a.toxicity) !== Math.fround(b.toxicity)) return false;
  const names = Object.keys(a.attributes);
  return (
    names.length === Object.keys(b.attributes).length &&
    names.every((name) => a.attributes[name] === b.attributes[name])
  );
}

/** Toxiproxy's rate is in kilobytes per second, which are thousands of bytes in its arithmetic. */
const BYTES_PER_RATE = 1_000;

/** Two latency toxics stay on every proxy for life: changing one never waits for a connection, removing may. */
function pathToxics(totalMs: number): readonly Toxic[] {
  return STREAMS.map((stream) => ({
    name: `path_${stream}`,
    type: 'latency',
    stream,
    toxicity: 1,
    attributes: {
      latency: stream === 'upstream' ? Math.floor(totalMs / 2) : Math.ceil(totalMs / 2),
      jitter: 0,
    },
  }));
}

function shared(
  fault: LinkEffect,
  word: string,
  type: ToxicType,
  stream: Stream,
  attributes: Toxic['attributes'],
): Toxic {
  if (fault.connections.share !== 1) return own(fault, word, type, stream, attributes);
  return forAll(word, type, stream, attributes);
}

function forAll(word: string, type: ToxicType, stream: Stream, attributes: Toxic['attributes']): Toxic {
  return { name: `${word}_${stream}`, type, stream, toxicity: 1, attributes };
}

function own(
  fault: LinkEffect,
  word: string,
  type: ToxicType,
  stream: Stream,
  attributes: Toxic['attributes'],
): Toxic {
  const key = createHash('sha256').update(fault.id).digest('hex').slice(0, 12);
  return { name: `${word}-${key}_${stream}`, type, stream, toxicity: fault.connections.share, attributes };
}
