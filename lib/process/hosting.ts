/**
 * Children that are started elsewhere: in another container, by a host that stands ready there. Who connects to the
 * host's Unix socket gets a child of its own, speaks to it as to one that it started, and takes it along when it goes.
 *
 *     parent ◀── frames over the socket ──▶ host ◀── IPC ──▶ child
 *
 * Both sides have to see each other's processes (containers: one process namespace), so that whoever heals after a dead
 * parent can end the child. A frame is four bytes of length, big-endian, and a structured clone.
 */

import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import { isAlive, markOf, type ProcessMark } from './process-identity.ts';
import { type Child, type ChildChannel, type ChildExit, childOver, forkChannel } from './rpc.ts';

/** What the parent says to the host; `hello` comes first, once. */
type ToHost =
  | { readonly hello: { readonly env: Readonly<Record<string, string>> } }
  | { readonly message: unknown }
  | { readonly kill: NodeJS.Signals };

/** What the host says to the parent; `started` or `failed` comes first. */
type ToParent =
  | { readonly started: ProcessMark }
  | { readonly failed: string }
  | { readonly message: unknown }
  | { readonly stderr: string }
  | { readonly exited: ChildExit };

export interface Host {
  close(): Promise<void>;
}

export interface HostOptions {
  /** Path of the Unix socket; one that nobody listens on is replaced. Whoever may write to it may have a child. */
  readonly socketPath: string;
  readonly name: string;
  readonly entry: URL;
}

/** @throws EnvironmentError RF-SERVICE-SOCKET when the socket cannot be made, or somebody listens on it. */
export async function openHost({ socketPath, name, entry }: HostOptions): Promise<Host> {
  const found = lstatSync(socketPath, { throwIfNoEntry: false });
  if (found !== undefined) {
    if (!found.isSocket()) throw unusable(`${socketPath} is no socket`, 'name another path');
    if (await answers(socketPath)) {
      throw unusable(`another process listens on ${socketPath}`, 'end it, or give this one another path');
    }
    rmSync(socketPath);
  }
  const parents = new Set<Socket>();
  const children = new Set<Promise<unknown>>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    parents.add(socket);
    socket.once('close', () => parents.delete(socket));
    const ended = lendChild(socket, { name, entry });
    children.add(ended);
    void ended.then(() => children.delete(ended));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        unusable(
          `the socket ${socketPath} cannot be made: ${error.message}`,
          'name a path in a folder that exists and that this user may write to',
        ),
      ),
    );
    server.listen(socketPath, resolve);
  });
  // A child does what it is told: nobody but this user tells it.
  chmodSync(socketPath, 0o600);
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const parent of parents) parent.destroy();
      await Promise.all([closed, ...children]);
    },
  };
}

/** One parent and its child. Resolves when both are gone; never rejects. */
function lendChild(socket: Socket, { name, entry }: Pick<HostOptions, 'name' | 'entry'>): Promise<void> {
  const over = Promise.withResolvers<void>();
  let child: ChildChannel | undefined;
  const tell = (message: ToParent): void => {
    if (!socket.destroyed) socket.write(framed(message));
  };
  const begin = (env: Readonly<Record<string, string>>): void => {
    try {
      child = forkChannel({ name, entry, env });
    } catch (error) {
      tell({ failed: (error as Error).message });
      socket.end();
      return;
    }
    const { pid } = child;
    const started = child;
    tell({ started: markOf(pid) ?? { pid, started: '' } });
    started.onMessage((message) => tell({ message }));
    started.onStderr((text) => tell({ stderr: text }));
    void started.exited.then((exited) => {
      tell({ exited });
      socket.end();
      over.resolve();
    });
  };
  readFrames(socket, (frame) => {
    const message = frame as ToHost;
    if ('hello' in message) begin(message.hello.env);
    else if ('kill' in message) child?.kill(message.kill);
    else if (child?.connected()) child.send(message.message);
  });
  let gone = false;
  const parentGone = (): void => {
    if (gone) return;
    gone = true;
    if (child === undefined) {
      socket.end();
      over.resolve();
      return;
    }
    child.disconnect();
    const stubborn = setTimeout(() => child?.kill('SIGKILL'), STUBBORN_MS);
    void child.exited.then(() => clearTimeout(stubborn));
  };
  // A parent that only has nothing more to say still waits for the end of its child.
  socket.once('end', parentGone).once('close', parentGone);
  socket.on('error', () => {});
  return over.promise;
}

