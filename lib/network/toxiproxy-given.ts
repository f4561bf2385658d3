/**
 * A Toxiproxy that somebody else started and gave to us. It is used only when it is empty, what we make there carries
 * our name, and all of it is taken away again. We cannot kill or restart it: when it fails, the network is lost.
 */

import { EnvironmentError } from '../errors/regionfall-error.ts';
import { isOrphan } from '../process/owner-names.ts';
import { createToxiproxyControl, type SeenProxy, type ToxiproxyControl } from './toxiproxy-control.ts';
import { createHeldPorts, type HeldPorts } from './toxiproxy-held-ports.ts';
import type { ToxiproxyServer } from './toxiproxy-server.ts';

export interface GivenToxiproxy {
  /** A loopback address, checked already (tools/toxiproxy-url.ts). */
  readonly url: string;
  /** What the names of our proxies begin with. */
  readonly prefix: string;
  readonly held: HeldPorts;
  /** For each call. Default 1000. */
  readonly deadlineMs?: number;
}

/**
 * Takes away what dead runs of ours left, and refuses a server with anything else on it.
 *
 * @throws EnvironmentError `RF-TOXIPROXY-URL` when nothing usable answers, `RF-TOXIPROXY-DIRTY` when it is in use.
 */
export async function joinToxiproxy(given: GivenToxiproxy): Promise<ToxiproxyServer> {
  const { url, prefix } = given;
  const control = createToxiproxyControl(url, given.held, given.deadlineMs);
  const version = await answered(url, control.version());
  if (!/^(?:git|v?2\.)/.test(version)) {
    throw unusable(url, `it says its version is '${version.slice(0, 40)}'; needed is 2.7 or later`);
  }
  await answered(url, removeOrphans(control));
  const left = [...(await answered(url, control.proxies())).values()];
  if (left.length > 0) throw dirty(url, left);
  return {
    url,
    version,
    control,
    pid: undefined,
    mark: undefined,
    // Nobody tells us when it ends; it is asked twice a second.
    ended: new Promise(() => {}),
    running: () => true,
    output: () => '',
    close: async () => {
      const names = [...(await control.proxies()).keys()].filter((name) => name.startsWith(prefix));
      const results = await Promise.allSettled(names.map((name) => control.remove(name)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}

/**
 * Takes away what dead runs of ours left on a Toxiproxy that was given to them, and nothing of a living one.
 *
 * @returns Sentences for people and for the journal. None when nothing answers: then nothing is left either.
 */
export async function sweepToxiproxy(url: string): Promise<readonly string[]> {
  try {
    const names = await removeOrphans(createToxiproxyControl(url, createHeldPorts()));
    return names.length === 0
      ? []
      : [`a dead run had left ${names.length} proxies on the Toxiproxy at ${url}; this sweep removed them`];
  } catch {
    // Whoever needs it is told by joinToxiproxy what is wrong with it.
    return [];
  }
}

async function removeOrphans(control: ToxiproxyControl): Promise<readonly string[]> {
  const orphans = [...(await control.proxies()).keys()].filter(isOrphan);
  for (const name of orphans) await control.remove(name);
  return orphans;
}

async function answered<Value>(url: string, answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    throw unusable(url, (error as Error).message, error);
  }
}

function unusable(url: string, why: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError(`the Toxiproxy at ${url} cannot be used: ${why}`, {
    code: 'RF-TOXIPROXY-URL',
    hint: 'start it, or unset REGIONFALL_TOXIPROXY_URL to let Regionfall start one of its own',
    cause,
  });
}

function dirty(url: string, left: readonly SeenProxy[]): EnvironmentError {
  const toxics = left.reduce((sum, { shape }) => sum + shape.toxics.length, 0);
  const names = left.slice(0, 5).map(({ name }) => name);
  if (left.length > names.length) names.push('…');
  return new EnvironmentError(
    `the Toxiproxy at ${url} is in use: it holds ${left.length} proxies (${names.join(', ')}) and ${toxics} toxics`,
    {
      code: 'RF-TOXIPROXY-DIRTY',
      hint: 'remove them, wait for the run that uses them, or unset REGIONFALL_TOXIPROXY_URL',
    },
  );
}
