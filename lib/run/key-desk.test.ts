import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../world/prober.ts';
import type { CallOptions, ControlPlaneCallOptions } from '../world/world-calls.ts';
import { createKeyDesk } from './key-desk.ts';

const link = { id: 'a->b', location: 'a', partition: 'aws' } as CallOptions['link'];
const no = (errorCode: string): CallOutcome => ({ observed: 'error', status: 403, errorCode, elapsedMs: 1 });
const ok = (body = ''): CallOutcome => ({ observed: 'ok', status: 200, errorCode: '', elapsedMs: 1, body });

/** @param answers What the Region says, in order; the last one for ever. */
function desk(answers: readonly CallOutcome[], takes: (action: string) => boolean = () => true) {
  const orders: string[] = [];
  const living = new Set<string>();
  let made = 0;
  const world = {
    controlPlaneLink: () => link,
    callControlPlane: async ({ user, action, parameters }: ControlPlaneCallOptions) => {
      const id = parameters?.['AccessKeyId'] ?? `KEY${made + 1}`;
      orders.push(`${user} ${action} ${parameters?.['UserName']} ${id}`);
      if (!takes(action)) return no('ServiceUnavailable');
      if (action === 'DeleteAccessKey') return living.delete(id) ? ok() : no('NoSuchEntity');
      made += 1;
      living.add(id);
      return ok(`<AccessKeyId>${id}</AccessKeyId><SecretAccessKey>a/b+c</SecretAccessKey>`);
    },
    call: async ({ user }: CallOptions) => {
      expect(user).toMatchObject({ accessKeyId: `KEY${made}` });
      return answers.at(asked++) ?? answers.at(-1) ?? ok();
    },
  };
  let asked = 0;
  return { keys: createKeyDesk(world, { administrator: 'admin', user: 'app' }), orders, living };
}

describe('a look whether news arrive', () => {
  it('asks with a new key until the Region knows it, and has the key deleted', async () => {
    const { keys, orders, living } = desk([no('InvalidClientTokenId'), no('InvalidClientTokenId'), ok()]);
    expect(await keys.probe(link, 60_000)).toMatchObject({ observed: 'ok' });
    await expect.poll(() => living.size).toBe(0);
    expect(orders).toEqual(['admin CreateAccessKey app KEY1', 'admin DeleteAccessKey app KEY1']);
  });

  it('tells that the key never arrived, also where the last question went unanswered', async () => {
    const silent: CallOutcome = { observed: 'silent', status: 0, errorCode: 'ETIMEDOUT', elapsedMs: 1 };
    const { keys } = desk([no('InvalidClientTokenId'), silent]);
    expect(await keys.probe(link, 60_000)).toMatchObject({
      observed: 'error',
      errorCode: 'InvalidClientTokenId',
    });
    expect(await desk([no('InvalidClientTokenId')]).keys.probe(link, 60)).toMatchObject({
      errorCode: 'InvalidClientTokenId',
    });
    expect(await desk([silent]).keys.probe(link, 60_000)).toMatchObject({ observed: 'silent' });
  });

  it('shares its key with the looks beside it', async () => {
    const { keys, orders, living } = desk([ok()]);
    await Promise.all([1, 2, 3, 4].map(() => keys.probe(link, 60_000)));
    await expect.poll(() => living.size).toBe(0);
    expect(orders).toHaveLength(2);
  });

  it('has a key deleted later that could not be deleted when its time had come', async () => {
    let up = false;
    const { keys, orders, living } = desk([ok()], (action) => up || action === 'CreateAccessKey');
    await keys.probe(link, 60_000);
    await expect.poll(() => orders.length).toBe(2);
    expect([...living]).toEqual(['KEY1']);
    up = true;
    await keys.probe(link, 60_000);
    await expect.poll(() => living.size).toBe(0);
  });

  it('tells what the control plane said to the wish for a key', async () => {
    const { keys } = desk([ok()], () => false);
    expect(await keys.probe(link, 60_000)).toMatchObject({ errorCode: 'ServiceUnavailable' });
  });
});
