/** Progress for a log: a line for each event worth telling, with the run's time, and a heartbeat in between. Pure. */

import type { ArrivalCounts, JournalEvent } from '../../journal/event.ts';
import { formatDurationUs } from '../../time/duration.ts';
import { type RunStatus, runTimeUs } from './run-status.ts';

export const HEARTBEAT_US = 10_000_000;

/** The line for an event, or undefined when it is not worth one. `status` is that after the event. */
export function plainLine(status: RunStatus, event: JournalEvent): string | undefined {
  const text = textOf(event);
  return text === undefined ? undefined : `${stamp(status, event.monoUs)}  ${text}`;
}

export function heartbeatLine(status: RunStatus, monoUs: number): string {
  const rates = [...status.rates]
    .filter(([, { okPerSecond, failedPerSecond }]) => okPerSecond + failedPerSecond > 0)
    .map(
      ([row, { okPerSecond, failedPerSecond }]) =>
        `${row} ${okPerSecond}/s${failedPerSecond > 0 ? ` and ${failedPerSecond}/s failing` : ''}`,
    );
  return `${stamp(status, monoUs)}  ${status.stage}: ${countsText(status.counts)}${rates.length === 0 ? '' : `; ${rates.join(', ')}`}`;
}

export function countsText(counts: ArrivalCounts): string {
  const { ok, failed, indeterminate, dropped } = counts;
  return `${ok} ok, ${failed} failed, ${indeterminate} indeterminate, ${dropped} dropped`;
}

/** Groups that call by the same thing are told together. */
function clientsText(clients: readonly { readonly group: string; readonly client: string }[]): string {
  const groups = Map.groupBy(clients, ({ client }) => client);
  return [...groups]
    .map(([client, users]) => `by ${client}: ${users.map(({ group }) => group).join(', ')}`)
    .join('; ');
}

/** `  20.0 s`; before the load, as wide and empty. */
function stamp(status: RunStatus, monoUs: number): string {
  const us = runTimeUs(status, monoUs);
  return us === undefined ? ' '.repeat(8) : `${(Math.max(0, us) / 1_000_000).toFixed(1).padStart(6)} s`;
}

function textOf(event: JournalEvent): string | undefined {
  switch (event.kind) {
    case 'run.opened':
      return `run ${event.runId}, seed ${event.seed}, engine ${event.engine}, network ${event.network}`;
    case 'leftovers.healed':
      return `an earlier run had left ${event.found.join(', ')}: healed`;
    case 'world.ready':
      return `the world is open: ${event.regions.join(', ')}`;
    case 'load.started':
      return `load started: ${event.planned === 0 ? 'as many arrivals as the script makes,' : `${event.planned} arrivals`} from ${event.callers.length} callers in ${formatDurationUs(event.durationUs)}`;
    case 'load.ended':
      return `load ended${event.stoppedEarly ? ' early' : ''}: ${countsText(event.counts)}`;
    case 'fault.planned':
      return undefined;
    case 'fault.applied':
      return `fault ${event.fault}: in force`;
    case 'fault.probed':
      if (event.phase === 'during') {
        return `fault ${event.fault}: ${event.proved ? 'seen to bite' : 'NOT seen to bite; the run cannot pass'}`;
      }
      return event.proved
        ? undefined
        : `fault ${event.fault}: the path is not healthy ${event.phase} the fault`;
    case 'fault.lifted':
      return `fault ${event.fault}: lifted`;
    case 'fault.healed':
      return `fault ${event.fault}: ${event.healed ? 'healed, proved by traffic' : 'NOT healed'}`;
    case 'act.performed':
      return `act ${event.act}: ${event.outcome}${event.outcome === 'done' ? '' : ` (${[event.status || '', event.code].join(' ').trim()})`}`;
    case 'run.aborted':
      return `aborting${event.by === 'stop-condition' ? ' by a stop condition' : ''}: ${event.reason}`;
    case 'guardian.healed':
      return `the guardian healed: ${event.reason}`;
    case 'process.exited':
      return event.expected
        ? undefined
        : `process ${event.name} ended unexpectedly (${event.signal ?? `code ${event.code}`})`;
    case 'note':
      return event.level === 'warning' ? `note: ${event.text}` : undefined;
    case 'callers.described':
      return clientsText(event.clients);
    case 'generator.measured':
      return `${event.engine} itself adds ${event.floorMsMedian.toFixed(1)} ms at the median, ${event.floorMsP99.toFixed(1)} ms at p99`;
    case 'generator.ended':
      return `${event.engine} ${event.version} ended with ${event.signal ?? `code ${event.exitCode}`}`;
    case 'edge.dialled':
      return event.allowed
        ? undefined
        : `${event.group} dialled ${event.host}, which the scenario does not name`;
    case 'process.started':
    case 'load.progress':
      return undefined;
    default:
      return event satisfies never;
  }
}
