/**
 * Calls between the processes of a run: a parent asks, a child answers, over Node's own IPC channel.
 * Every call has a deadline, so a hung child is an error that names it and never a hang of ours.
 * A child whose channel closes has lost its parent and ends itself: nothing of ours outlives the run.
 */

import { fork } from 'node:child_process';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import { monotonicUs } from '../time/monotonic.ts';

/** What a child can do: plain data in, plain data out. */
export type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

interface CallMessage {
  readonly call: number;
  readonly method: string;
  readonly argument: unknown;
}

interface ReplyMessage {
  readonly reply: number;
  readonly value?: unknown;
  readonly error?: ErrorText;
}

/** What survives of an error on its way to the parent. */
interface ErrorText {
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
}

interface NewsMessage {
  readonly news: string;
  readonly value: unknown;
}

type Message = CallMessage | ReplyMessage | NewsMessage;

/** The child ended, or did not answer in time. */
export class ProcessError extends Error {
  readonly process: string;
  readonly code: string | undefined;
  readonly hint: string | undefined;

  constructor(process: string, message: string, { code, hint }: Omit<ErrorText, 'message'> = {}) {
    super(`${process}: ${message}`);
    this.name = 'ProcessError';
    this.process = process;
    this.code = code;
    this.hint = hint;
  }
}

/** In the child: answers calls until the parent goes away, then runs `onOrphaned` and exits. */
export function serveParent(
  handlers: Handlers,
  onOrphaned: () => void = () => {},
): {
  /** Tells the parent something that it did not ask for. */
  readonly tell: (news: string, value: unknown) => void;
} {
  if (process.send === undefined) throw new Error('this file is the entry of a child process of Regionfall');
  const send = (message: Message): void => {
    if (process.connected) process.send?.(message, undefined, {}, () => {});
  };
  process.on('message', async (message: CallMessage) => {
    try {
      const handler = handlers[message.method];
      if (handler === undefined) throw new Error(`no such call: ${message.method}`);
      send({ reply: message.call, value: await handler(message.argument as never) });
    } catch (error) {
      const { message: text, code, hint } = error as ErrorText;
      send({
        reply: message.call,
        error: {
          message: text,
          ...(code === undefined ? {} : { code }),
          ...(hint === undefined ? {} : { hint }),
        },
      });
    }
  });
  process.on('disconnect', () => {
    onOrphaned();
    process.exit(0);
  });
  // A Ctrl-C at the terminal reaches the whole group; only the conductor decides what it means.
  process.on('SIGINT', () => {});
  return { tell: (news, value) => send({ news, value }) };
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the child has ended, however it ended. */
  readonly exited: Promise<ChildExit>;
  call<Result>(method: string, argument: unknown, deadlineMs?: number): Promise<Result>;
  onNews(news: string, listener: (value: never) => void): void;
  ended(): boolean;
  /** Last lines the child wrote to stderr, for error messages. */
  stderrTail(): string;
  kill(signal?: NodeJS.Signals): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ChildOptions {
  readonly name: string;
  /** Absolute path of the entry file. */
  readonly entry: URL;
  /** Explicit, never the parent's own: no credential of the operator reaches a child. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The way to a child, wherever it was started. */
export interface ChildChannel {
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  /** Whether it can still be spoken to. */
  connected(): boolean;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** What it writes there, as it comes. */
  onStderr(listener: (text: string) => void): void;
  ended(): boolean;
  stderrTail(): string;
  kill(signal: NodeJS.Signals): void;
  /** Tells the child that its parent is gone; it ends itself then. */
  disconnect(): void;
}

const DEFAULT_DEADLINE_MS = 10_000;
const STDERR_TAIL = 4_000;

/** Starts a child in a session of its own, so that signals meant for the conductor do not reach it. */
export function startChild(options: ChildOptions): Child {
  return childOver(options.name, forkChannel(options));
}

/** @throws EnvironmentError RF-NO-PROCESS. */
export function forkChannel({ name, entry, env }: ChildOptions): ChildChannel {
  const child = fork(entry, [], {
    detached: true,
    env: { ...inheritedEnvironment(), ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // What could not be sent or signalled went to a child that has ended: its exit tells more, and tells it to every call.
  child.on('error', () => {});
  const pid = child.pid;
  if (pid === undefined) throw notStarted(name);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL);
  });
  return {
    pid,
    exited: new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    }),
    connected: () => child.connected,
    send: (message) => void child.send(message as Message),
    onMessage: (listener) => void child.on('message', listener),
    onStderr: (listener) => void child.stderr?.on('data', listener),
    ended: () => child.exitCode !== null || child.signalCode !== null,
    stderrTail: () => stderr,
    kill: (signal) => void child.kill(signal),
    disconnect: () => {
      if (child.connected) child.disconnect();
    },
  };
}

