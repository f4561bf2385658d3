/** The journal for people: what was done to the world, what proved it, and what was noted, in order. */
import type { JournalEvent, ProbeRecord } from '../../lib/journal/event.ts';
import { count, duration, listOf, plural, runTime } from '../../lib/measure/wording.ts';
import { table } from './figure.ts';
import { type Html, html } from './html.ts';

/** More would make the page heavy; events.ndjson has them all. */
const ROWS_MOST = 300;

export function eventLogSection(events: readonly JournalEvent[], originUs: number): Html {
  const told = events
    .flatMap((event) => {
      const entry = describe(event);
      return entry === undefined ? [] : [{ atUs: event.monoUs - originUs, ...entry }];
    })
    .toSorted((one, other) => one.atUs - other.atUs);
  const shown = told.slice(0, ROWS_MOST);
  const rest = told.length - shown.length;
  if (shown.length === 0)
    return html`<section id="events" aria-labelledby="events-title"><h2 id="events-title">Event log</h2><p class="note">The journal of this run holds no event.</p></section>`;
  return html`<section id="events" aria-labelledby="events-title"><h2 id="events-title">Event log</h2>
<p class="note">Seconds since the load began; what happened before is negative. ${rest > 0 && `${count(rest)} more in events.ndjson.`}</p>
${table({
  caption: 'Events of the run',
  columns: [{ title: 'At' }, { title: 'What' }, { title: 'Detail', prose: true }],
  rows: shown.map(({ atUs, what, detail }) => ({
    cells: [
      html`<span class="nowrap">${runTime(atUs)}</span>`,
      html`<span class="what">${what}</span>`,
      detail,
    ],
  })),
})}</section>
`;
}

interface Entry {
  readonly what: string;
  readonly detail: string;
}

/** `undefined`: said elsewhere on the page, or once a second. */
function describe(event: JournalEvent): Entry | undefined {
  switch (event.kind) {
    case 'run.opened':
      return {
        what: 'Run opened',
        detail: `${event.scenario}, seed ${event.seed}, ${event.engine} load over ${event.network} network`,
      };
    case 'leftovers.healed':
      return { what: 'Leftovers of an earlier run healed', detail: listOf(event.found) };
    case 'world.ready':
      return {
        what: 'World ready',
        detail: `${plural(event.regions.length, 'Region')}, ${plural(event.links.length, 'link')}: ${listOf(event.regions)}`,
      };
    case 'process.started':
      return { what: 'Process started', detail: `${event.name} (${event.pid})` };
    case 'process.exited':
      return {
        what: event.expected ? 'Process ended' : '⚠ Process ended unexpectedly',
        detail: `${event.name} (${event.pid}), ${event.signal ?? `code ${event.code}`}`,
      };
    case 'load.started':
      return {
        what: 'Load ordered to begin at 0',
        detail: `${plural(event.planned, 'arrival')} planned over ${duration(event.durationUs)}, ${plural(event.callers.length, 'caller')}`,
      };
    case 'load.progress':
      return undefined;
    case 'load.ended':
      return {
        what: event.stoppedEarly ? '⚠ Load stopped early' : 'Load ended',
        detail: `${count(event.counts.ok)} ok, ${count(event.counts.failed)} failed, ${count(event.counts.indeterminate)} indeterminate, ${count(event.counts.dropped)} dropped; ${plural(event.attempts, 'attempt')}`,
      };
    case 'fault.planned':
      return {
        what: `Fault ${event.fault} planned`,
        detail: `${event.title}, ${runTime(event.fromUs)} to ${runTime(event.toUs)}, ${event.fullUs === undefined ? '' : `at full strength from ${runTime(event.fullUs)}, `}${plural(event.links.length, 'link')}${event.group === undefined ? '' : `; part of ${event.group}`}`,
      };
    case 'fault.applied':
      return {
        what: `▼ Fault ${event.fault} applied`,
        detail: `confirmed ${duration(event.monoUs - event.requestedUs)} after the order`,
      };
    case 'fault.probed':
      return {
        what: `${event.proved ? '✓' : '⚠'} Fault ${event.fault} probed, ${event.phase}`,
        detail: probed(event.phase, event.proved, event.probes),
      };
    case 'fault.lifted':
      return {
        what: `▲ Fault ${event.fault} lifted`,
        detail: `confirmed ${duration(event.monoUs - event.requestedUs)} after the order`,
      };
    case 'fault.healed':
      return {
        what: `${event.healed ? '✓' : '⚠'} Fault ${event.fault} ${event.healed ? 'healed' : 'not seen to heal'}`,
        detail: '',
      };
    case 'act.performed':
      return {
        what: `${event.outcome === 'done' ? '✓' : '✗'} Act ${event.act} ${event.outcome}`,
        detail: `${event.title}; ${event.status === 0 ? event.code : `${event.status} ${event.code}`.trim()} after ${duration(event.monoUs - event.requestedUs)}`,
      };
    case 'callers.described':
      return {
        what: 'Callers',
        detail: event.clients
          .map(({ group, client, settings }) => `${group}: ${client}, ${settings}`)
          .join('; '),
      };
    case 'generator.measured':
      return {
        what: 'Measuring floor',
        detail: `${event.engine} against a null server at ${event.ratePerSecond}/s: median ${event.floorMsMedian} ms, p99 ${event.floorMsP99} ms, n = ${count(event.samples)}`,
      };
    case 'generator.ended':
      return {
        what: `${event.engine} ended`,
        detail: `version ${event.version}, ${event.signal ?? `code ${event.exitCode}`}; ${plural(event.requests, 'request')} counted, ${plural(event.attempts, 'attempt')} journalled`,
      };
    case 'edge.dialled':
      return {
        what: event.allowed ? 'Dialled' : '⚠ Dialled what the scenario does not name',
        detail: `${event.group} in ${event.location}: ${event.host}:${event.port}, ${plural(event.times, 'time')}`,
      };
    case 'run.aborted':
      return { what: '■ Run aborted', detail: `by ${event.by}: ${event.reason}` };
    case 'guardian.healed':
      return {
        what: '■ Healed by the guardian',
        detail: `${event.reason}; ${plural(event.killed.length, 'process', 'processes')} ended, faults lifted: ${listOf(event.faults) || 'none'}`,
      };
    case 'note':
      return { what: event.level === 'warning' ? '⚠ Warning' : 'Note', detail: event.text };
    default:
      return event satisfies never;
  }
}

const PROBES_SHOWN = 4;

function probed(
  phase: 'before' | 'during' | 'after',
  proved: boolean,
  probes: readonly ProbeRecord[],
): string {
  const meaning = {
    before: 'the path was healthy',
    during: 'the fault bites',
    after: 'the path is healthy again',
  }[phase];
  const seen = probes
    .slice(0, PROBES_SHOWN)
    .map(
      (probe) =>
        `${probe.link.replace('->', ' → ')}, ${probe.operation}: ${probe.observed} in ${duration(probe.elapsedMs * 1_000)}${probe.observed === probe.expected || probe.observed.startsWith(`${probe.expected} `) ? '' : ` (expected: ${probe.expected})`}`,
    );
  const more = probes.length - seen.length;
  return `${proved ? meaning : `not proved that ${meaning}`}; ${seen.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
