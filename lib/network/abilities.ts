/**
 * What each way of making links can do, and where the two differ: one table, from which tests know what to claim,
 * reports what to confess, runs what to refuse, and docs/network-abilities.md is made.
 */

import type { ConnectionChoice, Effect } from './link-effect.ts';
import type { NetworkConfig } from './network-config.ts';

export type NetworkKind = NetworkConfig['kind'];

export type Can =
  | { readonly can: 'yes' }
  /** It can be used, and the sentence says what is not as on a real path. */
  | { readonly can: 'differs'; readonly sentence: string }
  | { readonly can: 'no'; readonly sentence: string };

export interface AbilityRow extends Readonly<Record<NetworkKind, Can>> {
  readonly title: string;
}

const YES: Can = { can: 'yes' };
const differs = (sentence: string): Can => ({ can: 'differs', sentence });
const no = (sentence: string): Can => ({ can: 'no', sentence });

const ROWS = {
  refused: { title: 'connects refused, open connections reset', embedded: YES, toxiproxy: YES },
  unreachable: { title: 'connects not answered at all (Linux)', embedded: YES, toxiproxy: YES },
  silence: { title: 'connects accepted, nothing answered', embedded: YES, toxiproxy: YES },
  'one-way': { title: 'bytes lost one way only', embedded: YES, toxiproxy: YES },
  reset: {
    title: 'connections reset when the caller speaks',
    embedded: YES,
    toxiproxy: differs(
      'Toxiproxy resets (RST) only connections that were opened after the fault began; older ones it closes in order (FIN).',
    ),
  },
  'cut-short': { title: 'connections closed after some bytes', embedded: YES, toxiproxy: YES },
  slow: { title: 'answers later by a fixed time', embedded: YES, toxiproxy: YES },
  'slow-jittered': {
    title: 'answers later by an even draw',
    embedded: YES,
    toxiproxy: differs(
      'Toxiproxy draws jitter and shares without a seed: a run cannot be repeated draw by draw (its -seed has had no effect since 2.9).',
    ),
  },
  'slow-quantiles': {
    title: 'answers later by a table of quantiles',
    embedded: YES,
    toxiproxy: no('Toxiproxy draws delays evenly around a middle, and from no table.'),
  },
  narrow: {
    title: 'few bytes a second',
    embedded: YES,
    toxiproxy: differs(
      'Toxiproxy counts bandwidth in whole kilobytes a second and lets bytes go in steps of a tenth of a second.',
    ),
  },
  stalls: {
    title: 'flights that stall, as lost packets make them',
    embedded: YES,
    toxiproxy: no('Toxiproxy has nothing that stalls a flight now and then.'),
  },
  'share-of-connections': {
    title: 'a share of the connections only',
    embedded: YES,
    toxiproxy: differs(
      'Toxiproxy draws a share for each connection and direction apart, and anew when the toxics of a proxy change: a share of connections is about right over many of them and not for each.',
    ),
  },
  'new-connections-only': {
    title: 'connections opened under the fault only',
    embedded: YES,
    toxiproxy: no('Toxiproxy lets what it does act on open connections too.'),
  },
  handshake: {
    title: 'a fresh connection pays its TCP round trip',
    embedded: differs(
      'The embedded network accepts a connect at once and charges the missing TCP round trip to the first flight: latencies include it, the connect time of a sample does not.',
    ),
    toxiproxy: no(
      'Toxiproxy answers a connect at once and delays data only: a fresh connection misses one round trip, so cold latencies read too low by about that much.',
    ),
  },
  packets: {
    title: 'packets',
    embedded: differs(
      'The embedded network carries streams over loopback: it loses, repeats and reorders no packets, and its bandwidth is the machine’s.',
    ),
    toxiproxy: differs(
      'Toxiproxy carries streams over loopback: it loses, repeats and reorders no packets, and its bandwidth is the machine’s.',
    ),
  },
  wholeMilliseconds: {
    title: 'fractions of a millisecond',
    embedded: YES,
    toxiproxy: differs(
      'Toxiproxy injects whole milliseconds: round trips are off by up to half a millisecond after calibration, and paths within a Region most of all.',
    ),
  },
  heldBack: {
    title: 'what is under way keeps its delay when the delay ends',
    embedded: YES,
    toxiproxy: no(
      'Toxiproxy lets go of everything it holds when a delay changes: requests under way at the edges of a slow fault are shorter than they should be.',
    ),
  },
  idleAfterSilence: {
    title: 'a connection that lost nothing outlives a silence',
    embedded: YES,
    toxiproxy: no(
      'When a silence is lifted Toxiproxy closes every connection that lived through it, also those that lost nothing.',
    ),
  },
  closedNotReset: {
    title: 'open connections are reset when a Region refuses',
    embedded: YES,
    toxiproxy: no(
      'Toxiproxy ends open connections in order (FIN) where an outage resets them (RST): at the start of a refused fault callers read an end of stream instead of ECONNRESET.',
    ),
  },
  unreachableOpen: {
    title: 'open connections fall silent when a Region is unreachable',
    embedded: YES,
    toxiproxy: no(
      'Toxiproxy closes open connections when its port is taken away: at the start of an unreachable fault callers read an end of stream instead of nothing.',
    ),
  },
  halfClose: {
    title: 'what is still to be said after one side hung up',
    embedded: YES,
    toxiproxy: no(
      'Toxiproxy closes both directions when one side hangs up: what was still to be said is lost.',
    ),
  },
  hangUpInSilence: {
    title: 'a silence hides that the endpoint hung up',
    embedded: YES,
    toxiproxy: no(
      'In a silence Toxiproxy still passes on that a side hung up: once the endpoint gives up on a quiet connection the caller learns of it, so a silence may end early for callers without a time limit.',
    ),
  },
  staysAlive: {
    title: 'staying alive while faults come and go',
    embedded: YES,
    toxiproxy: differs(
      'Toxiproxy 2.12.0 ends by itself now and then when toxics change under load (a panic, once in some two thousand changes): it is replaced on the same ports, and the run is inconclusive.',
    ),
  },
  openUnknown: {
    title: 'how many connections are open',
    embedded: YES,
    toxiproxy: no('Toxiproxy does not tell how many connections it holds.'),
  },
} as const satisfies Readonly<Record<string, AbilityRow>>;

