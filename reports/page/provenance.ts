/** Where a report's figures come from: enough to make the run again, in one line, with the rest folded below. */
import type { Calibration, JournalEvent, RunOpened } from '../../lib/journal/event.ts';
import { describeService } from '../../lib/scenario/service-facts.ts';
import { type Html, html } from './html.ts';
import type { ReportInput } from './report-input.ts';

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

export function provenanceSection({
  history: { runId, seed, engine, network, era, events },
  provenance: { hash },
  service,
}: ReportInput): Html {
  const opened = events.find((event): event is JournalEvent & RunOpened => event.kind === 'run.opened');
  const startedAt =
    opened === undefined ? 'unknown' : `${new Date(opened.wallMs).toISOString().slice(0, 19)}Z`;
  const machine =
    opened === undefined
      ? 'unknown'
      : `${opened.machine.platform}, ${opened.machine.cpus} CPUs, ${Math.round(opened.machine.memoryMb / 1024)} GB`;
  const pairs: (readonly [string, string])[] = [
    ['Run', runId],
    ['Started', startedAt],
    ['Seed', String(seed)],
    ['Scenario SHA-256', hash],
    ['Load engine', engine],
    ['Network', network],
    ...calibrationOf(events).map((text) => ['Latency calibration', text] as const),
    ['Emulated service', emulatedAs(era)],
    ...(service === undefined ? [] : describeService(service)),
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
<p class="note">Run <span class="code">${runId}</span> · ${startedAt} · seed ${seed} · scenario <span class="code">${hash.slice(0, 12)}</span> · Regionfall ${opened?.versions['regionfall'] ?? 'of unknown version'} · ${machine} · ${network} network · <strong>${emulatedAs(era)}</strong></p>
<details><summary>Where this comes from</summary><dl class="pairs">${pairs.map(
    ([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`,
  )}</dl></details></div>
`;
}

/** How far off what the network injects is, and that it was allowed for; nothing where the network needs none. */
function calibrationOf(events: readonly JournalEvent[]): readonly string[] {
  const world = events.find((event) => event.kind === 'world.ready');
  const calibration: Calibration | undefined = world?.kind === 'world.ready' ? world.calibration : undefined;
  if (calibration === undefined) return [];
  const points = calibration.points.map(
    ({ injectedMs, lateMsMedian }) => `${injectedMs} ms came ${lateMsMedian.toFixed(2)} ms late`,
  );
  const off = calibration.links.map(({ roundTripMs, expectedMs }) => Math.abs(expectedMs - roundTripMs));
  const worst = Math.max(0, ...off);
  return [
    `medians before the load: ${points.join(', ')}; less is injected by as much, which leaves at most ${worst.toFixed(2)} ms on any link`,
  ];
}

/** As one says it: `emulated, not AWS; STS as of 2026`. */
export function emulatedAs(era: string): string {
  return era === '' ? EMULATED : `${EMULATED}; STS as of ${era}`;
}
