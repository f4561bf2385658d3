/** What a test may order to go wrong, and what that means for its world. Pure. */

import { nearestName } from '../aws/nearest-name.ts';
import type { WorldView } from '../chaos/fault-kind.ts';
import {
  checkFault,
  FAULT_KINDS,
  type FaultInput,
  faultSchema,
  planFault,
  type SingleFault,
  titleOfFault,
} from '../chaos/fault-kinds.ts';
import type { Target } from '../chaos/target.ts';
import type { PlannedFault } from '../chaos/timeline.ts';
import { UsageError } from '../errors/regionfall-error.ts';

/** Kinds that bend what only the callers of a load have. */
const OF_CALLERS = ['clock-skew', 'names'] as const;

type SingleInput = Exclude<FaultInput, { kind: 'group' | (typeof OF_CALLERS)[number] }>;
/** A scenario says when; a test lifts the fault itself. */
type Timed = 'name' | 'at' | 'for' | 'repeat' | 'ramp' | 'target';
type Untimed<Input> = Input extends SingleInput ? Omit<Input, Timed> & TargetOf<Input> : never;
type TargetOf<Input> = Input extends { target: infer Fields }
  ? Fields
  : Input extends { target?: infer Fields }
    ? Partial<NonNullable<Fields>>
    : unknown;

/**
 * A fault of any kind of docs/faults.md, without its times, and with the fields of its target beside the kind:
 * `{ kind: 'silence', region: 'eu-west-1' }`, `{ kind: 'service-error', region: 'us-east-1', code: 'InternalFailure' }`.
 */
export type TestFault = Untimed<SingleInput>;

const TARGET_FIELDS: ReadonlySet<string> = new Set<keyof Target>([
  'region',
  'endpoint',
  'location',
  'account',
  'group',
]);

/**
 * @param name Unique among the faults of the world.
 * @throws UsageError RF-FAULT-INVALID for a fault that cannot be in this world, with every reason.
 */
export function planTestFault(fault: TestFault, name: string, view: WorldView): PlannedFault {
  const spec = specOf(fault, name);
  const plan = planFault(spec, view);
  if (plan.links.length === 0) {
    const hosts = [...new Set(view.links.map(({ host }) => host))];
    throw invalid(
      fault,
      'it would hit nothing in this world',
      `Regions: ${view.regions.join(', ')}; names: ${hosts.slice(0, 6).join(', ')}${hosts.length > 6 ? ', …' : ''}`,
    );
  }
  return {
    name,
    faultKind: spec.kind,
    title: titleOfFault(spec),
    fromUs: 0,
    toUs: Number.MAX_SAFE_INTEGER,
    plan,
  };
}

function specOf(fault: TestFault, name: string): SingleFault {
  const kinds = Object.keys(FAULT_KINDS).filter((name) => name !== 'group');
  const { kind } = fault as { readonly kind: unknown };
  if (typeof kind !== 'string' || !kinds.includes(kind)) {
    const nearest = typeof kind === 'string' ? nearestName(kind, kinds) : undefined;
    throw invalid(
      fault,
      `there is no fault kind ${JSON.stringify(kind)}`,
      nearest === undefined ? `take one of ${kinds.join(', ')}` : `did you mean '${nearest}'?`,
    );
  }
  if ((OF_CALLERS as readonly string[]).includes(kind)) {
    throw invalid(
      fault,
      'a world of a test has no callers of its own',
      'give the client of your test the wrong clock, or a host name that does not exist',
    );
  }
  const entries = Object.entries(fault).filter(([, value]) => value !== undefined);
  const target = Object.fromEntries(entries.filter(([key]) => TARGET_FIELDS.has(key)));
  const rest = Object.fromEntries(entries.filter(([key]) => !TARGET_FIELDS.has(key)));
  // The times are those of no run: they pass the schema and mean nothing.
  const parsed = faultSchema.safeParse({ ...rest, target, name, at: '0s', for: '1h' });
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(({ path, message }) => {
      const place = path.filter((part) => part !== 'target').join('.');
      return place === '' ? message : `${place}: ${message}`;
    });
    throw invalid(fault, reasons.join('; '), `docs/faults.md has what a fault of kind ${kind} takes`);
  }
  const spec = parsed.data as SingleFault;
  const [problem] = checkFault(spec);
  if (problem !== undefined) {
    const place = problem.place.replace(/^target\./, '');
    throw invalid(fault, `${place}: ${problem.message}`, problem.hint);
  }
  return spec;
}

function invalid(fault: TestFault, reason: string, hint: string): UsageError {
  return new UsageError(`the fault ${JSON.stringify(fault)} cannot be: ${reason}`, {
    code: 'RF-FAULT-INVALID',
    hint,
  });
}
