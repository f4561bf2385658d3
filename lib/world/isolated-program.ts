/**
 * Entry of the process inside a network namespace: host names of the world lead to listeners of its own, each of which
 * hands on to the outside; then the program is started. A name whose link refuses has no listener, so that connecting to
 * it is refused as by any machine. Its exit code is the program's.
 */

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { InsideOrder } from './isolation.ts';

const { socket, hosts, hostsFile, command } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
) as InsideOrder;

execFileSync('ip', ['link', 'set', 'lo', 'up']);
execFileSync('mount', ['--bind', hostsFile, '/etc/hosts']);

const PLUS = '+'.charCodeAt(0);
/** As shells say it. */
const NOT_STARTED = 127;

let connections = 0;

/** One listener for a name, there as long as connects to it are not refused. */
class Door {
  readonly #host: string;
  readonly #address: string;
  #server: Server | undefined;

  constructor(host: string, address: string) {
    this.#host = host;
    this.#address = address;
  }

  async set(open: boolean): Promise<void> {
    if (open === (this.#server !== undefined)) return;
    if (!open) {
      this.#server?.close();
      this.#server = undefined;
      return;
    }
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (caller) => {
      caller.on('error', () => {});
      lead(caller, this.#host);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(443, this.#address, resolve);
    });
  }
}

function lead(caller: Socket, host: string): void {
  connections += 1;
  const number = String(connections);
  let how = '';
  // Known outside before the connection that it is about.
  const ender = connect(socket, () => ender.write(`#${number}\n`));
  ender.on('error', () => {});
  ender.once('data', () => {
    ender.on('data', (told: Buffer) => {
      how = told.toString('latin1');
    });
    const way = connect({ path: socket, allowHalfOpen: true }, () => way.write(`${host} ${number}\n`));
    way.on('error', () => caller.destroy());
    way.once('data', (first: Buffer) => {
      if (first[0] !== PLUS) {
        caller.resetAndDestroy();
        way.destroy();
        ender.destroy();
        return;
      }
      if (first.length > 1) caller.write(first.subarray(1));
      caller.pipe(way);
      way.pipe(caller, { end: false });
      way.once('end', () => endAs(caller, () => how, ender));
    });
    caller.once('close', () => {
      way.destroy();
      ender.destroy();
    });
  });
}

/** How the link ended is told over another connection, which may come a moment later. */
function endAs(caller: Socket, how: () => string, ender: Socket): void {
  const end = (): void => void (how() === 'r' ? caller.resetAndDestroy() : caller.end());
  if (how() !== '') end();
  else ender.once('close', end);
}

const doors = new Map(Object.entries(hosts).map(([host, address]) => [host, new Door(host, address)]));
const begun = Promise.withResolvers<void>();
const states = connect(socket, () => states.write('*\n'));
states.once('error', begun.reject);
createInterface({ input: states }).on('line', (line) => {
  const connects = JSON.parse(line) as Readonly<Record<string, string>>;
  // What is dropped is taken and never answered: a listener cannot do less.
  Promise.all([...doors].map(([host, door]) => door.set(connects[host] !== 'refuse'))).then(
    () => begun.resolve(),
    begun.reject,
  );
});
await begun.promise;
const [program = '', ...parameters] = command;
const child = spawn(program, parameters, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.once('error', (error: NodeJS.ErrnoException) => {
  process.stderr.write(
    `'${program}' could not be started: ${error.code === 'ENOENT' ? 'there is no such program on the PATH' : error.message}\n`,
  );
  process.exit(NOT_STARTED);
});
child.once('exit', (code, signal) => {
  process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
});
