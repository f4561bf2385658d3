import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serialize } from 'node:v8';
import { test as base, describe, expect } from 'vitest';
import { type Host, joinChild, openHost } from './hosting.ts';
import { isAlive, markOf } from './process-identity.ts';
import type { Child } from './rpc.ts';

const RPC = new URL('./rpc.ts', import.meta.url).href;

const BODY = `
  const parent = serveParent({
    double: (n) => n * 2,
    refuse: () => { throw Object.assign(new Error('port 80 is taken'), { code: 'RF-PORT-TAKEN' }); },
    big: (bytes) => bytes.map((byte) => byte + 1),
    environment: () => process.env.GIVEN,
    talk: () => { parent.tell('progress', { done: 3 }); },
    crash: () => { setTimeout(() => { throw new Error('out of luck'); }); return new Promise(() => {}); },
  });
  setInterval(() => {}, 1000);`;

const LISTEN_AND_DIE =
  "require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))";

interface Fixtures {
  readonly folder: string;
  readonly host: Host & { readonly socketPath: string };
  /** A child of the host. */
  readonly join: (env?: Record<string, string>) => Promise<Child>;
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of fixtures from this pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'regionfall-host-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  host: async ({ folder }, use) => {
    const entry = join(folder, 'child.ts');
    writeFileSync(entry, `import { serveParent } from ${JSON.stringify(RPC)};\n${BODY}\n`);
    const socketPath = join(folder, 'host.sock');
    const host = await openHost({ socketPath, name: 'helper', entry: pathToFileURL(entry) });
    await use({ ...host, socketPath });
    await host.close();
  },
  join: async ({ host }, use) => {
    const children: Child[] = [];
    await use(async (env) => {
      const child = await joinChild({
        socketPath: host.socketPath,
        name: 'helper',
        ...(env === undefined ? {} : { env }),
      });
      children.push(child);
      return child;
    });
    await Promise.all(children.map((child) => child[Symbol.asyncDispose]()));
  },
});

describe('a child that a host started', () => {
  test('answers as one of our own does, errors, news and large answers included', async ({ join }) => {
    const child = await join({ GIVEN: 'this' });
    expect(await child.call('double', 21)).toBe(42);
    expect(await child.call('environment', null)).toBe('this');
    await expect(child.call('refuse', null)).rejects.toMatchObject({
      message: 'helper: port 80 is taken',
      code: 'RF-PORT-TAKEN',
    });
    const heard = new Promise((resolve) => child.onNews('progress', resolve));
    await child.call('talk', null);
    expect(await heard).toEqual({ done: 3 });
    const bytes = new Uint8Array(1_000_000).fill(7);
    const answer = await child.call<Uint8Array>('big', bytes);
    expect([answer.length, answer[0], answer.at(-1)]).toEqual([1_000_000, 8, 8]);
  });

  test('is another for each parent', async ({ join }) => {
    const [one, other] = await Promise.all([join(), join()]);
    expect(one.pid).not.toBe(other.pid);
  });

  test('has ended when its parent has let it go', async ({ join }) => {
    const child = await join();
    const mark = markOf(child.pid);
    await child[Symbol.asyncDispose]();
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(mark !== undefined && isAlive(mark)).toBe(false);
    await expect(child.call('double', 1)).rejects.toThrow('has ended');
  });

  test('tells its last words when it dies, and ends with its host', async ({ host, join }) => {
    const dying = await join();
    await expect(dying.call('crash', null)).rejects.toThrow(/ended \(code 1\)[\s\S]*out of luck/);
    const other = await join();
    const mark = markOf(other.pid);
    await host.close();
    await other.exited;
    expect(mark !== undefined && isAlive(mark)).toBe(false);
  });

  test('can be killed by its parent', async ({ join }) => {
    const child = await join();
    child.kill();
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });
});

describe('a socket', () => {
  test('where nobody hosts is refused with what has to run there', async ({ folder }) => {
    const socketPath = join(folder, 'none.sock');
    await expect(joinChild({ socketPath, name: 'service' })).rejects.toMatchObject({
      code: 'RF-SERVICE-SOCKET',
      hint: `regionfall serve --socket ${socketPath} has to run there`,
    });
  });

  test('is not taken from a host that lives, and is from one that died', async ({ folder, host }) => {
    const entry = pathToFileURL(join(folder, 'child.ts'));
    await expect(openHost({ socketPath: host.socketPath, name: 'helper', entry })).rejects.toMatchObject({
      code: 'RF-SERVICE-SOCKET',
    });
    const socketPath = join(folder, 'dead.sock');
    spawnSync(process.execPath, ['-e', LISTEN_AND_DIE, socketPath]);
    expect(lstatSync(socketPath).isSocket()).toBe(true);
    await (await openHost({ socketPath, name: 'helper', entry })).close();
  });

  test('never takes the place of a file', async ({ folder }) => {
    const socketPath = join(folder, 'notes.txt');
    writeFileSync(socketPath, 'mine');
    const entry = pathToFileURL(join(folder, 'child.ts'));
    await expect(openHost({ socketPath, name: 'helper', entry })).rejects.toThrow('is no socket');
    expect(readFileSync(socketPath, 'utf8')).toBe('mine');
  });

  test('whose host speaks of a process that is not here is refused', async ({ folder }) => {
    const socketPath = join(folder, 'far.sock');
    const body = serialize({ started: { pid: process.pid, started: '1@elsewhere' } });
    const header = Buffer.alloc(4);
    header.writeUInt32BE(body.length);
    const server = createServer((socket) => socket.resume().end(Buffer.concat([header, body])));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    await expect(joinChild({ socketPath, name: 'service' })).rejects.toThrow('cannot be seen');
    await new Promise((resolve) => server.close(resolve));
  });
});
