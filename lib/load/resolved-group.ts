/** Groups as a world resolves them (keys, role, ports), and the callers that they consist of. */

import type { CallerRecord } from '../journal/event.ts';
import { endpointsOf, type LoadGroup, type PolicySpec } from './load-spec.ts';

/** An endpoint as a group's callers reach it. */
export interface Target {
  readonly host: string;
  readonly signingRegion: string;
  /** Loopback port of the link. */
  readonly port: number;
  readonly linkId: string;
}

export interface ResolvedGroup extends LoadGroup {
  /** Long-term keys of the principal, or session credentials that the world obtained: used as they are. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** What AssumeRole asks for. */
  readonly roleArn: string;
  /** In the policy's order. */
  readonly targets: readonly Target[];
}

/** The part of a group that the engine and its records depend on. */
export type EngineGroup = Omit<ResolvedGroup, 'credentials' | 'roleArn' | 'targets'> & {
  readonly targets: readonly Pick<Target, 'host'>[];
};

/** `{group}-{number}`, numbered from 1. */
export function callerName(group: Pick<LoadGroup, 'name'>, caller: number): string {
  return `${group.name}-${caller + 1}`;
}

/** The policy with host names in place of the scenario's words; throws when the world resolved another number. */
export function policyOnHosts(group: EngineGroup): PolicySpec {
  const hosts = group.targets.map((target) => target.host);
  const named = endpointsOf(group.policy).length;
  const [first] = hosts;
  if (first === undefined || hosts.length !== named) {
    throw new RangeError(`group '${group.name}' names ${named} endpoints and has ${hosts.length} targets`);
  }
  return group.policy.kind === 'pinned'
    ? { ...group.policy, endpoint: first }
    : { ...group.policy, endpoints: hosts };
}

/** Every caller, as the journal records it. */
export function callerRecords(groups: readonly EngineGroup[]): readonly CallerRecord[] {
  return groups.flatMap((group) =>
    Array.from({ length: group.callers }, (_, caller) => ({
      name: callerName(group, caller),
      group: group.name,
      location: group.location,
      partition: group.partition,
      credential: group.credential,
      policy: group.policy.kind,
      endpoints: group.targets.map((target) => target.host),
      attemptTimeLimitMs: group.policy.attemptTimeLimitMs,
    })),
  );
}
