import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { isAlive, markOf } from '../process/process-identity.ts';
import { test } from '../process/sleepers.fixture.ts';
import { createRandom } from '../time/random.ts';
import { startGuardian } from './guardian-client.ts';
import { sweep } from './leftovers.ts';
import { readProcesses, writeProcesses } from './run-remains.ts';

/**
 * A conductor in a process of its own, so that it can be killed: it starts a guardian and two sleepers, one at a
 * time, has a fault in force, and says when it got how far.
 */
const CONDUCTOR = `
  import { spawn } from 'node:child_process';
  import { mkdirSync, writeFileSync } from 'node:fs';
  import { startGuardian } from ${JSON.stringify(new URL('./guardian-client.ts', import.meta.url).href)};
  const folder = process.argv[1];
  const guardian = startGuardian();
  const say = (word) => process.stdout.write(word + '\\n');
  const start = (name) => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { detached: true, stdio: 'ignore' });
    guardian.watch({ name, pid: child.pid });
    say(name + ' ' + child.pid);
  };
  say('guardian ' + guardian.pid);
  start('service');
  mkdirSync(folder);
  writeFileSync(folder + '/events.ndjson', '{"kind":"run.opened"}\\n{"kind":"load.st');
  guardian.folder(folder);
  start('network');
  guardian.fault('outage');
  say('ready 0');
  setTimeout(() => {}, 60_000);
`;

function startConductor(folder: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CONDUCTOR, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return {
    child,
    pids: () => {
      const lines = said.split('\n').slice(0, -1);
      return Object.fromEntries(lines.map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]));
    },
  };
}

/** The promise. A quiet machine needs a tenth of a second. */
const AS_PROMISED = { timeout: 5_000, interval: 10 };

describe('the guardian', () => {
  test('ends what the conductor had started when the conductor is killed, and writes it down', async ({
    outDir,
  }) => {
    const folder = join(outDir, 'run');
    const { child, pids } = startConductor(folder);
    await expect.poll(() => 'ready' in pids(), { timeout: 10_000 }).toBe(true);
    const { guardian = 0, service = 0, network = 0 } = pids();
    expect(readProcesses(folder)).toMatchObject([
      { name: 'conductor', pid: child.pid },
      { name: 'guardian', pid: guardian },
      { name: 'service', pid: service },
      { name: 'network', pid: network },
    ]);
    child.kill('SIGKILL');
    await expect
      .poll(() => [guardian, service, network].map(markOf), AS_PROMISED)
      .toEqual([undefined, undefined, undefined]);
    const lines = readFileSync(join(folder, 'events.ndjson'), 'utf8').trimEnd().split('\n');
    // The line that the conductor left unfinished is gone; every line can be read.
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { kind: 'run.opened' },
      {
        kind: 'guardian.healed',
        killed: [
          { name: 'service', pid: service },
          { name: 'network', pid: network },
        ],
        faults: ['outage'],
      },
    ]);
    expect(await sweep(outDir)).toEqual([
      `run had died in mid-run; its guardian ended service (${service}), network (${network}); fault not lifted by the run itself: outage`,
    ]);
    expect(await sweep(outDir)).toEqual([]);
  });

  test('leaves nothing behind at whatever moment the conductor dies', async ({ outDir }) => {
    const random = createRandom('moments of death');
    for (let round = 0; round < 4; round += 1) {
      const { child, pids } = startConductor(join(outDir, `run-${round}`));
      await expect.poll(() => 'guardian' in pids(), { timeout: 10_000, interval: 1 }).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, random.below(40)));
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
      const { ready, ...mine } = pids();
      await expect
        .poll(() => Object.values<number>(mine).filter((pid) => markOf(pid) !== undefined), AS_PROMISED)
        .toEqual([]);
    }
    await sweep(outDir);
    expect(await sweep(outDir)).toEqual([]);
  });

  test('does not touch a process that has the number of a watched one and another start', async ({
    sleeper,
  }) => {
    const bystander = sleeper();
    const watched = sleeper();
    const entry = new URL('./guardian.ts', import.meta.url).pathname;
    const guardian = spawn(process.execPath, [entry], { stdio: ['pipe', 'ignore', 'inherit'] });
    const watch = (pid: number, started: string) =>
      guardian.stdin.write(`${JSON.stringify({ watch: { name: 'x', pid, started } })}\n`);
    watch(bystander.pid, '1@another-boot');
    watch(watched.pid, markOf(watched.pid)?.started ?? '');
    guardian.stdin.end('{"watch":{"na');
    expect(await new Promise((resolve) => guardian.once('exit', resolve))).toBe(0);
    expect(markOf(bystander.pid)).toBeDefined();
    expect(markOf(watched.pid)).toBeUndefined();
  });

  test('goes without touching anything when the run ends in order', async ({ sleeper, outDir }) => {
    const guardian = startGuardian();
    const { pid } = sleeper();
    guardian.watch({ name: 'service', pid });
    guardian.folder(outDir);
    expect(existsSync(join(outDir, 'processes.json'))).toBe(true);
    await guardian.done();
    expect(await guardian.exited).toEqual({ expected: true });
    expect(markOf(guardian.pid)).toBeUndefined();
    expect(markOf(pid)).toBeDefined();
    expect(existsSync(join(outDir, 'processes.json'))).toBe(false);
  });

  test('that is killed itself is reported and harms no one', async ({ outDir }) => {
    const guardian = startGuardian();
    guardian.folder(outDir);
    process.kill(guardian.pid, 'SIGKILL');
    expect(await guardian.exited).toEqual({ expected: false });
    guardian.fault('outage');
    await guardian.done();
  });
});