export type Ability = keyof typeof ROWS;

export const ABILITIES: Readonly<Record<Ability, AbilityRow>> = ROWS;

/** Sentences for reports: what this network does not do as a real one would. */
export function limitsOf(kind: NetworkKind): readonly string[] {
  return Object.values(ABILITIES).flatMap((row) => {
    const can = row[kind];
    return can.can === 'yes' ? [] : [can.sentence];
  });
}

/** Why an effect cannot be had on a network, in a sentence; undefined when it can. */
export function cannot(kind: NetworkKind, effect: Effect, connections: ConnectionChoice): string | undefined {
  for (const ability of abilitiesFor(effect, connections)) {
    const can: Can = ABILITIES[ability][kind];
    if (can.can === 'no') return can.sentence;
  }
  return undefined;
}

/** What a network must be able to do for an effect. */
function abilitiesFor(effect: Effect, { which, share }: ConnectionChoice): readonly Ability[] {
  return [
    effect.kind,
    ...(effect.kind === 'slow' && effect.delay.kind !== 'fixed'
      ? [`slow-${effect.delay.kind}` as const]
      : []),
    ...(share < 1 ? (['share-of-connections'] as const) : []),
    ...(which === 'new' ? (['new-connections-only'] as const) : []),
  ];
}

/** The table as a page of the documentation. */
export function abilitiesMarkdown(): string {
  const cell = (can: Can): string => (can.can === 'yes' ? 'yes' : `${can.can}: ${can.sentence}`);
  const rows = Object.values(ABILITIES).map(
    (row) => `| ${row.title} | ${cell(row.embedded)} | ${cell(row.toxiproxy)} |`,
  );
  return [
    '# What each network can do',
    '',
    'Made from `lib/network/abilities.ts` by its test; the suite in `lib/network/link-claims.test.ts` claims the same of both networks but for what stands here as `no`.',
    '',
    '| | embedded | Toxiproxy |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
