/** A person who does not wait: Ctrl-C while a run still opens, and a second one while the first is still obeyed. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JournalEvent } from '../lib/journal/event.ts';
import { readEvents } from '../lib/journal/reader.ts';
import { openRunFolder, RUN_FILES } from '../lib/journal/run-folder.ts';
import { runScenario } from '../lib/run/run-scenario.ts';
import { loadScenario } from '../lib/scenario/load-scenario.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { familyOf, isAlive } from './processes.ts';
import { scenarioFile, shortOutage, temporaryFolder } from './story.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/regionfall', import.meta.url));

describe('a Ctrl-C', () => {
  it('while the world opens ends the run before its load, and leaves nothing', {
    timeout: 60_000,
  }, async () => {
    const person = new AbortController();
    const { json, folder } = await runScenario({
      scenario: await loadScenario(scenarioFile(shortOutage())),
      seed: 7,
      outDir: temporaryFolder(),
      engine: 'embedded',
      network: 'embedded',
      withoutFaults: false,
      signal: person.signal,
      onEvent: (event) => {
        if (event.kind === 'process.started' && event.name === 'service') person.abort('Ctrl-C');
      },
    });
    expect(json).toMatchObject({ verdict: 'aborted', exitCode: 4, counts: { planned: 0 } });
    expect(json.reasons[0]).toBe('The run was aborted before its load began: Ctrl-C.');
    const events = readEvents(join(folder, RUN_FILES.events));
    const kinds = events.map(({ kind }) => kind);
    expect(kinds).toContain('run.aborted');
    expect(kinds).not.toContain('world.ready');
    const pids = events.flatMap((event) => (event.kind === 'process.started' ? [event.pid] : []));
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await openRunFolder(folder)).toMatchObject({ complete: false });
  });

  it.runIf(process.platform === 'linux')(
    'and a second one leave at once, and the guardian heals',
    { timeout: 60_000 },
    async () => {
      const out = temporaryFolder();
      const scenario = shortOutage({
        load: { ...shortOutage().load, duration: '40s' },
        faults: [
          { name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1600ms', for: '38s' },
        ],
      });
      const conductor = spawn(
        process.execPath,
        [LAUNCHER, 'run', scenarioFile(scenario), '--out', out, '--progress', 'quiet'],
        { stdio: 'ignore' },
      );
      onTestFinished(() => void conductor.kill('SIGKILL'));
      const exited = new Promise<number | null>((resolve) => conductor.once('exit', resolve));
      const events = (): readonly JournalEvent[] => {
        const path = join(out, readdirSync(out)[0] ?? '', RUN_FILES.events);
        return existsSync(path) ? readEvents(path) : [];
      };
      const told = (kind: JournalEvent['kind']): JournalEvent | undefined =>
        events().find((event) => event.kind === kind);
      await expect.poll(() => told('fault.applied'), { timeout: 30_000 }).toBeDefined();
      const family = familyOf(conductor.pid ?? 0);
      const callers = events().find((event) => event.kind === 'process.started' && event.name === 'callers');
      // Callers that do not answer keep the first Ctrl-C busy for two seconds.
      process.kill(callers?.kind === 'process.started' ? callers.pid : 0, 'SIGSTOP');
      conductor.kill('SIGINT');
      await expect.poll(() => told('run.aborted'), { interval: 10, timeout: 10_000 }).toBeDefined();
      const abortedUs = told('run.aborted')?.monoUs ?? 0;
      // Sooner than this, two are one: npm and the terminal may both pass it on.
      await expect.poll(() => monotonicUs() > abortedUs + 700_000, { interval: 5 }).toBe(true);
      conductor.kill('SIGINT');
      expect(await exited).toBe(4);
      await expect.poll(() => family.filter(isAlive), { timeout: 5_000 }).toEqual([]);
      expect(events().at(-1)).toMatchObject({ kind: 'guardian.healed' });
      expect(told('load.ended')).toBeUndefined();
    },
  );
});
