/**
 * The outside of a network namespace in which a program lives without a proxy: real host names lead to the links of a
 * world, over a socket in the file system, which is all that two namespaces share. The inside is isolated-program.ts.
 */

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import { WATCH_PATH } from '../network/edge.ts';
import { entryUrl } from '../process/entry.ts';

export interface Isolation extends AsyncDisposable {
  /** The program and its arguments, as they are started inside. */
  readonly command: readonly string[];
}

/** What the inside is told, as JSON in a file. */
export interface InsideOrder {
  /** Socket that leads outside. */
  readonly socket: string;
  /** Host name → loopback address of its own, inside. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Put in place of /etc/hosts, inside. */
  readonly hostsFile: string;
  readonly command: readonly string[];
}

const INSIDE = fileURLToPath(entryUrl('./isolated-program.ts', import.meta.url));
const LOOPBACK = '127.0.0.1';

export interface IsolationOptions {
  /** Host name → port of its link on 127.0.0.1. */
  readonly ports: ReadonlyMap<string, number>;
  /** URL of the edge of the same location, which tells what connects meet. */
  readonly edge: string;
  readonly command: readonly string[];
}

/** @throws EnvironmentError RF-NO-NAMESPACE where this machine does not let us. */
export async function openIsolation({ ports, edge, command }: IsolationOptions): Promise<Isolation> {
  const unshare = unshareCommand();
  const folder = await mkdtemp(join(tmpdir(), 'regionfall-isolated-'));
  const socket = join(folder, 'way.sock');
  const states = await watchEdge(edge);
  const server = await openWay(socket, ports, states);
  const hosts = Object.fromEntries([...ports.keys()].map((host, index) => [host, addressOf(index)]));
  const hostsFile = join(folder, 'hosts');
  const lines = [
    '127.0.0.1 localhost',
    ...Object.entries(hosts).map(([host, address]) => `${address} ${host}`),
  ];
  await writeFile(hostsFile, `${lines.join('\n')}\n`);
  const order = join(folder, 'order.json');
  const inside: InsideOrder = { socket, hosts, hostsFile, command };
  await writeFile(order, JSON.stringify(inside), { mode: 0o600 });
  return {
    command: [...unshare, process.execPath, '--disable-warning=ExperimentalWarning', INSIDE, order],
    [Symbol.asyncDispose]: async () => {
      states.close();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Why this machine makes no namespace for us, as a sentence; undefined when it does. */
export function refusalOfNamespaces(): string | undefined {
  const made = namespaceCommand();
  return typeof made === 'string' ? made : undefined;
}

function unshareCommand(): readonly string[] {
  const made = namespaceCommand();
  if (typeof made !== 'string') return made;
  throw new EnvironmentError(`no network namespace can be made here: ${made}`, {
    code: 'RF-NO-NAMESPACE',
    hint: 'run as root, or allow user namespaces; or leave --isolated out and go by the proxy',
  });
}

/** Root needs no namespace of users; anybody else gets one in which they are root. A sentence where there is none. */
function namespaceCommand(): readonly string[] | string {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s own';
  const users = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const command = ['unshare', ...users, '--net', '--mount'];
  const [program = '', ...parameters] = [
    ...command,
    'sh',
    '-c',
    'ip link set lo up && mount --bind /etc/hosts /etc/hosts',
  ];
  const { status, stderr, error } = spawnSync(program, parameters, { encoding: 'utf8', timeout: 10_000 });
  if (status === 0) return command;
  return (error?.message ?? stderr).trim().split('\n').at(-1) ?? 'unshare failed';
}

/** Port 443 of 127.83.0.0/16, which nobody else uses. */
function addressOf(index: number): string {
  return `127.83.${Math.floor(index / 250) + 1}.${(index % 250) + 1}`;
}

/** What connects to each host meet, from now on. */
interface States {
  /** Tells the last known state at once and every later one, a line of JSON each. */
  tell(listener: Socket): void;
  close(): void;
}

async function watchEdge(edge: string): Promise<States> {
  const listeners = new Set<Socket>();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${edge}${WATCH_PATH}`, resolve).once('error', reject);
  });
  let last = '';
  const first = Promise.withResolvers<void>();
  createInterface({ input: answer }).on('line', (line) => {
    last = `${line}\n`;
    first.resolve();
    for (const listener of listeners) listener.write(last);
  });
  answer.on('error', () => {});
  await first.promise;
  return {
    tell: (listener) => {
      listeners.add(listener);
      listener.once('close', () => listeners.delete(listener));
      listener.write(last);
    },
    close: () => answer.destroy(),
  };
}

/**
 * Each connection says in its first line what it wants. `host number`: to be led there; answered by `+`, and then it is,
 * or by `-`. `#number`: to hear how that connection ends, `f` in order or `r` by a reset, which a socket of this kind
 * cannot say by itself. `*`: to hear what connects meet.
 */
async function openWay(path: string, ports: ReadonlyMap<string, number>, states: States): Promise<Server> {
  const enders = new Map<string, Socket>();
  const server = createServer({ allowHalfOpen: true }, (caller) => {
    caller.on('error', () => caller.destroy());
    caller.once('data', (first: Buffer) => {
      const end = first.indexOf(0x0a);
      const [word = '', number = ''] = first.subarray(0, end).toString('latin1').split(' ');
      const rest = first.subarray(end + 1);
      if (word.startsWith('#')) {
        enders.set(word.slice(1), caller);
        caller.write('+');
      } else if (word === '*') states.tell(caller);
      else lead(caller, ports.get(word), rest, (how) => enders.get(number)?.end(how));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return server;
}

function lead(caller: Socket, port: number | undefined, rest: Buffer, ended: (how: 'f' | 'r') => void): void {
  if (port === undefined) {
    caller.end('-');
    return;
  }
  caller.pause();
  const link = connect({ host: LOOPBACK, port, allowHalfOpen: true, noDelay: true });
  let through = false;
  link.once('connect', () => {
    through = true;
    caller.write('+');
    if (rest.length > 0) link.write(rest);
    caller.pipe(link);
    link.pipe(caller, { end: false });
  });
  link.once('end', () => {
    ended('f');
    caller.end();
  });
  link.on('error', () => {
    if (through) {
      ended('r');
      caller.destroy();
    } else caller.end('-');
  });
  caller.once('close', () => link.destroy());
}
