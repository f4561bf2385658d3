/** Groups as a world resolves them (keys, role, ports), and the callers that they consist of. */

import { onEndpoints, type PolicySpec, timeLimitMsOf } from '../failover/spec.ts';
import type { CallerRecord } from '../journal/event.ts';
import type { LoadGroup } from './load-spec.ts';

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
  /** What a program of the group is started with, and nothing else; only for clients of kind `program`. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The part of a group that the engine and its records depend on. */
export type EngineGroup = Omit<ResolvedGroup, 'credentials' | 'roleArn' | 'targets'> & {
  readonly targets: readonly Pick<Target, 'host'>[];
};

/** `{group}-{number}`, numbered from 1. */
export function callerName(group: Pick<LoadGroup, 'name'>, caller: number): string {
  return `${group.name}-${caller + 1}`;
}

/** The policy with host names in place of the scenario's words. @throws RangeError when the world resolved another number. */
export function policyOnHosts(group: EngineGroup): PolicySpec {
  return onEndpoints(
    group.policy,
    group.targets.map((target) => target.host),
  );
}

/**
 * The policy that the engine walks. A client that is not ours decides for itself where it calls and how often: the
 * engine only lets it begin, at its first endpoint, and never cuts it short.
 */
export function policyForEngine(group: EngineGroup): PolicySpec {
  const policy = policyOnHosts(group);
  if (group.client.kind === 'embedded') return policy;
  return { kind: 'pinned', endpoint: group.targets[0]?.host ?? '', attemptTimeLimitMs: null };
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
      attemptTimeLimitMs: timeLimitMsOf(group.policy),
    })),
  );
}
