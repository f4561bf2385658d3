/**
 * Whether news of an account reach a Region: an administrator makes an access key, and the Region is asked until it
 * knows it. Looks that go on at the same time share a key, as a user may have but two; it goes with the last of them.
 */

import { type Credentials, Secret } from '../aws/credentials.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { wait } from '../chaos/wait.ts';
import { monotonicUs } from '../time/monotonic.ts';
import type { World } from '../world/local-world.ts';
import type { CallOutcome } from '../world/prober.ts';
import type { WorldLink } from '../world/topology.ts';

export interface KeyDesk {
  /** Never rejects. An error InvalidClientTokenId where the key never arrived. */
  probe(link: WorldLink, timeLimitMs: number): Promise<CallOutcome>;
}

export interface KeyDeskUsers {
  readonly administrator: string;
  /** Who gets the keys. */
  readonly user: string;
}

type Desk = Pick<World, 'controlPlaneLink' | 'callControlPlane' | 'call'>;

/** What a key that nobody knows is answered with. */
const UNKNOWN = 'InvalidClientTokenId';
const ASK_EVERY_MS = 50;
const CONTROL_PLANE_LIMIT_MS = 3_000;
const NEVER = new AbortController().signal;

interface SharedKey {
  readonly made: Promise<Credentials | CallOutcome>;
  looks: number;
}

export function createKeyDesk(world: Desk, { administrator, user }: KeyDeskUsers): KeyDesk {
  const shared = new Map<PartitionName, SharedKey>();
  /** Ids of keys whose time has come: on their way out, or kept by a control plane that was down. */
  const left = new Map<PartitionName, Set<string>>();
  const removals = new Map<PartitionName, Promise<void>>();
  const order = (link: WorldLink, action: string, parameters: Record<string, string>): Promise<CallOutcome> =>
    world.callControlPlane({
      link: world.controlPlaneLink(link.location, link.partition),
      user: administrator,
      action,
      parameters: { UserName: user, ...parameters },
      timeLimitMs: CONTROL_PLANE_LIMIT_MS,
    });
  const removeLeft = async (link: WorldLink): Promise<void> => {
    const ids = left.get(link.partition) ?? new Set();
    for (const id of ids) {
      const { observed, errorCode } = await order(link, 'DeleteAccessKey', { AccessKeyId: id });
      if (observed === 'ok' || errorCode === 'NoSuchEntity') ids.delete(id);
    }
  };
  const make = async (link: WorldLink): Promise<Credentials | CallOutcome> => {
    await removals.get(link.partition);
    await removeLeft(link);
    const outcome = await order(link, 'CreateAccessKey', {});
    return keyIn(outcome.body) ?? outcome;
  };
  const take = (link: WorldLink): SharedKey => {
    const key = shared.get(link.partition) ?? { made: make(link), looks: 0 };
    key.looks += 1;
    shared.set(link.partition, key);
    return key;
  };
  const giveBack = (link: WorldLink, key: SharedKey, made: Credentials | CallOutcome): void => {
    key.looks -= 1;
    if (key.looks > 0) return;
    shared.delete(link.partition);
    if (!isKey(made)) return;
    left.set(link.partition, (left.get(link.partition) ?? new Set()).add(made.accessKeyId));
    // What the look has seen is told at once; the next one waits for this.
    removals.set(link.partition, removeLeft(link));
  };
  return {
    probe: async (link, timeLimitMs) => {
      const startedUs = monotonicUs();
      const elapsedMs = (): number => (monotonicUs() - startedUs) / 1_000;
      const key = take(link);
      const made = await key.made;
      const outcome = isKey(made) ? await askUntilKnown(world, link, made, timeLimitMs - elapsedMs()) : made;
      giveBack(link, key, made);
      return { ...outcome, elapsedMs: elapsedMs() };
    },
  };
}

async function askUntilKnown(
  world: Desk,
  link: WorldLink,
  user: Credentials,
  timeLimitMs: number,
): Promise<CallOutcome> {
  const endUs = monotonicUs() + timeLimitMs * 1_000;
  const leftMs = (): number => Math.max(1, (endUs - monotonicUs()) / 1_000);
  let unknown: CallOutcome | undefined;
  for (;;) {
    const call = { link, operation: 'GetCallerIdentity', user, timeLimitMs: leftMs() } as const;
    const outcome = await world.call(call);
    // The last question has no time for an answer left; what counts is the answer before.
    if (outcome.errorCode !== UNKNOWN)
      return outcome.errorCode === 'ETIMEDOUT' ? (unknown ?? outcome) : outcome;
    unknown = outcome;
    if (leftMs() <= ASK_EVERY_MS) return unknown;
    await wait(ASK_EVERY_MS, NEVER);
  }
}

function isKey(made: Credentials | CallOutcome): made is Credentials {
  return 'accessKeyId' in made;
}

/** Base64 and letters: nothing in them is ever escaped. */
function keyIn(body = ''): Credentials | undefined {
  const id = /<AccessKeyId>(\w+)<\/AccessKeyId>/.exec(body)?.[1];
  const secret = /<SecretAccessKey>([^<]+)<\/SecretAccessKey>/.exec(body)?.[1];
  return id === undefined || secret === undefined
    ? undefined
    : { accessKeyId: id, secretAccessKey: new Secret(secret) };
}
