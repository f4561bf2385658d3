/** What limits the figures of a run, told by the run itself, in sentences; the gravest first. Pure. */
import type { History } from '../../lib/measure/history.ts';
import { fewestForQuantile } from '../../lib/measure/intervals.ts';
import { PHASE_GUARD_US } from '../../lib/measure/phases.ts';
import { count, duration, limitInUnit, listOf, percent, plural } from '../../lib/measure/wording.ts';
import type { LatencyModel } from '../latency/model.ts';
import { QUANTILES } from '../latency/model.ts';
import type { Provenance } from './provenance.ts';
import type { ReportInput } from './report-input.ts';
import { percentileLabel } from './scales.ts';

/** Below this the generator's own lateness is lost in the figures. */
const LAG_WORTH_TELLING_MS = 1;

export function caveatsOf(
  history: History,
  provenance: Provenance,
  latency: LatencyModel,
  service: ReportInput['service'],
): readonly string[] {
  return [
    ...endCaveats(history, provenance),
    ...faultCaveats(history),
    ...eventCaveats(history),
    ...generatorCaveats(history),
    ...floorCaveats(history),
    ...history.networkLimits,
    ...linkCaveats(history),
    ...phaseCaveats(history),
    ...smallSamples(latency),
    serviceCaveat(service),
  ];
}

function floorCaveats({ floor }: History): string[] {
  if (floor === undefined) return [];
  const { engine, floorMsMedian, floorMsP99, samples, ratePerSecond } = floor;
  return [
    `${engine} alone adds ${duration(floorMsMedian * 1_000)} at the median and ${duration(floorMsP99 * 1_000)} at p99 (the same script at ${ratePerSecond} a second against a server that answers at once, n = ${count(samples)}): no figure below that, and no difference smaller than it, says anything about the service.`,
  ];
}

function serviceCaveat(service: ReportInput['service']): string {
  const beginning = 'The service is emulated: answers, errors and the order of checks follow AWS STS';
  return service?.regions.some(({ pace }) => pace !== null) === true
    ? `${beginning}; its speed and its capacity are those that the scenario declares, or the machine's own, and not those of AWS.`
    : `${beginning}, its speed and its capacity do not.`;
}

function endCaveats(history: History, { complete, reason }: Provenance): string[] {
  const { samples, aborted, complete: ended, durationUs, plannedDurationUs } = history;
  const torn =
    samples.ignoredBytes > 0
      ? `; ${plural(samples.ignoredBytes, 'byte')} behind the last whole batch were ignored`
      : '';
  return [
    ...(aborted === undefined
      ? []
      : [`The run was aborted (${aborted}): the figures cover only the time before.`]),
    ...(durationUs < plannedDurationUs
      ? [`Load was sent for ${duration(durationUs)} of the ${duration(plannedDurationUs)} planned.`]
      : []),
    ...(ended
      ? []
      : [`The load did not end in order: up to the last second of samples may be missing${torn}.`]),
    ...(complete
      ? []
      : [`The run's folder is not complete.${reason === '' ? '' : ` ${reason.replace(/\.?$/, '.')}`}`]),
  ];
}

function faultCaveats({ faults }: History): string[] {
  return faults.flatMap(({ name, appliedUs, liftedUs, proved, healed }) => {
    if (appliedUs === null)
      return [`The fault ${name} was planned but never applied; it is drawn as an empty outline.`];
    return [
      ...(proved ? [] : [`No probe saw the fault ${name} bite.`]),
      ...(liftedUs === null
        ? [`The fault ${name} was still on when the load ended; it is drawn to the end.`]
        : []),
      ...(liftedUs !== null && !healed
        ? [`No probe saw traffic go through after the fault ${name} was lifted.`]
        : []),
    ];
  });
}

function eventCaveats({ events }: History): string[] {
  return events.flatMap((event) => {
    if (event.kind === 'note' && event.level === 'warning') return [event.text];
    if (event.kind === 'process.exited' && !event.expected) {
      return [`The process ${event.name} ended unexpectedly (${event.signal ?? `code ${event.code}`}).`];
    }
    if (event.kind === 'leftovers.healed' && event.found.length > 0) {
      return [
        `An earlier run had left something behind, healed before this one began: ${listOf(event.found)}.`,
      ];
    }
    if (event.kind === 'guardian.healed')
      return [`The guardian lifted what was in force and ended what was left: ${event.reason}.`];
    return [];
  });
}

function generatorCaveats({ counts, generator }: History): string[] {
  const { planned, dropped, indeterminate } = counts;
  const unanswered = plural(indeterminate, 'request');
  return [
    ...(dropped === 0
      ? []
      : [
          `The generator dropped ${count(dropped)} of ${plural(planned, 'planned arrival')} (${percent(dropped / planned)}): they are in no latency.`,
        ]),
    ...(indeterminate === 0
      ? []
      : [`Of ${unanswered} nobody knows whether the service acted: counted as lost, never as refused.`]),
    ...(generator.lagMsMax < LAG_WORTH_TELLING_MS
      ? []
      : [
          `The generator was up to ${duration(generator.lagMsMax * 1_000)} late; latency counts from the planned moment, so this is part of it.`,
        ]),
  ];
}

function linkCaveats({ links }: History): string[] {
  const modelled = links.filter((link) => link.modelled);
  if (modelled.length === 0) return [];
  const ways = new Set(modelled.map(({ location, servingRegion }) => `${location} → ${servingRegion}`));
  return [`Round trips modelled from distance, not measured: ${listOf([...ways])}.`];
}

function phaseCaveats({ faults }: History): string[] {
  if (faults.length === 0) return [];
  return [
    `Requests planned within ${limitInUnit(PHASE_GUARD_US / 1e6, 's')} before a fault or after its lift, or while the order was on its way, are in no phase: nobody can say which side they saw.`,
  ];
}

function smallSamples({ routes }: LatencyModel): string[] {
  const phases = routes.flatMap((route) => route.phases).filter(({ n }) => n > 0);
  const missing = QUANTILES.filter((_, index) =>
    phases.some(({ quantilesUs }) => quantilesUs[index] === null),
  );
  if (missing.length === 0) return [];
  const needs = missing.map(
    (percentile) => `${count(fewestForQuantile(percentile))} for ${percentileLabel(percentile)}`,
  );
  return [
    `“n too small” stands where too few requests succeeded for a 95 % interval; it takes at least ${listOf(needs)}.`,
  ];
}
