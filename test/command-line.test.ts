/** The command line from outside: what it prints where, how it exits, and that it leaves nothing behind. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readEvents } from '../lib/journal/reader.ts';
import { RUN_FILES } from '../lib/journal/run-folder.ts';
import { familyOf, isAlive } from './processes.ts';
import { saturated, scenarioFile, shortOutage, temporaryFolder } from './story.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/regionfall', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

function regionfall(parameters: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, [LAUNCHER, ...parameters], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

describe('regionfall run', () => {
  it('prints one object with --json, whose counts add up, and exits 0', { timeout: 60_000 }, async () => {
    const out = temporaryFolder();
    const run = ['run', scenarioFile(shortOutage()), '--out', out, '--json'];
    let { code, stdout } = await regionfall(run).ended;
    // A machine that stalls makes a run that proves nothing: see `tell`.
    if (saturated(JSON.parse(stdout).reasons)) ({ code, stdout } = await regionfall(run).ended);
    expect(code).toBe(0);
    const json = JSON.parse(stdout);
    expect(json).toMatchObject({
      schema: 1,
      verdict: 'pass',
      exitCode: 0,
      engine: 'embedded',
      network: 'embedded',
    });
    const { planned, ok, failed, indeterminate, dropped } = json.counts;
    expect(planned).toBe(ok + failed + indeterminate + dropped);
    expect(existsSync(json.reports.html)).toBe(true);
  });

  it('names all five mistakes of a scenario with place, value and nearest valid one, and exits 2', {
    timeout: 30_000,
  }, async () => {
    const usual = shortOutage();
    const [app, control] = usual.load.groups;
    const file = scenarioFile({
      ...usual,
      regions: ['eu-west-1', 'eu-centrl-1'],
      load: { duration: '6 secs', groups: [app, { ...control, operations: { AsumeRole: 1 } }] },
      faults: [{ name: 'outage', kind: 'refusd', target: { region: 'eu-west-1' }, at: '2s', for: '2s' }],
      expect: [{ name: 'served', kind: 'success-ratio', group: 'ap', phase: 'during', atLeast: 0.9 }],
    });
    const out = temporaryFolder();
    const { code, stdout, stderr } = await regionfall(['run', file, '--out', out]).ended;
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('5 problems');
    for (const [place, value, nearest] of [
      ['regions[1]', 'eu-centrl-1', 'eu-central-1'],
      ['load.duration', '6 secs', '6s'],
      ['load.groups[1].operations', 'AsumeRole', 'AssumeRole'],
      ['faults[0].kind', 'refusd', 'refused'],
      ['expect[0].group', 'ap', 'app'],
    ] as const) {
      const line = stderr.split('\n').find((text) => text.includes(place)) ?? '';
      expect(line, stderr).toContain(value);
      expect(line).toContain(nearest);
    }
    expect(readdirSync(out)).toEqual([]);
  });

  it('exits 70, never 1, and asks for a report when something breaks that nobody caught', {
    timeout: 30_000,
  }, async () => {
    const file = join(temporaryFolder(), 'broken.scenario.ts');
    writeFileSync(
      file,
      "setTimeout(() => { throw new Error('out of nowhere'); }); await new Promise(() => { setTimeout(() => {}, 5_000); });",
    );
    const { code, stderr } = await regionfall(['run', file, '--out', temporaryFolder()]).ended;
    expect(code).toBe(70);
    expect(stderr).toContain('out of nowhere');
  });

  it('exits 3 with the line to type, and leaves no folder, when Toxiproxy is missing', {
    timeout: 30_000,
  }, async () => {
    const out = temporaryFolder();
    const missing = { REGIONFALL_TOXIPROXY: join(out, 'nowhere') };
    const { code, stderr } = await regionfall(
      ['run', scenarioFile(shortOutage()), '--out', out, '--network', 'toxiproxy'],
      missing,
    ).ended;
    expect(code).toBe(3);
    expect(stderr).toContain('RF-TOOL-MISSING');
    expect(stderr).toMatch(/go install github\.com\/Shopify\/toxiproxy|brew .*install toxiproxy/);
    expect(readdirSync(out)).toEqual([]);
  });

  it('stops at the first Ctrl-C: exit 4, faults healed, a report marked aborted, nothing left', {
    timeout: 60_000,
  }, async () => {
    const out = temporaryFolder();
    const file = scenarioFile(
      shortOutage({
        load: { ...shortOutage().load, duration: '40s' },
        faults: [
          { name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1600ms', for: '38s' },
        ],
      }),
    );
    const { child, ended } = regionfall(['run', file, '--out', out, '--progress', 'plain']);
    const events = (): ReturnType<typeof readEvents> => {
      const [name] = readdirSync(out);
      const path = join(out, name ?? '', RUN_FILES.events);
      return name !== undefined && existsSync(path) ? readEvents(path) : [];
    };
    await expect
      .poll(() => events().some(({ kind }) => kind === 'fault.applied'), { timeout: 30_000 })
      .toBe(true);
    const family = familyOf(child.pid ?? 0);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(4);
    expect(stderr).toContain('Once more leaves at once');
    expect(stdout).toContain('ABORTED');
    expect(events().findLast(({ kind }) => kind === 'fault.healed')).toMatchObject({ healed: true });
    expect(family.filter(isAlive)).toEqual([]);
    const page = readFileSync(stdout.trim().split('\n').at(-1) ?? '', 'utf8');
    expect(page).toContain('Aborted');
  });
});

describe('regionfall up', () => {
  it('exits 3 and names the port when the one it was told to use is taken', { timeout: 30_000 }, async () => {
    const taker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taker.once('listening', resolve));
    onTestFinished(() => void taker.close());
    const { port } = taker.address() as AddressInfo;
    const { code, stderr } = await regionfall([
      'up',
      '--out',
      temporaryFolder(),
      '--admin-port',
      String(port),
    ]).ended;
    expect(code).toBe(3);
    expect(stderr).toContain('RF-PORT-TAKEN');
    expect(stderr).toContain(`ss -ltnp 'sport = :${port}'`);
  });

  it('tells another program in one line how to live in its world, and ends with a signal', {
    timeout: 30_000,
  }, async () => {
    const { child, ended } = regionfall([
      'up',
      '--out',
      temporaryFolder(),
      '--regions',
      'eu-west-1,cn-north-1',
      '--json',
    ]);
    const line = await new Promise<string>((resolve) => child.stdout?.once('data', resolve));
    const world = JSON.parse(line);
    expect(world).toMatchObject({
      schema: 1,
      era: '2026',
      admin: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(Object.keys(world.endpoints)).toEqual(
      expect.arrayContaining([
        'sts.eu-west-1.amazonaws.com',
        'sts-fips.eu-west-1.api.aws',
        'sts.cn-north-1.amazonaws.com.cn',
      ]),
    );
    expect(world.accounts.map(({ partition }: { partition: string }) => partition)).toEqual([
      'aws',
      'aws-cn',
    ]);
    const family = familyOf(child.pid ?? 0);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    await expect.poll(() => family.filter(isAlive), { timeout: 5_000 }).toEqual([]);
  });
});
