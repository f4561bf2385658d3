/**
 * The faults of a scenario as far as they can be read: each as it is written, and taken apart into those of one kind, so
 * that a part of a group is looked at like a fault by itself.
 */

import { faultOfPart } from '../chaos/expand-faults.ts';
import { type FaultSpec, faultPartSchema, faultSchema, type SingleFault } from '../chaos/fault-kinds.ts';
import { type DurationText, parseDurationUs } from '../time/duration.ts';
import { type Fields, listOf, numberOf, recordOf, textOf } from './draft-fields.ts';

export interface DraftFault {
  readonly place: string;
  readonly name: string | undefined;
  readonly at: string | undefined;
  readonly for: string | undefined;
  readonly repeat: { readonly times: number | undefined; readonly every: string | undefined } | undefined;
  /** When all of it can be read. */
  readonly spec: FaultSpec | undefined;
  /** Itself, or the parts of a group. */
  readonly singles: readonly DraftSingle[];
}

const TARGET_FIELDS = ['region', 'endpoint', 'location', 'account', 'group'] as const;

/** A fault of one kind, or a part of a group. */
export interface DraftSingle {
  readonly place: string;
  readonly target: Readonly<Partial<Record<(typeof TARGET_FIELDS)[number], string>>>;
  readonly ramp: string | undefined;
  /** Only of a part. */
  readonly part:
    | {
        readonly name: string | undefined;
        readonly after: string | undefined;
        readonly for: string | undefined;
      }
    | undefined;
  /** When all of it can be read; of a part as the fault that it is, in its own time. */
  readonly spec: SingleFault | undefined;
}

export function draftFaultOf(fields: Fields, place: string): DraftFault {
  const repeat = fields['repeat'] === undefined ? undefined : recordOf(fields['repeat']);
  const spec = faultSchema.safeParse(fields).data;
  return {
    place,
    name: textOf(fields['name']),
    at: textOf(fields['at']),
    for: textOf(fields['for']),
    repeat: repeat && { times: numberOf(repeat['times']), every: textOf(repeat['every']) },
    spec,
    singles:
      fields['kind'] === 'group'
        ? listOf(fields['parts']).map((part, index) =>
            partOf(recordOf(part), `${place}.parts[${index}]`, fields),
          )
        : [{ ...singleOf(fields, place), spec: spec?.kind === 'group' ? undefined : spec }],
  };
}

function singleOf(fields: Fields, place: string): Omit<DraftSingle, 'spec'> {
  const target = recordOf(fields['target']);
  const texts = TARGET_FIELDS.flatMap((key) => {
    const value = textOf(target[key]);
    return value === undefined ? [] : [[key, value] as const];
  });
  return { place, target: Object.fromEntries(texts), ramp: textOf(fields['ramp']), part: undefined };
}

function partOf(fields: Fields, place: string, group: Fields): DraftSingle {
  const part = faultPartSchema.safeParse(fields).data;
  // What the part hits can be told although the group's own times cannot be read.
  const whole = {
    name: textOf(group['name']) ?? 'group',
    at: durationOr(group['at'], '0s'),
    for: durationOr(group['for'], '1h'),
  };
  return {
    ...singleOf(fields, place),
    part: {
      name: textOf(fields['name']) ?? textOf(fields['kind']),
      after: textOf(fields['after']),
      for: textOf(fields['for']),
    },
    spec: part && faultOfPart(part, whole),
  };
}

function durationOr(raw: unknown, otherwise: DurationText): DurationText {
  return typeof raw === 'string' && parseDurationUs(raw) !== undefined ? (raw as DurationText) : otherwise;
}
