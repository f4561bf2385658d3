/** The looks by which a run's faults are proved, as real calls: each on a fresh connection, with a deadline, signed. */

import { type Credentials, Secret } from '../aws/credentials.ts';
import { GLOBAL_ENDPOINT } from '../aws/endpoints.ts';
import type { Probe, ProbeResult, Prober } from '../chaos/control.ts';
import type { Child } from '../process/rpc.ts';
import { monotonicUs } from '../time/monotonic.ts';
import type { World } from '../world/local-world.ts';
import type { CallOutcome } from '../world/prober.ts';
import type { WorldLink } from '../world/topology.ts';
import { createKeyDesk } from './key-desk.ts';

/** A user that every account has, and that may change whatever can be changed. */
const ADMINISTRATOR = 'admin';
/** Beyond the limit of a probe, for the answer to come back from another process. */
const ANSWER_GRACE_MS = 500;

/**
 * @param user Whose keys the probes sign with; a user of every partition's account.
 * @param callers Sends the probes that go out in the name of a caller.
 */
export function createProber(world: World, callers: Pick<Child, 'call'>, user: string): Prober {
  const keys = createKeyDesk(world, { administrator: ADMINISTRATOR, user });
  return {
    probe: async (probe) => {
      const { operation, timeLimitMs } = probe;
      if (probe.asCallers !== undefined) {
        const { link, asCallers } = probe;
        const order = { link, operation, asCallers, timeLimitMs };
        return await callers.call<ProbeResult>('probe', order, timeLimitMs + ANSWER_GRACE_MS);
      }
      const link = linkOf(probe, world);
      switch (operation) {
        case 'ControlPlaneRead':
          return await world.callControlPlane({
            link,
            user: signerOf(probe, world, ADMINISTRATOR),
            action: 'RegionfallListStsRegionStatus',
            timeLimitMs,
          });
        case 'NewKeyArrives':
          return await keys.probe(link, timeLimitMs);
        case 'UseGlobalToken':
          return await useGlobalToken(world, link, signerOf(probe, world, user), timeLimitMs);
        default:
          return await world.call({ link, operation, user: signerOf(probe, world, user), timeLimitMs });
      }
    },
  };
}

function linkOf({ link: id }: Probe, world: World): WorldLink {
  const link = world.links.find((candidate) => candidate.id === id);
  if (link === undefined) throw new Error(`no link '${id}' to probe`);
  return link;
}

/** @param usual Who signs where the probe names no user. */
function signerOf(probe: Probe, world: World, usual: string): string | Credentials {
  const { account, user = usual } = probe;
  if (account === undefined) return user;
  const partition = world.accounts.find(({ id }) => id === account)?.partition;
  if (partition === undefined) throw new Error(`no account '${account}' to probe with`);
  return world.credentials(partition, user);
}

/** A session of the global endpoint, and one call with it where the probe looks. */
async function useGlobalToken(
  world: World,
  link: WorldLink,
  user: string | Credentials,
  timeLimitMs: number,
): Promise<CallOutcome> {
  const startedUs = monotonicUs();
  const global = world.link(link.location, GLOBAL_ENDPOINT.host);
  const session = await world.call({ link: global, operation: 'GetSessionToken', user, timeLimitMs });
  const given = session.answer?.credentials;
  if (given === undefined) return session;
  const usedMs = (monotonicUs() - startedUs) / 1_000;
  const used = await world.call({
    link,
    operation: 'GetCallerIdentity',
    user: { ...given, secretAccessKey: new Secret(given.secretAccessKey) },
    timeLimitMs: Math.max(1, timeLimitMs - usedMs),
  });
  return { ...used, elapsedMs: used.elapsedMs + usedMs };
}
