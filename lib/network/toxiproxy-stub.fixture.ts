/**
 * A stand-in for the API of Toxiproxy that keeps proxies and toxics as it does, carries no traffic, and misbehaves as
 * it is told: it never answers, answers late, or says yes and does nothing.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createToxiproxyControl } from './toxiproxy-control.ts';
import type { HeldPorts } from './toxiproxy-held-ports.ts';
import type { ToxiproxyServer } from './toxiproxy-server.ts';
import type { Toxic } from './toxiproxy-shape.ts';

export interface StubProxy {
  name: string;
  listen: string;
  upstream: string;
  enabled: boolean;
  toxics: Toxic[];
}

/** `deaf`: no answer, ever; `late`: one and a half seconds later; `lies`: says yes and does nothing. */
export type Misdeed = 'deaf' | 'late' | 'lies' | undefined;

export interface StubToxiproxy {
  readonly url: string;
  readonly proxies: Map<string, StubProxy>;
  /** `DELETE /proxies/a/toxics/b`, in the order they came. */
  readonly requests: readonly string[];
  /** From now on; the request is told as in {@link StubToxiproxy.requests}. */
  misbehave(rule: (request: string) => Misdeed): void;
  /** This stub as if it were a child of ours of that process id. */
  asChild(pid: number, held: HeldPorts, deadlineMs: number): ToxiproxyServer;
  [Symbol.asyncDispose](): Promise<void>;
}

const LATE_MS = 1_500;

export async function openStubToxiproxy(): Promise<StubToxiproxy> {
  const proxies = new Map<string, StubProxy>();
  const requests: string[] = [];
  let rule: (request: string) => Misdeed = () => undefined;
  const server = createServer(async (request, response) => {
    const told = `${request.method} ${request.url}`;
    requests.push(told);
    const misdeed = rule(told);
    if (misdeed === 'deaf') return;
    const body: unknown = JSON.parse((await text(request)) || '{}');
    const [status, answer] = misdeed === 'lies' ? [200, body] : answerTo(proxies, request, body);
    const send = (): void => {
      response.writeHead(status).end(answer === undefined ? '' : JSON.stringify(answer));
    };
    if (misdeed === 'late') setTimeout(send, LATE_MS).unref();
    else send();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  return {
    url,
    proxies,
    requests,
    misbehave: (next) => {
      rule = next;
    },
    asChild: (pid, held, deadlineMs) => ({
      url,
      version: '2.12.0',
      control: createToxiproxyControl(url, held, deadlineMs),
      pid,
      mark: undefined,
      ended: once(server, 'close').then(() => {}),
      running: () => server.listening,
      output: () => '',
      close,
    }),
    [Symbol.asyncDispose]: close,
  };
}

function answerTo(
  proxies: Map<string, StubProxy>,
  { method, url = '' }: IncomingMessage,
  body: unknown,
): readonly [status: number, answer?: unknown] {
  const [first, proxyName = '', , toxicName] = url.split('/').slice(1).map(decodeURIComponent);
  if (first === 'version') return [200, { version: '2.12.0' }];
  if (proxyName === '') {
    if (method === 'GET') return [200, Object.fromEntries(proxies)];
    const proxy = { ...(body as StubProxy), toxics: [] };
    if (proxies.has(proxy.name)) return [409, { error: 'proxy already exists' }];
    proxies.set(proxy.name, proxy);
    return [201, proxy];
  }
  const proxy = proxies.get(proxyName);
  if (proxy === undefined) return [404, { error: 'proxy not found' }];
  if (url.endsWith('/toxics')) {
    const toxic = body as Toxic;
    if (proxy.toxics.some(({ name }) => name === toxic.name)) return [409, { error: 'toxic already exists' }];
    proxy.toxics.push(toxic);
    return [200, toxic];
  }
  if (toxicName !== undefined) {
    const at = proxy.toxics.findIndex(({ name }) => name === toxicName);
    const toxic = proxy.toxics[at];
    if (toxic === undefined) return [404, { error: 'toxic not found' }];
    if (method === 'DELETE') {
      proxy.toxics.splice(at, 1);
      return [204];
    }
    proxy.toxics[at] = { ...toxic, ...(body as Pick<Toxic, 'toxicity' | 'attributes'>) };
    return [200, proxy.toxics[at]];
  }
  if (method === 'DELETE') {
    proxies.delete(proxyName);
    return [204];
  }
  if (method !== 'GET') Object.assign(proxy, body);
  return [200, proxy];
}