/** Calls and news over a channel. */
export function childOver(name: string, channel: ChildChannel): Child {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, ((value: never) => void)[]>();
  let calls = 0;
  channel.onMessage((received) => {
    const message = received as ReplyMessage | NewsMessage;
    if ('news' in message) {
      for (const listener of listeners.get(message.news) ?? []) listener(message.value as never);
      return;
    }
    const call = waiting.get(message.reply);
    waiting.delete(message.reply);
    if (message.error !== undefined) {
      call?.reject(new ProcessError(name, message.error.message, message.error));
    } else call?.resolve(message.value as never);
  });
  const exited = channel.exited.then((exit) => {
    const { code, signal } = exit;
    for (const call of waiting.values()) {
      call.reject(
        new ProcessError(name, `ended (${signal ?? `code ${code}`}) ${channel.stderrTail()}`.trim()),
      );
    }
    waiting.clear();
    return exit;
  });
  return {
    name,
    pid: channel.pid,
    exited,
    call: (method, argument, deadlineMs = DEFAULT_DEADLINE_MS) => {
      calls += 1;
      const call = calls;
      const startedUs = monotonicUs();
      return new Promise((resolve, reject) => {
        if (!channel.connected()) {
          reject(new ProcessError(name, `has ended ${channel.stderrTail()}`.trim()));
          return;
        }
        const cancelDeadline = deadline(deadlineMs, () => {
          waiting.delete(call);
          const elapsedMs = Math.round((monotonicUs() - startedUs) / 1_000);
          reject(new ProcessError(name, `no answer to ${method} within ${elapsedMs} ms`));
        });
        const settle =
          <Value>(done: (value: Value) => void) =>
          (value: Value): void => {
            cancelDeadline();
            done(value);
          };
        waiting.set(call, { resolve: settle(resolve), reject: settle(reject) });
        channel.send({ call, method, argument } satisfies CallMessage);
      });
    },
    onNews: (news, listener) => {
      listeners.set(news, [...(listeners.get(news) ?? []), listener]);
    },
    ended: channel.ended,
    stderrTail: () => channel.stderrTail().trim(),
    kill: (signal = 'SIGKILL') => channel.kill(signal),
    [Symbol.asyncDispose]: async () => {
      channel.disconnect();
      const stubborn = setTimeout(() => channel.kill('SIGKILL'), 2_000);
      await exited;
      clearTimeout(stubborn);
    },
  };
}

/**
 * Calls back after `ms`, and only when what has arrived by then has been read: a process that was itself stopped or
 * starved must not accuse another of the silence.
 */
export function deadline(ms: number, late: () => void): () => void {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    turn = setImmediate(late);
  }, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}

/** The machine gives us no more processes, or no more pipes to talk to them. */
export function notStarted(name: string): EnvironmentError {
  return new EnvironmentError(`the ${name} process could not be started`, {
    code: 'RF-NO-PROCESS',
    hint: '`ulimit -n` and `ulimit -u` tell how many files and processes there may be',
  });
}

/** What a child needs to find programs and to start as fast as we did; nothing else of the operator's. */
function inheritedEnvironment(): Record<string, string> {
  const entries = ['PATH', 'NODE_COMPILE_CACHE'].map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  );
}
