/**
 * A scenario as far as it can be read. Validation reports every mistake at once, so a wrong Region is found although
 * the fault it stands in has no length: each field is read by itself, and what is not text is a gap that the
 * first layer has reported already.
 */

import { DEFAULT_ERA, ERA_NAMES, type EraName } from '../aws/eras.ts';
import { type DraftFault, draftFaultOf } from './draft-faults.ts';
import { type Fields, listOf, numberOf, recordOf, textOf } from './draft-fields.ts';

export type { DraftFault } from './draft-faults.ts';

/** `place` is the path of the part: `faults[0]`. */
interface DraftPart {
  readonly place: string;
  readonly name: string | undefined;
}

export interface DraftGroup extends DraftPart {
  readonly location: string | undefined;
  readonly partition: string;
  readonly principal: string;
  readonly ratePerSecond: number;
  readonly callers: number;
  /** In the order of the policy. */
  readonly endpoints: readonly { readonly place: string; readonly name: string }[];
  /** Those with a weight above 0. */
  readonly operations: readonly string[];
}

export interface DraftAct extends DraftPart {
  readonly at: string | undefined;
  readonly region: string | undefined;
  readonly as: string | undefined;
  readonly location: string | undefined;
}

export interface DraftExpectation extends DraftPart {
  readonly kind: string | undefined;
  readonly act: string | undefined;
  readonly group: string | undefined;
  readonly fault: string | undefined;
  readonly operation: string | undefined;
  readonly phase: string | undefined;
  readonly milestone: string | undefined;
}

/** A Region that something is said of. */
export interface DraftRegion {
  readonly place: string;
  readonly id: string;
}

export interface DraftAccounts {
  readonly activated: readonly DraftRegion[];
  readonly deactivated: readonly DraftRegion[];
  readonly optedOut: readonly DraftRegion[];
  readonly globalTokenVersion: number | undefined;
}

export interface Draft {
  readonly regions: readonly DraftRegion[];
  readonly global: boolean;
  /** The default where none can be read. */
  readonly era: EraName;
  readonly accounts: DraftAccounts;
  /** Regions whose service differs. */
  readonly serviceRegions: readonly DraftRegion[];
  /** The longest that a change takes to reach a Region, where the scenario says so. */
  readonly replicaDelayMsMax: number | undefined;
  readonly duration: string | undefined;
  readonly drain: string | undefined;
  readonly groups: readonly DraftGroup[];
  readonly faults: readonly DraftFault[];
  readonly acts: readonly DraftAct[];
  readonly expectations: readonly DraftExpectation[];
}

export function draftOf(raw: unknown): Draft {
  const top = recordOf(raw);
  const load = recordOf(top['load']);
  const accounts = recordOf(top['accounts']);
  return {
    regions: regionsOf(top, 'regions'),
    global: top['global'] === true,
    era: ERA_NAMES.find((name) => name === top['era']) ?? DEFAULT_ERA,
    accounts: {
      activated: regionsOf(accounts, 'activatedRegions', 'accounts.'),
      deactivated: regionsOf(accounts, 'deactivatedRegions', 'accounts.'),
      optedOut: regionsOf(accounts, 'optedOutRegions', 'accounts.'),
      globalTokenVersion: numberOf(accounts['globalTokenVersion']),
    },
    serviceRegions: Object.keys(recordOf(recordOf(top['service'])['regions'])).map((id) => ({
      place: `service.regions.${id}`,
      id,
    })),
    replicaDelayMsMax: numberOf(recordOf(recordOf(top['service'])['replicaDelayMs'])['maximum']),
    duration: textOf(load['duration']),
    drain: textOf(load['drain']),
    groups: listOf(load['groups']).map((item, index) => groupOf(recordOf(item), `load.groups[${index}]`)),
    faults: listOf(top['faults']).map((item, index) => draftFaultOf(recordOf(item), `faults[${index}]`)),
    acts: listOf(top['acts']).map((item, index) => actOf(recordOf(item), `acts[${index}]`)),
    expectations: listOf(top['expect']).map((item, index) =>
      expectationOf(recordOf(item), `expect[${index}]`),
    ),
  };
}

function regionsOf(fields: Fields, key: string, above = ''): readonly DraftRegion[] {
  return listOf(fields[key]).flatMap((id, index) =>
    typeof id === 'string' ? [{ place: `${above}${key}[${index}]`, id }] : [],
  );
}

function groupOf(fields: Fields, place: string): DraftGroup {
  const policy = recordOf(fields['policy']);
  return {
    place,
    name: textOf(fields['name']),
    location: textOf(fields['location']),
    partition: textOf(fields['partition']) ?? 'aws',
    principal: textOf(fields['principal']) ?? 'app',
    ratePerSecond: numberOf(fields['ratePerSecond']) ?? 0,
    callers: numberOf(fields['callers']) ?? 1,
    // A cached policy names them one level deeper, in the policy that it refreshes by.
    endpoints: [
      ...endpointsOf(policy, `${place}.policy`),
      ...endpointsOf(recordOf(policy['refresh']), `${place}.policy.refresh`),
    ],
    operations: Object.entries(recordOf(fields['operations'])).flatMap(([name, weight]) =>
      (numberOf(weight) ?? 0) > 0 ? [name] : [],
    ),
  };
}

function endpointsOf(policy: Fields, place: string): DraftGroup['endpoints'] {
  const single = textOf(policy['endpoint']);
  return [
    ...(single === undefined ? [] : [{ place: `${place}.endpoint`, name: single }]),
    ...listOf(policy['endpoints']).flatMap((name, index) =>
      typeof name === 'string' ? [{ place: `${place}.endpoints[${index}]`, name }] : [],
    ),
  ];
}

function actOf(fields: Fields, place: string): DraftAct {
  return {
    place,
    name: textOf(fields['name']),
    at: textOf(fields['at']),
    region: textOf(fields['region']),
    as: textOf(fields['as']),
    location: textOf(fields['location']),
  };
}

function expectationOf(fields: Fields, place: string): DraftExpectation {
  return {
    place,
    name: textOf(fields['name']),
    kind: textOf(fields['kind']),
    act: textOf(fields['act']),
    group: textOf(fields['group']),
    fault: textOf(fields['fault']),
    operation: textOf(fields['operation']),
    phase: textOf(fields['phase']),
    milestone: textOf(fields['milestone']),
  };
}