describe('the sweep', () => {
  test('ends the processes of a run that died together with its guardian', async ({ sleeper, outDir }) => {
    const folder = join(outDir, '20261124T210000Z-region-outage');
    mkdirSync(folder);
    appendFileSync(
      join(folder, 'events.ndjson'),
      '{"kind":"fault.planned","fault":"outage"}\n{"kind":"fault.app',
    );
    const { pid } = sleeper({ detached: true });
    const mark = markOf(pid);
    if (mark === undefined) throw new Error('no mark');
    writeProcesses(folder, [
      { name: 'conductor', pid: 999_999, started: 'gone' },
      { ...mark, name: 'service' },
    ]);
    expect(await sweep(outDir)).toEqual([
      `20261124T210000Z-region-outage had died in mid-run; this sweep ended service (${pid}); fault not lifted by the run itself: outage`,
    ]);
    expect(isAlive(mark)).toBe(false);
    expect(readFileSync(join(folder, 'events.ndjson'), 'utf8')).toMatch(/"kind":"guardian.healed".*\n$/);
    expect(await sweep(outDir)).toEqual([]);
  });

  test('leaves a run alone that is under way', async ({ sleeper, outDir }) => {
    const folder = join(outDir, 'run');
    mkdirSync(folder);
    const [conductor, service] = [markOf(sleeper().pid), markOf(sleeper().pid)];
    if (conductor === undefined || service === undefined) throw new Error('no mark');
    writeProcesses(folder, [
      { ...conductor, name: 'conductor' },
      { ...service, name: 'service' },
    ]);
    expect(await sweep(outDir)).toEqual([]);
    expect(isAlive(service)).toBe(true);
  });

  test.for([
    ['empty', ''],
    ['cut', '{"schema":1,"processes":[{"na'],
    ['foreign', '{"processes":{"0":{}}}'],
  ] as const)('says so when a list of processes is %s', async ([, text], { outDir }) => {
    mkdirSync(join(outDir, 'run'));
    writeFileSync(join(outDir, 'run', 'processes.json'), text);
    expect(await sweep(outDir)).toEqual([
      'run had left a damaged list of processes; nothing could be ended by it',
    ]);
    expect(await sweep(outDir)).toEqual([]);
  });

  test('ignores entries that are no processes of ours, and complete folders', async ({ sleeper, outDir }) => {
    const { pid } = sleeper();
    for (const name of ['odd', 'complete']) mkdirSync(join(outDir, name));
    const odd = [null, 7, { name: 'x', pid: 1, started: 'x' }, { name: 'x', pid: -1, started: 'x' }, { pid }];
    writeFileSync(join(outDir, 'odd', 'processes.json'), JSON.stringify({ processes: odd }));
    writeFileSync(join(outDir, 'complete', 'processes.json'), '');
    writeFileSync(join(outDir, 'complete', 'manifest.json'), '{}');
    expect(await sweep(outDir)).toEqual(['odd had died in mid-run; its processes had ended themselves']);
    expect(markOf(pid)).toBeDefined();
  });

  test('finds nothing where there is nothing', async ({ outDir }) => {
    expect(await sweep(join(outDir, 'not-there'))).toEqual([]);
  });
});
