/** The lever, pulled while a run and a world are under way, and what it keeps from beginning. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { leverPath, pullLever } from '../lib/run/lever.ts';
import { familyOf, isAlive } from './processes.ts';
import { shortOutage, tell, temporaryFolder } from './story.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/regionfall', import.meta.url));

type Started = ChildProcessByStdio<null, Readable, Readable>;

/** Command lines that share a state folder of their own. */
function shell() {
  const env = { PATH: process.env['PATH'] ?? '', REGIONFALL_STATE: temporaryFolder('state') };
  const start = (...parameters: string[]): Started => {
    const child = spawn(process.execPath, [LAUNCHER, ...parameters], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  return { start, type: (...parameters: string[]) => endOf(start(...parameters)) };
}

async function endOf(child: Started) {
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await closed, out, err };
}

describe('the lever', () => {
  it('ends a run like a person would, and says whose wish it was', { timeout: 60_000 }, async () => {
    const lever = leverPath({ REGIONFALL_STATE: temporaryFolder('state') });
    const scenario = shortOutage({
      load: { ...shortOutage().load, duration: '60s' },
      faults: [
        { name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1600ms', for: '58s' },
      ],
    });
    const { json, history } = await tell({
      scenario,
      lever,
      onEvent: ({ kind }) => {
        if (kind === 'fault.applied') pullLever(lever, 'the demo is over', Date.now());
      },
    });
    expect(json).toMatchObject({ verdict: 'aborted', exitCode: 4 });
    expect(json.reasons[0]).toMatch(/ pulled the lever at \S+: the demo is over\. /);
    expect(history.faults[0]).toMatchObject({ healed: true });
    await expect(tell({ scenario, lever })).rejects.toMatchObject({ code: 'RF-HALTED', exitCode: 4 });
  });

  it('ends a world that is open, and keeps everything else from beginning until it is lifted', {
    timeout: 60_000,
  }, async () => {
    const { start, type } = shell();
    const out = temporaryFolder();
    const up = start('up', '--out', out, '--regions', 'eu-west-1', '--json');
    await new Promise((resolve) => up.stdout.once('data', resolve));
    const family = familyOf(up.pid ?? 0);
    const upEnds = endOf(up);

    expect(await type('halt', 'enough', 'for', 'today')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/pulled the lever at \S+: enough for today\n$/),
    });
    expect(await upEnds).toMatchObject({ code: 4, err: expect.stringContaining('enough for today') });
    await expect.poll(() => family.filter(isAlive), { timeout: 5_000 }).toEqual([]);

    const refused = { code: 4, out: '', err: expect.stringMatching(/enough for today[\s\S]*RF-HALTED/) };
    const [run, exec, again, heal, doctor] = await Promise.all([
      type('run', 'region-outage', '--out', out),
      type('exec', '--out', out, '--', 'true'),
      type('halt', 'once more'),
      type('heal', '--out', out),
      type('doctor', '--json'),
    ]);
    expect([run, exec]).toMatchObject([refused, refused]);
    expect(again.out).toContain('enough for today');
    expect(heal).toMatchObject({ code: 0, err: expect.stringContaining('regionfall resume') });
    expect(JSON.parse(doctor.out)).toMatchObject({ halted: { reason: 'enough for today' } });

    expect((await type('resume')).out).toContain('lifted');
    expect(await type('exec', '--out', out, '--', 'true')).toMatchObject({ code: 0 });
  });
});
