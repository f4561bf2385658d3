/**
 * Orders to one toxiproxy-server, through `toxiproxy-node-client`. That client waits for ever, loses the
 * server's reasons and does not say what it left behind; here every call has a deadline, and every change is
 * read back before it counts.
 */

import { setTimeout as pause } from 'node:timers/promises';
import {
  Proxy as ClientProxy,
  Toxic as ClientToxic,
  type ToxicType as ClientType,
  Toxiproxy,
} from 'toxiproxy-node-client';
import { z } from 'zod';
import { deadline } from '../process/rpc.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { LOOPBACK } from './link-ports.ts';
import type { HeldPorts } from './toxiproxy-held-ports.ts';
import { type ProxyShape, type Stream, sameShape, type Toxic } from './toxiproxy-shape.ts';
import { type ProxyStep, stepsBetween } from './toxiproxy-steps.ts';

/** An answer of Toxiproxy that came too late, or was not what was ordered. */
export class ToxiproxyFailure extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ToxiproxyFailure';
  }
}

export interface ProxyPlace {
  /** Lower-case letters, digits, `-` and `_` only: the client puts it into addresses as it is. */
  readonly name: string;
  readonly port: number;
  readonly upstreamPort: number;
}

/** A proxy as the server shows it. */
export interface SeenProxy {
  readonly name: string;
  /** `127.0.0.1:14001`. */
  readonly listen: string;
  readonly upstream: string;
  readonly shape: ProxyShape;
}

export interface ToxiproxyControl {
  version(): Promise<string>;
  /** Every proxy that the server has, ours or not. */
  proxies(): Promise<ReadonlyMap<string, SeenProxy>>;
  /** Makes a proxy of that shape and reads it back. Fails when the port is taken. */
  create(place: ProxyPlace, shape: ProxyShape): Promise<void>;
  /** Brings a proxy into that shape, from whatever it is now, and reads it back. Resolves to what it was before. */
  shape(place: ProxyPlace, shape: ProxyShape): Promise<SeenProxy>;
  /** Takes a proxy away; also one that is gone already. */
  remove(name: string): Promise<void>;
}

/** A call that takes longer has hung: its usual time is under a millisecond. */
export const CALL_DEADLINE_MS = 1_000;

/**
 * Toxiproxy 2.12 breaks down when a toxic is added to a connection that the removing of another has closed and that
 * has not gone yet. It goes within a millisecond or two, unless what it still carries is slowed down.
 */
const SETTLING_MS = 50;

