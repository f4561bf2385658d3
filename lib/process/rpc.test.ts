import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive as isMarkAlive, markOf } from './process-identity.ts';
import { type Child, startChild } from './rpc.ts';

const RPC = new URL('./rpc.ts', import.meta.url).href;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'regionfall-rpc-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A child that runs `body` with `serveParent` at hand. */
function childOf(body: string, env: Record<string, string> = {}): Child {
  const file = join(temporaryFolder(), 'child.ts');
  writeFileSync(file, `import { serveParent } from ${JSON.stringify(RPC)};\n${body}\n`);
  const child = startChild({ name: 'helper', entry: pathToFileURL(file), env });
  onTestFinished(() => child[Symbol.asyncDispose]());
  return child;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a call to a child process', () => {
  it('brings the answer back, and the error with its code', async () => {
    const child = childOf(`serveParent({
      double: (n: number) => n * 2,
      refuse: () => { throw Object.assign(new Error('port 80 is taken'), { code: 'RF-PORT-TAKEN' }); },
    });`);
    expect(await child.call('double', 21)).toBe(42);
    await expect(child.call('refuse', null)).rejects.toMatchObject({
      message: 'helper: port 80 is taken',
      code: 'RF-PORT-TAKEN',
    });
  });

  it('fails at its deadline, naming the child and the call, when no answer comes', async () => {
    const child = childOf('serveParent({ hang: () => new Promise(() => {}) });');
    await expect(child.call('hang', null, 50)).rejects.toThrow(/^helper: no answer to hang within \d+ ms$/);
  });

  it('fails at once, with the last words of the child, when the child dies', async () => {
    const child = childOf(
      "serveParent({ crash: () => { setTimeout(() => { throw new Error('out of luck'); }); return new Promise(() => {}); } });",
    );
    await expect(child.call('crash', null)).rejects.toThrow(/ended \(code 1\)[\s\S]*out of luck/);
    await expect(child.call('crash', null)).rejects.toThrow(/has ended/);
  });

  it('fails with the reason of the end when the child died and nobody has noticed yet', async () => {
    const child = childOf('serveParent({ ping: () => 1 });');
    await child.call('ping', null);
    const mark = markOf(child.pid);
    if (mark === undefined) throw new Error('the child has no mark');
    child.kill('SIGKILL');
    // Synchronous on purpose: our own event loop must not get to hear of the end before the calls are made.
    while (isMarkAlive(mark));
    const calls = await Promise.allSettled([child.call('ping', null), child.call('ping', null)]);
    expect(calls).toMatchObject([
      { reason: { message: 'helper: ended (SIGKILL)' } },
      { reason: { message: 'helper: ended (SIGKILL)' } },
    ]);
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('takes an answer that came in time, though we were too busy to read it before the deadline', async () => {
    const marker = join(temporaryFolder(), 'answered');
    const child = childOf(`import { writeFileSync } from 'node:fs';
      serveParent({ ping: () => { setImmediate(() => setImmediate(() => writeFileSync(${JSON.stringify(marker)}, ''))); return 1; } });`);
    const answer = child.call('ping', null, 1);
    const startedMs = performance.now();
    while (!existsSync(marker) && performance.now() - startedMs < 10_000);
    expect(await answer).toBe(1);
  });

  it('is heard as news by all who listen when the child speaks first', async () => {
    const child = childOf(
      "const parent = serveParent({ go: () => { parent.tell('progress', { done: 3 }); } });",
    );
    const heard = [1, 2].map(() => new Promise((resolve) => child.onNews('progress', resolve)));
    await child.call('go', null);
    expect(await Promise.all(heard)).toEqual([{ done: 3 }, { done: 3 }]);
  });
});

describe('a child process', () => {
  it('sees nothing of the operator’s environment but the PATH', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'canary';
    onTestFinished(() => {
      delete process.env['AWS_SECRET_ACCESS_KEY'];
    });
    const child = childOf('serveParent({ names: () => Object.keys(process.env) });', { GIVEN: '1' });
    const names = (await child.call<string[]>('names', null)).filter(
      (name) => !name.startsWith('NODE_CHANNEL'),
    );
    expect(names.filter((name) => name !== 'NODE_COMPILE_CACHE').sort()).toEqual(['GIVEN', 'PATH']);
  });

  it('ends itself when its parent is gone', async () => {
    const child = childOf('serveParent({ ping: () => 1 }); setInterval(() => {}, 1000);');
    await child.call('ping', null);
    await child[Symbol.asyncDispose]();
    expect(isAlive(child.pid)).toBe(false);
  });

  it('is not ended by the signal of a Ctrl-C', async () => {
    const child = childOf('serveParent({ ping: () => 1 });');
    await child.call('ping', null);
    child.kill('SIGINT');
    expect(await child.call('ping', null)).toBe(1);
  });
});
