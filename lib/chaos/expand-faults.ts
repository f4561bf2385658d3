/**
 * Takes faults apart into what happens at one time: every occurrence of one that comes again, every part of a group.
 * Pure.
 *
 *     outage, twice            ─▶ outage            outage/2
 *     outage, a group, twice   ─▶ outage/silence    outage/2/silence
 *                                 outage/names      outage/2/names
 */

import { hostOfEndpointName } from '../aws/endpoints.ts';
import { type DurationText, durationUs } from '../time/duration.ts';
import type { FaultPart, FaultSpec, SingleFault } from './fault-kinds.ts';

/** One fault at one time. */
export interface FaultInstance {
  readonly name: string;
  /** The fault of the scenario that this is a part of. */
  readonly group?: string;
  /** Under its own name, and without what it was taken out of. */
  readonly spec: SingleFault;
  /** Microseconds of the run. */
  readonly fromUs: number;
  readonly toUs: number;
  /** When it has its full strength; absent: from the start. */
  readonly fullUs?: number;
}

export function expandFaults(specs: readonly FaultSpec[]): readonly FaultInstance[] {
  return specs.flatMap((spec) => occurrencesOf(spec).flatMap(instancesOf));
}

/** What expectations may call the faults of a scenario by: each occurrence, groups as a whole. */
export function faultNames(specs: readonly Pick<FaultSpec, 'name' | 'repeat'>[]): readonly string[] {
  return specs.flatMap(({ name, repeat }) =>
    Array.from({ length: repeat?.times ?? 1 }, (_, index) => occurrenceName(name, index)),
  );
}

/** Host names that the targets of faults name outright: a world has to have them. */
export function hostsOfFaults(specs: readonly FaultSpec[]): readonly string[] {
  const named = expandFaults(specs).flatMap(({ spec: { target } }) =>
    'endpoint' in target && target.endpoint !== undefined ? [hostOfEndpointName(target.endpoint)] : [],
  );
  return [...new Set(named)];
}

/** Whether some fault breaks the control plane, or can only be seen by way of it. */
export function needControlPlane(specs: readonly FaultSpec[]): boolean {
  return expandFaults(specs).some(
    ({ spec: { kind } }) => kind === 'control-plane-down' || kind === 'replica-stale',
  );
}

/** A part of a group as a fault of its own. @param group The whole, or one occurrence of it. */
export function faultOfPart(part: FaultPart, group: Pick<FaultSpec, 'name' | 'at' | 'for'>): SingleFault {
  const { name, after, for: length, ...rest } = part;
  const afterUs = after === undefined ? 0 : durationUs(after);
  const lengthUs = length === undefined ? durationUs(group.for) - afterUs : durationUs(length);
  return {
    ...rest,
    name: `${group.name}/${name ?? part.kind}`,
    at: text(durationUs(group.at) + afterUs),
    for: text(Math.max(0, lengthUs)),
  } as SingleFault;
}

function occurrencesOf(spec: FaultSpec): readonly FaultSpec[] {
  const { repeat, ...once } = spec;
  const everyUs = repeat === undefined ? 0 : durationUs(repeat.every);
  return faultNames([spec]).map(
    (name, index) => ({ ...once, name, at: text(durationUs(spec.at) + index * everyUs) }) as FaultSpec,
  );
}

function instancesOf(spec: FaultSpec): readonly FaultInstance[] {
  if (spec.kind !== 'group') return [instanceOf(spec)];
  return spec.parts.map((part) => ({ ...instanceOf(faultOfPart(part, spec)), group: spec.name }));
}

function instanceOf(spec: SingleFault): FaultInstance {
  const fromUs = durationUs(spec.at);
  const rampUs = 'ramp' in spec && spec.ramp !== undefined ? durationUs(spec.ramp) : 0;
  return {
    name: spec.name,
    spec,
    fromUs,
    toUs: fromUs + durationUs(spec.for),
    ...(rampUs === 0 ? {} : { fullUs: fromUs + rampUs }),
  };
}

/** The first under the name itself, so that a fault that comes once and one that comes again are told alike. */
function occurrenceName(name: string, index: number): string {
  return index === 0 ? name : `${name}/${index + 1}`;
}

/** Years: what a scenario cannot mean anyway, and a number would be written with an exponent. */
const LONGEST_US = 1e15;

function text(us: number): DurationText {
  return `${Math.min(us, LONGEST_US) / 1_000}ms`;
}
