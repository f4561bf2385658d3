import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Toxiproxy } from 'toxiproxy-node-client';
import { expect, it, onTestFinished, vi } from 'vitest';
import { limitsOf } from '../lib/network/abilities.ts';
import { createPortChooser, freePort } from '../lib/network/link-ports.ts';
import { createRandom } from '../lib/time/random.ts';
import { isAlive } from './processes.ts';
import { partOrSkip } from './required-part.ts';
import { shortOutage, tell } from './story.ts';

const toxiproxy = await partOrSkip('toxiproxy');

toxiproxy.suite('a run behind Toxiproxy', () => {
  it('passes the same scenario, says in the report what Toxiproxy cannot do, and leaves no server', {
    timeout: 90_000,
  }, async () => {
    const { json, events } = await tell({ scenario: shortOutage(), network: 'toxiproxy' });
    expect(json).toMatchObject({ verdict: 'pass', network: 'toxiproxy' });
    const page = readFileSync(json.reports.html, 'utf8').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
    for (const limit of limitsOf('toxiproxy')) expect(page).toContain(limit);
    const ready = events.find((event) => event.kind === 'world.ready');
    expect(ready?.kind === 'world.ready' && ready.calibration?.points.length).toBeGreaterThan(3);
    const started = events.flatMap((event) => (event.kind === 'process.started' ? [event] : []));
    expect(started.map(({ name }) => name)).toContain('toxiproxy');
    expect(started.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });

  it('that somebody else started passes too, and finds its Toxiproxy alive and empty afterwards', {
    timeout: 90_000,
  }, async () => {
    const port = await freePort(createPortChooser(createRandom(`given/${process.pid}`)));
    const given = spawn(toxiproxy.path, ['-host', '127.0.0.1', '-port', String(port)], {
      env: { LOG_LEVEL: 'error' },
      stdio: 'ignore',
    });
    onTestFinished(() => void given.kill('SIGKILL'));
    const url = `http://127.0.0.1:${port}`;
    await expect.poll(() => new Toxiproxy(url).getVersion(), { timeout: 5_000 }).toContain('version');
    vi.stubEnv('REGIONFALL_TOXIPROXY_URL', url);
    onTestFinished(() => void vi.unstubAllEnvs());

    const { json, events } = await tell({ scenario: shortOutage(), network: 'toxiproxy' });
    expect(json).toMatchObject({ verdict: 'pass', network: 'toxiproxy' });
    const started = events.flatMap((event) => (event.kind === 'process.started' ? [event.name] : []));
    expect(started).not.toContain('toxiproxy');
    await expect.poll(() => new Toxiproxy(url).getAll(), { timeout: 5_000 }).toEqual({});
  });
});
