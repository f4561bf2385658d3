/** Gives the callers' process all that it needs to dial: groups with links and keys, sessions where they hold one. */

import { join } from 'node:path';
import { expandFaults } from '../chaos/expand-faults.ts';
import { stsLinks } from '../journal/event.ts';
import { RUN_FILES } from '../journal/run-folder.ts';
import type { EngineConfig, EngineReady } from '../load/process.ts';
import { ProcessError } from '../process/rpc.ts';
import type { Scenario } from '../scenario/schema.ts';
import { durationUs } from '../time/duration.ts';
import { createAuthority } from '../world/certificates.ts';
import type { World } from '../world/local-world.ts';
import type { Callers } from './callers.ts';
import type { ProgramEnvironments } from './program-groups.ts';
import { type PlainCredentials, resolveGroup } from './resolve-group.ts';

const DRAIN_DEFAULT = '3s';
/** Arrivals under way at once; a caller without a time limit piles them up while its endpoint is silent. */
const MAX_IN_FLIGHT = 20_000;

export interface OpenCallersOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly withoutFaults: boolean;
  /** Of the run. */
  readonly folder: string;
  /** Where k6 makes the calls. */
  readonly k6?: EngineConfig['k6'];
  /** Of programs, by group. */
  readonly environments: ProgramEnvironments['of'];
}

export async function openCallers(
  callers: Callers,
  world: World,
  { scenario: { load, faults }, seed, withoutFaults, folder, k6, environments }: OpenCallersOptions,
): Promise<EngineReady> {
  const groups = await Promise.all(
    load.groups.map(async (group) => {
      const resolved = resolveGroup(group, world, await sessionOf(group, world));
      const environment = environments.get(group.name);
      return environment === undefined ? resolved : { ...resolved, environment };
    }),
  );
  return callers.open({
    seed,
    durationUs: durationUs(load.duration),
    drainUs: durationUs(load.drain ?? DRAIN_DEFAULT),
    groups,
    caPem: world.caPem,
    samplesPath: join(folder, RUN_FILES.samples),
    maxInFlight: MAX_IN_FLIGHT,
    ...(k6 === undefined
      ? {}
      : { k6: { ...k6, phases: withoutFaults ? [] : phasesOf(faults), floor: await floorCertificate() } }),
  });
}

function phasesOf(faults: Scenario['faults']): NonNullable<NonNullable<EngineConfig['k6']>['phases']> {
  return expandFaults(faults).map(({ name, fromUs, toUs }) => ({ name, fromUs, toUs }));
}

/** An authority of its own: what k6 trusts in while its own share is measured, it trusts in no run. */
async function floorCertificate() {
  const authority = await createAuthority(Date.now());
  return { ...(await authority.issue(FLOOR_HOST)), caPem: authority.caPem };
}

/** Reserved for names that lead nowhere (RFC 2606, 2). */
const FLOOR_HOST = 'floor.regionfall.invalid';

/** A session of the group's own partition, for groups that present temporary credentials. */
async function sessionOf(
  group: Scenario['load']['groups'][number],
  world: World,
): Promise<PlainCredentials | undefined> {
  if (group.credential !== 'session') return undefined;
  const link = stsLinks(world.links).find((candidate) => candidate.partition === group.partition);
  if (link === undefined) {
    throw new Error(
      `group '${group.name}' holds credentials of ${group.partition}, which has no endpoint here`,
    );
  }
  const { answer, errorCode } = await world.call({
    link,
    operation: 'GetSessionToken',
    user: group.principal,
    timeLimitMs: 5_000,
  });
  if (answer?.credentials === undefined) {
    throw new ProcessError('service', `no session for group '${group.name}' from ${link.host}: ${errorCode}`);
  }
  const { accessKeyId, secretAccessKey, sessionToken } = answer.credentials;
  return { accessKeyId, secretAccessKey, sessionToken };
}