/** @param url `http://127.0.0.1:8474`, without a slash at its end. */
export function createToxiproxyControl(
  url: string,
  held: HeldPorts,
  deadlineMs = CALL_DEADLINE_MS,
): ToxiproxyControl {
  const client = new Toxiproxy(url);
  const call = <Value>(what: string, promise: Promise<Value>): Promise<Value> =>
    withDeadline(what, deadlineMs, promise);
  const seen = (proxy: z.infer<typeof PROXY>): SeenProxy => ({
    name: proxy.name,
    listen: proxy.listen,
    upstream: proxy.upstream,
    shape: {
      enabled: proxy.enabled,
      held: held.has(Number(proxy.listen.slice(proxy.listen.lastIndexOf(':') + 1))),
      toxics: proxy.toxics,
    },
  });
  const ask = async <Schema extends z.ZodType>(
    what: string,
    path: string,
    schema: Schema,
  ): Promise<z.infer<Schema>> => {
    const { data } = await call(what, client.api.get<unknown>(`${url}${path}`));
    const parsed = schema.safeParse(data);
    if (!parsed.success) throw new ToxiproxyFailure(`Toxiproxy did not ${what} in a form known here`);
    return parsed.data;
  };

  /** When a toxic was last removed, by proxy. */
  const removedUs = new Map<string, number>();
  const settled = async (name: string): Promise<void> => {
    const sinceMs = (monotonicUs() - (removedUs.get(name) ?? Number.NEGATIVE_INFINITY)) / 1_000;
    if (sinceMs < SETTLING_MS) await pause(SETTLING_MS - sinceMs);
  };

  const step = async (place: ProxyPlace, wanted: ProxyStep): Promise<void> => {
    const proxy = new ClientProxy(client, { ...bodyOf(place), enabled: false, toxics: [] });
    switch (wanted.kind) {
      case 'enable':
      case 'disable':
        // All three fields: a difference in the others would restart the proxy elsewhere.
        await call(
          `${wanted.kind} ${place.name}`,
          proxy.update({ ...addressesOf(place), enabled: wanted.kind === 'enable' }),
        );
        return;
      case 'hold':
        await held.hold(place.port);
        return;
      case 'release':
        await held.release(place.port);
        return;
      default: {
        const what = `${wanted.kind} ${wanted.toxic.name} of ${place.name}`;
        const body = toxicBody(wanted.toxic);
        const toxic = new ClientToxic(client.api, proxy.getPath(), body);
        if (wanted.kind === 'add') {
          await settled(place.name);
          await call(what, proxy.addToxic(body));
        } else if (wanted.kind === 'update') await call(what, toxic.update(body));
        else {
          await call(what, toxic.remove());
          removedUs.set(place.name, monotonicUs());
        }
      }
    }
  };

  const shapeProxy = async (place: ProxyPlace, wanted: ProxyShape): Promise<SeenProxy> => {
    const look = async (): Promise<SeenProxy> =>
      seen(await ask(`show ${place.name}`, `/proxies/${place.name}`, PROXY));
    const before = await look();
    for (const next of stepsBetween(before.shape, wanted)) await step(place, next);
    if (!isAsOrdered(await look(), place, wanted)) {
      throw new ToxiproxyFailure(`Toxiproxy took an order for ${place.name} and did not carry it out`);
    }
    return before;
  };

  return {
    version: async () => {
      const text = await call('tell its version', client.getVersion());
      return VERSION.safeParse(safeJson(text)).data?.version ?? text.trim();
    },
    proxies: async () => {
      const all = await ask('list the proxies', '/proxies', PROXIES);
      return new Map(Object.values(all).map((proxy) => [proxy.name, seen(proxy)]));
    },
    create: async (place, shape) => {
      await call(`create ${place.name}`, client.createProxy({ ...bodyOf(place), enabled: false }));
      await shapeProxy(place, shape);
    },
    shape: shapeProxy,
    remove: async (name) => {
      const address = `${url}/proxies/${encodeURIComponent(name)}`;
      await call(`remove ${name}`, client.api.delete(address)).catch((error: ToxiproxyFailure) => {
        if (!error.message.endsWith('status code 404')) throw error;
      });
    },
  };
}

/** Whether a proxy stands where it was put, in the shape that was ordered. */
export function isAsOrdered(proxy: SeenProxy, place: ProxyPlace, wanted: ProxyShape): boolean {
  const { listen, upstream } = addressesOf(place);
  return proxy.listen === listen && proxy.upstream === upstream && sameShape(proxy.shape, wanted);
}

/** The promise's own outcome, or a failure that names what took too long. */
export async function withDeadline<Value>(
  what: string,
  deadlineMs: number,
  promise: Promise<Value>,
): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = deadline(deadlineMs, () =>
    reject(new ToxiproxyFailure(`Toxiproxy did not ${what} within ${deadlineMs} ms`)),
  );
  try {
    return await Promise.race([promise, late]);
  } catch (error) {
    if (error instanceof ToxiproxyFailure) throw error;
    throw new ToxiproxyFailure(`Toxiproxy would not ${what}: ${(error as Error).message}`, error);
  } finally {
    cancel();
    // The client cannot be told to give up; what its late answer says interests nobody.
    promise.catch(() => {});
  }
}

function addressesOf(place: ProxyPlace) {
  return { listen: `${LOOPBACK}:${place.port}`, upstream: `${LOOPBACK}:${place.upstreamPort}` };
}

function bodyOf(place: ProxyPlace) {
  return { name: place.name, ...addressesOf(place) };
}

/** Ours come from the tables of {@link Toxic}; a stranger's is only ever removed, by its name. */
function toxicBody({ name, type, stream, toxicity, attributes }: Toxic) {
  return {
    name: encodeURIComponent(name),
    type: type as ClientType,
    stream: stream as Stream,
    toxicity,
    attributes,
  };
}

const VERSION = z.object({ version: z.string() });

const PROXY = z.object({
  name: z.string(),
  listen: z.string(),
  upstream: z.string(),
  enabled: z.boolean(),
  toxics: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      stream: z.string(),
      toxicity: z.number(),
      attributes: z.record(z.string(), z.unknown()),
    }),
  ),
});

const PROXIES = z.record(z.string(), PROXY);

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
