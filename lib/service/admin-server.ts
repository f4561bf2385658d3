/**
 * The admin API: what a person or a program outside the run may switch, over HTTP on loopback. Every call needs the
 * world's token; what a web page could send without it is refused before it is looked at.
 */

import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PartitionName } from '../aws/partitions.ts';
import { EnvironmentError, UsageError } from '../errors/regionfall-error.ts';
import type { ServiceFaultOrder } from './fault-order.ts';
import type { ServiceConfig } from './service-config.ts';
import type { ServiceControl } from './service-control.ts';

// An import of its values would load all of fetch and HTTP/2 with it, which takes as long as Node's own start.
const { createServer } = process.getBuiltinModule('node:http');

export interface AdminServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  close(): Promise<void>;
}

export interface AdminOptions {
  readonly token: string;
  readonly control: ServiceControl;
  readonly config: Pick<ServiceConfig, 'era' | 'regions' | 'accounts' | 'adminPort'>;
}

export async function openAdminServer(options: AdminOptions): Promise<AdminServer> {
  let port = 0;
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    (incoming, outgoing) => {
      const refused = refusal(incoming, port, options.token);
      if (refused !== undefined) return reply(outgoing, refused);
      readBody(incoming)
        .then((body) => route(incoming, body, options))
        .then(
          (answer) => reply(outgoing, answer),
          () => outgoing.destroy(),
        );
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? portTaken(options.config.adminPort ?? 0) : error);
    });
    server.listen(options.config.adminPort ?? 0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portTaken(port: number): EnvironmentError {
  return new EnvironmentError(`port ${port} of 127.0.0.1, asked for as the admin API's, is taken`, {
    code: 'RF-PORT-TAKEN',
    hint: `ss -ltnp 'sport = :${port}' tells by whom; without the option a free port is used`,
  });
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

function refuse(status: number, message: string, hint?: string): Reply {
  return { status, body: { error: { message, ...(hint === undefined ? {} : { hint }) } } };
}

/** Host against rebinding, Origin against other pages, the token against everyone; JSON keeps forms out. */
function refusal({ headers, method }: IncomingMessage, port: number, token: string): Reply | undefined {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!own.includes(headers.host ?? '')) return refuse(403, 'this server has another name');
  const { origin } = headers;
  if (origin !== undefined && !own.some((host) => origin === `http://${host}`)) {
    return refuse(403, 'pages of other origins may not call');
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return refuse(403, 'pages of other sites may not call');
  }
  if (!sameToken(headers.authorization ?? '', `Bearer ${token}`)) {
    return refuse(401, 'the admin token is missing or wrong', 'send Authorization: Bearer TOKEN');
  }
  if (method === 'PUT' && !/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    return refuse(415, 'the body must be application/json');
  }
  return undefined;
}

/** Hashed first: then both sides have one length, and nothing tells how much of a guess was right. */
function sameToken(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'));
}

/** Loaded with the first order: its schema library takes as long as Node's own start. */
const orders = () => import('./admin-orders.ts');

async function route(
  incoming: IncomingMessage,
  body: string,
  { control, config }: AdminOptions,
): Promise<Reply> {
  const { method = '' } = incoming;
  const [version, kind, ...rest] = (incoming.url ?? '').split('?')[0]?.slice(1).split('/').map(decoded) ?? [];
  if (version !== 'v1') return refuse(404, 'the admin API begins with /v1/');
  try {
    if (method === 'GET' && kind === 'state' && rest.length === 0)
      return { status: 200, body: state(config, control) };
    const [name = '', regions, region] = rest;
    if (
      method === 'PUT' &&
      kind === 'accounts' &&
      regions === 'regions' &&
      region !== undefined &&
      rest.length === 3
    ) {
      const { active } = (await orders()).readSwitch(body);
      control.setRegionSwitch({ account: name, region, active });
      return { status: 200, body: control.regionSwitches({ account: name }) };
    }
    if (method === 'PUT' && kind === 'control-plane' && rest.length === 1) {
      if (!Object.hasOwn(control.controlPlanes(), name)) {
        return refuse(404, `this world has no account in a partition '${name}'`);
      }
      const { up } = (await orders()).readControlPlane(body);
      control.setControlPlane({ partition: name as PartitionName, up });
      return { status: 200, body: control.controlPlanes() };
    }
    if (kind === 'faults' && name !== '' && rest.length === 1) {
      if (method === 'PUT') {
        const order = (await orders()).readFault(name, body);
        control.setFault(order);
        return { status: 200, body: shown(order) };
      }
      if (method === 'DELETE') return { status: 200, body: control.clearFault({ id: name }) };
    }
    return refuse(404, `there is no ${method} ${incoming.url}`);
  } catch (error) {
    if (error instanceof UsageError) return refuse(409, error.message, error.hint);
    if (error instanceof RangeError) return refuse(400, error.message);
    if (error instanceof SyntaxError) return refuse(400, 'the body is not JSON');
    throw error;
  }
}

/** The order as it was understood; never a certificate's key. */
function shown(order: ServiceFaultOrder): unknown {
  if (order.kind !== 'certificate') return order;
  const { certificates: _, ...rest } = order;
  return rest;
}

/** Never a secret: account ids, names and switches only. */
function state(config: AdminOptions['config'], control: ServiceControl): unknown {
  const { faults, disabledRegions } = control.observe();
  return {
    era: config.era,
    regions: config.regions,
    replicaDelaysMs: control.replicaDelaysMs(),
    controlPlanes: control.controlPlanes(),
    faults,
    accounts: config.accounts.map(({ id, partition, users, roles }) => ({
      id,
      partition,
      users: users.map(({ name, arn, attachedPolicies = [] }) => ({ name, arn, attachedPolicies })),
      roles: roles.map(({ arn }) => arn),
      disabledRegions: disabledRegions[id] ?? [],
    })),
  };
}

function reply(outgoing: ServerResponse, { status, body }: Reply): void {
  outgoing.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  outgoing.end(`${JSON.stringify(body)}\n`);
}

const MAXIMUM_BODY_BYTES = 65_536;

/** Rejects when the client goes away or says too much. */
async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAXIMUM_BODY_BYTES) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A malformed escape names nothing that exists.
    return segment;
  }
}
