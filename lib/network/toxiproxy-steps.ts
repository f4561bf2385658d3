/** The steps that bring a proxy of Toxiproxy from the shape it has into the shape it should have. Pure. */

import { type ProxyShape, sameToxic, type Toxic } from './toxiproxy-shape.ts';

export type ProxyStep =
  | { readonly kind: 'enable' | 'disable' | 'hold' | 'release' }
  | { readonly kind: 'add' | 'update' | 'remove'; readonly toxic: Toxic };

/**
 * In an order that never lets traffic through half-way: a proxy closes before anything else changes and opens after
 * everything else has; what hinders is there before what hindered until now is gone; and requests are lost before
 * answers and for longer, so that no request arrives whose answer could not come back. What can be updated is never
 * removed: removing may wait for a connection, and it closes those whose bytes were swallowed.
 */
export function stepsBetween(now: ProxyShape, wanted: ProxyShape): readonly ProxyStep[] {
  const have = new Map(now.toxics.map((toxic) => [toxic.name, toxic]));
  const want = new Map(wanted.toxics.map((toxic) => [toxic.name, toxic]));
  const alike = (a: Toxic, b: Toxic | undefined): boolean => a.type === b?.type && a.stream === b.stream;

  const steps: ProxyStep[] = [];
  if (now.enabled && !wanted.enabled) steps.push({ kind: 'disable' });
  if (!now.held && wanted.held) steps.push({ kind: 'hold' });
  // Of the same name and yet another thing: it must go before the one that we want can come.
  for (const toxic of now.toxics) {
    const next = want.get(toxic.name);
    if (next !== undefined && !alike(next, toxic)) steps.push({ kind: 'remove', toxic });
  }
  for (const toxic of byStream(wanted.toxics, 'upstream')) {
    if (!alike(toxic, have.get(toxic.name))) steps.push({ kind: 'add', toxic });
  }
  for (const toxic of wanted.toxics) {
    const before = have.get(toxic.name);
    if (before === undefined || !alike(toxic, before) || sameToxic(toxic, before)) continue;
    if (rateOf(toxic) > rateOf(before)) steps.push({ kind: 'update', toxic: { ...before, toxicity: 0 } });
    steps.push({ kind: 'update', toxic });
  }
  for (const toxic of byStream(now.toxics, 'downstream')) {
    if (!want.has(toxic.name)) steps.push({ kind: 'remove', toxic });
  }
  if (now.held && !wanted.held) steps.push({ kind: 'release' });
  if (!now.enabled && wanted.enabled) steps.push({ kind: 'enable' });
  return steps;
}

function byStream(toxics: readonly Toxic[], first: string): readonly Toxic[] {
  return [
    ...toxics.filter(({ stream }) => stream === first),
    ...toxics.filter(({ stream }) => stream !== first),
  ];
}

/**
 * Toxiproxy 2.12 breaks down when a rate grows while a chunk is being cut to the old one, so it grows while it is in
 * force for no connection. One that shrinks does no harm.
 */
function rateOf({ type, attributes }: Toxic): number {
  const rate = attributes['rate'];
  return type === 'bandwidth' && typeof rate === 'number' ? rate : 0;
}
