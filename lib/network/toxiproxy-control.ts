/**
 * Orders to one toxiproxy-server, through `toxiproxy-node-client`. That client waits for ever, loses the
 * server's reasons and does not say what it left behind; here every call has a deadline, and every change is
 * read back before it counts.
 */

import { type Proxy as ClientProxy, Toxiproxy } from 'toxiproxy-node-client';
import { z } from 'zod';
import { LOOPBACK } from './link-ports.ts';
import {
  latencyToxic,
  type ProxyShape,
  type ProxyStep,
  type Stream,
  sameShape,
  silenceToxic,
  stepsBetween,
} from './toxiproxy-shape.ts';

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

export interface ToxiproxyControl {
  version(): Promise<string>;
  /** Every proxy that the server has, ours or not. */
  proxies(): Promise<ReadonlyMap<string, SeenProxy>>;
  /** Makes a proxy of that shape and reads it back. Fails when the port is taken. */
  create(place: ProxyPlace, shape: ProxyShape): Promise<void>;
  /** Brings a proxy into that shape, from whatever it is now, and reads it back. */
  shape(place: ProxyPlace, shape: ProxyShape): Promise<void>;
}

export interface SeenProxy extends ProxyPlace {
  /** Undefined when it has toxics that are not ours. */
  readonly shape: ProxyShape | undefined;
}

/** A call that takes longer has hung: its usual time is under a millisecond. */
export const CALL_DEADLINE_MS = 1_000;

export function createToxiproxyControl(apiPort: number, deadlineMs = CALL_DEADLINE_MS): ToxiproxyControl {
  const address = `http://${LOOPBACK}:${apiPort}`;
  const client = new Toxiproxy(address);
  const call = <Value>(what: string, promise: Promise<Value>): Promise<Value> =>
    withDeadline(what, deadlineMs, promise);

  const see = async (): Promise<ReadonlyMap<string, SeenProxy>> => {
    const answer = await call('list the proxies', client.api.get<unknown>(`${address}/proxies`));
    const parsed = PROXIES.safeParse(answer.data);
    if (!parsed.success) throw new ToxiproxyFailure('Toxiproxy lists its proxies in a form not known here');
    return new Map(Object.values(parsed.data).map((proxy) => [proxy.name, seen(proxy)]));
  };

  const step = async (proxy: ClientProxy, place: ProxyPlace, wanted: ProxyStep): Promise<void> => {
    const what = `${wanted.kind} ${place.name}`;
    switch (wanted.kind) {
      case 'enable':
      case 'disable':
        // All three fields: a difference in the others would restart the proxy elsewhere.
        await call(what, proxy.update({ ...addresses(place), enabled: wanted.kind === 'enable' }));
        return;
      case 'latency': {
        const toxic = await call(what, proxy.getToxic<Latency>(latencyToxic(wanted.stream)));
        await call(what, toxic.update({ ...latencyBody(wanted.stream, wanted.latencyMs) }));
        return;
      }
      case 'silence':
        await call(
          what,
          proxy.addToxic({
            name: silenceToxic(wanted.stream),
            type: 'timeout',
            stream: wanted.stream,
            toxicity: 1,
            attributes: { timeout: 0 },
          }),
        );
        return;
      case 'unsilence': {
        const toxic = await call(what, proxy.getToxic(silenceToxic(wanted.stream)));
        await call(what, toxic.remove());
        return;
      }
      default:
        wanted satisfies never;
    }
  };

  const shapeProxy = async (place: ProxyPlace, wanted: ProxyShape): Promise<void> => {
    const now = (await see()).get(place.name)?.shape;
    if (now === undefined) throw new ToxiproxyFailure(`Toxiproxy has no proxy ${place.name} of our making`);
    const proxy = await call(`find ${place.name}`, client.get(place.name));
    for (const next of stepsBetween(now, wanted)) await step(proxy, place, next);
    const then = (await see()).get(place.name);
    if (then?.shape === undefined || !sameShape(then.shape, wanted) || then.port !== place.port) {
      throw new ToxiproxyFailure(`Toxiproxy took an order for ${place.name} and did not carry it out`);
    }
  };

  return {
    version: async () => {
      const text = await call('tell its version', client.getVersion());
      return VERSION.safeParse(safeJson(text)).data?.version ?? text.trim();
    },
    proxies: see,
    create: async (place, shape) => {
      const body = { name: place.name, ...addresses(place), enabled: false };
      const proxy = await call(`create ${place.name}`, client.createProxy(body));
      for (const stream of ['upstream', 'downstream'] as const) {
        await call(`create ${place.name}`, proxy.addToxic(latencyBody(stream, 0)));
      }
      await shapeProxy(place, shape);
    },
    shape: shapeProxy,
  };
}

/** The promise's own outcome, or a failure that names what took too long. */
export async function withDeadline<Value>(
  what: string,
  deadlineMs: number,
  promise: Promise<Value>,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ToxiproxyFailure(`Toxiproxy did not ${what} within ${deadlineMs} ms`)),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } catch (error) {
    if (error instanceof ToxiproxyFailure) throw error;
    throw new ToxiproxyFailure(`Toxiproxy would not ${what}: ${(error as Error).message}`, error);
  } finally {
    clearTimeout(timer);
    // The client cannot be told to give up; what its late answer says interests nobody.
    promise.catch(() => {});
  }
}

interface Latency {
  readonly latency: number;
  readonly jitter: number;
}

function latencyBody(stream: Stream, latencyMs: number) {
  const attributes: Latency = { latency: latencyMs, jitter: 0 };
  return { name: latencyToxic(stream), type: 'latency', stream, toxicity: 1, attributes } as const;
}

function addresses(place: ProxyPlace) {
  return { listen: `${LOOPBACK}:${place.port}`, upstream: `${LOOPBACK}:${place.upstreamPort}` };
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

function seen(proxy: z.infer<typeof PROXY>): SeenProxy {
  const place = { name: proxy.name, port: portOf(proxy.listen), upstreamPort: portOf(proxy.upstream) };
  const toxics = new Map(proxy.toxics.map((toxic) => [toxic.name, toxic]));
  const latencyMs = (stream: Stream): number | undefined => {
    const toxic = toxics.get(latencyToxic(stream));
    if (toxic?.type !== 'latency' || toxic.stream !== stream || toxic.toxicity !== 1) return undefined;
    const { latency, jitter } = toxic.attributes;
    return typeof latency === 'number' && jitter === 0 ? latency : undefined;
  };
  const upstreamMs = latencyMs('upstream');
  const downstreamMs = latencyMs('downstream');
  const silences = proxy.toxics.filter(
    ({ name, type, stream }) => type === 'timeout' && name === `silence_${stream}`,
  ).length;
  const ours = upstreamMs !== undefined && downstreamMs !== undefined && proxy.toxics.length === 2 + silences;
  if (!ours || silences === 1) return { ...place, shape: undefined };
  return { ...place, shape: { enabled: proxy.enabled, upstreamMs, downstreamMs, silent: silences === 2 } };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
