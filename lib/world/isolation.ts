/**
 * The outside of a network namespace in which a program lives without a proxy: real host names lead to the links of a
 * world, over a socket in the file system, which is all that two namespaces share. The inside is isolated-program.ts.
 */

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EnvironmentError } from '../errors/regionfall-error.ts';

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

/** How often a link that refused is tried again. */
const TRY_AGAIN_MS = 100;
const INSIDE = fileURLToPath(new URL('./isolated-program.ts', import.meta.url));
const LOOPBACK = '127.0.0.1';

/**
 * @param ports Host name → port of its link on 127.0.0.1.
 * @throws EnvironmentError RF-NO-NAMESPACE where this machine does not let us.
 */
export async function openIsolation(
  ports: ReadonlyMap<string, number>,
  command: readonly string[],
): Promise<Isolation> {
  const unshare = unshareCommand();
  const folder = await mkdtemp(join(tmpdir(), 'regionfall-isolated-'));
  const socket = join(folder, 'way.sock');
  const server = await openWay(socket, ports);
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
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Root needs no namespace of users; anybody else gets one in which they are root. */
function unshareCommand(): readonly string[] {
  if (process.platform !== 'linux') throw refused('network namespaces are Linux’s own');
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
  throw refused((error?.message ?? stderr).trim().split('\n').at(-1) ?? 'unshare failed');
}

function refused(reason: string): EnvironmentError {
  return new EnvironmentError(`no network namespace can be made here: ${reason}`, {
    code: 'RF-NO-NAMESPACE',
    hint: 'run as root, or allow user namespaces; or leave --isolated out and go by the proxy',
  });
}

/** Port 443 of 127.83.0.0/16, which nobody else uses. */
function addressOf(index: number): string {
  return `127.83.${Math.floor(index / 250) + 1}.${(index % 250) + 1}`;
}

/**
 * Each connection says in its first line what it wants. `host`: to be led there; answered by `+`, and then it is, or
 * by `-`, refused. `=host`: whether it would be. `?host`: to hear `+` when that link takes connections again. `#number`: to hear how the numbered
 * connection ends, `f` in order or `r` by a reset, which a socket of this kind cannot say by itself.
 */
async function openWay(path: string, ports: ReadonlyMap<string, number>): Promise<Server> {
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
      } else if (word.startsWith('=')) tellWhether(caller, ports.get(word.slice(1)));
      else if (word.startsWith('?')) hearAgain(caller, ports.get(word.slice(1)));
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

function tellWhether(caller: Socket, port: number | undefined): void {
  if (port === undefined) {
    caller.end('-');
    return;
  }
  const link = connect({ host: LOOPBACK, port });
  // One that does not answer at all is not refused: whoever calls it shall wait as anywhere.
  const late = setTimeout(() => answer('+'), SILENT_MS);
  const answer = (word: '+' | '-'): void => {
    clearTimeout(late);
    link.destroy();
    if (!caller.writableEnded) caller.end(word);
  };
  link.once('connect', () => answer('+'));
  link.once('error', () => answer('-'));
}

/** Connects on loopback take microseconds, or are not answered. */
const SILENT_MS = 500;

function hearAgain(caller: Socket, port: number | undefined): void {
  if (port === undefined || caller.destroyed) return;
  const link = connect({ host: LOOPBACK, port });
  link.once('connect', () => {
    link.destroy();
    caller.end('+');
  });
  link.once('error', () => setTimeout(() => hearAgain(caller, port), TRY_AGAIN_MS).unref());
}
