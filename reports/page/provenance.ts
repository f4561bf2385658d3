/** Where a report's figures come from: enough to make the run again, in one line, with the rest folded below. */
import type { JournalEvent, RunOpened } from '../../lib/journal/event.ts';
import type { History } from '../../lib/measure/history.ts';
import { type Html, html } from './html.ts';

/** What the journal does not know; the caller of the report adds it. */
export interface Provenance {
  /** SHA-256 of the resolved scenario, hex. */
  readonly hash: string;
  /** The run's folder holds everything that was written. */
  readonly complete: boolean;
  /** Why it does not; empty when it does. */
  readonly reason: string;
}

export const EMULATED = 'emulated, not AWS';

export function provenanceSection(
  { runId, seed, engine, network, era, events }: History,
  { hash }: Provenance,
): Html {
  const opened = events.find((event): event is JournalEvent & RunOpened => event.kind === 'run.opened');
  const startedAt =
    opened === undefined ? 'unknown' : `${new Date(opened.wallMs).toISOString().slice(0, 19)}Z`;
  const machine =
    opened === undefined
      ? 'unknown'
      : `${opened.machine.platform}, ${opened.machine.cpus} CPUs, ${Math.round(opened.machine.memoryMb / 1024)} GB`;
  const pairs: [string, string][] = [
    ['Run', runId],
    ['Started', startedAt],
    ['Seed', String(seed)],
    ['Scenario SHA-256', hash],
    ['Load engine', engine],
    ['Network', network],
    ['Emulated service', era === '' ? EMULATED : `${EMULATED}; STS as of ${era}`],
    ['Machine', machine],
    ['Clock', 'the monotonic clock of one machine, shared by all processes of the run'],
    [
      'Versions',
      Object.entries(opened?.versions ?? {})
        .map((pair) => pair.join(' '))
        .join(', ') || 'not recorded',
    ],
  ];
  return html`<div class="provenance">
<p class="note">Run <span class="code">${runId}</span> · ${startedAt} · seed ${seed} · scenario <span class="code">${hash.slice(0, 12)}</span> · Regionfall ${opened?.versions['regionfall'] ?? 'of unknown version'} · ${machine} · ${network} network · <strong>${EMULATED}</strong></p>
<details><summary>Where this comes from</summary><dl class="pairs">${pairs.map(
    ([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`,
  )}</dl></details></div>
`;
}