/** A child that lost its parent ends by itself; one that is stuck is not waited for. */
const STUBBORN_MS = 2_000;

export interface JoinOptions {
  readonly socketPath: string;
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A child of the host behind the socket, to be used as one of our own.
 * @throws EnvironmentError RF-SERVICE-SOCKET when nobody answers there, or its processes cannot be seen from here.
 */
export async function joinChild({ socketPath, name, env = {} }: JoinOptions): Promise<Child> {
  const socket = connect(socketPath);
  const stopWaiting = setTimeout(() => socket.destroy(new Error('no answer')), JOIN_DEADLINE_MS);
  const first = Promise.withResolvers<ProcessMark>();
  const exited = Promise.withResolvers<ChildExit>();
  const listeners: ((message: unknown) => void)[] = [];
  const stderrListeners: ((text: string) => void)[] = [];
  let stderr = '';
  let ended = false;
  const end = (exit: ChildExit): void => {
    ended = true;
    exited.resolve(exit);
  };
  readFrames(socket, (frame) => {
    const message = frame as ToParent;
    if ('started' in message) first.resolve(message.started);
    else if ('failed' in message) first.reject(new Error(message.failed));
    else if ('exited' in message) end(message.exited);
    else if ('stderr' in message) {
      stderr = (stderr + message.stderr).slice(-4_000);
      for (const listener of stderrListeners) listener(message.stderr);
    } else for (const listener of listeners) listener(message.message);
  });
  socket.on('error', first.reject);
  socket.once('close', () => {
    first.reject(new Error('the connection was closed'));
    // The host is gone, and with it the child.
    if (!ended) end({ code: null, signal: 'SIGKILL' });
  });
  socket.write(framed({ hello: { env } } satisfies ToHost));
  let mark: ProcessMark;
  try {
    mark = await first.promise;
  } catch (error) {
    socket.destroy();
    throw unusable(
      `no ${name} can be had from ${socketPath}: ${(error as Error).message}`,
      `regionfall serve --socket ${socketPath} has to run there`,
    );
  } finally {
    clearTimeout(stopWaiting);
  }
  if (!isAlive(mark)) {
    socket.destroy();
    throw unusable(
      `the ${name} behind ${socketPath} runs where its process cannot be seen`,
      'let both containers share one process namespace: pid: "service:…" in compose',
    );
  }
  return childOver(name, {
    pid: mark.pid,
    exited: exited.promise,
    connected: () => !ended && socket.writable,
    send: (message) => void socket.write(framed({ message } satisfies ToHost)),
    onMessage: (listener) => void listeners.push(listener),
    onStderr: (listener) => void stderrListeners.push(listener),
    ended: () => ended,
    stderrTail: () => stderr,
    kill: (signal) => void socket.write(framed({ kill: signal } satisfies ToHost)),
    disconnect: () => void socket.end(),
  });
}

/** A host forks a process and answers: milliseconds. */
const JOIN_DEADLINE_MS = 10_000;

function unusable(problem: string, hint: string): EnvironmentError {
  return new EnvironmentError(problem, { code: 'RF-SERVICE-SOCKET', hint });
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

const HEADER_BYTES = 4;

function framed(message: unknown): Buffer {
  const body = serialize(message);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(body.length);
  return Buffer.concat([header, body]);
}

function readFrames(socket: Socket, onFrame: (frame: unknown) => void): void {
  let held: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + held.readUInt32BE();
      if (held.length < end) return;
      onFrame(deserialize(held.subarray(HEADER_BYTES, end)));
      held = held.subarray(end);
    }
  });
}
