import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test as base, describe, expect } from 'vitest';
import { UsageError } from '../errors/regionfall-error.ts';
import { findScenarios, loadScenarios, SCENARIOS_FOLDER, ScenarioError } from './load-scenario.ts';
import { spoiled, validScenario } from './valid.fixture.ts';

const test = base.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of fixtures from this pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'regionfall-scenario-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

async function failure(promise: Promise<unknown>): Promise<UsageError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UsageError)) throw new Error('no UsageError');
  return error;
}

describe('a scenario', () => {
  test('is found by name, by path and with its folder', async ({ folder }) => {
    const [byName] = await loadScenarios('region-outage');
    expect(byName?.scenario.name).toBe('region-outage');
    const [byPath] = await loadScenarios('region-outage.scenario.ts', { cwd: SCENARIOS_FOLDER });
    expect(byPath).toEqual(byName);
    for (const name of ['b', 'a']) {
      writeFileSync(join(folder, `${name}.scenario.json`), JSON.stringify({ ...validScenario(), name }));
    }
    writeFileSync(join(folder, 'notes.json'), 'not one of them');
    const inFolder = await loadScenarios('.', { cwd: folder });
    expect(inFolder.map(({ scenario }) => scenario.name)).toEqual(['a', 'b']);
  });

  test('keeps its name although a folder beside is called the same', ({ folder }) => {
    mkdirSync(join(folder, 'region-outage'));
    expect(findScenarios('region-outage', { cwd: folder }).map((path) => basename(path))).toEqual([
      'region-outage.scenario.ts',
    ]);
  });

  test('has one hash however it is written down, and another when it means something else', async ({
    folder,
  }) => {
    const path = join(folder, 'x.scenario.json');
    const hash = async (value: unknown): Promise<string | undefined> => {
      writeFileSync(path, JSON.stringify(value, null, 2));
      return (await loadScenarios(path))[0]?.hash;
    };
    const first = await hash(validScenario());
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    const turned = Object.fromEntries(Object.entries(validScenario()).toReversed());
    expect(await hash(turned)).toBe(first);
    expect(await hash(spoiled(['load.groups[0].principal', 'app']))).toBe(first);
    expect(await hash(spoiled(['faults[0].for', '9s']))).not.toBe(first);
  });

  test('in TypeScript is imported', async ({ folder }) => {
    const path = join(folder, 'x.scenario.ts');
    writeFileSync(
      path,
      `const name: string = 'typed';\nexport default { ...${JSON.stringify(validScenario())}, name };\n`,
    );
    expect((await loadScenarios(path))[0]?.scenario.name).toBe('typed');
  });

  test('that is not there is answered with the nearest that is', async () => {
    const error = await failure(loadScenarios('region-outrage'));
    expect(error).toMatchObject({
      code: 'RF-SCENARIO-NOT-FOUND',
      exitCode: 2,
      hint: "did you mean 'region-outage'?",
    });
  });

  test('that is invalid names every problem of every file of the folder, with exit code 2', async ({
    folder,
  }) => {
    const bad = [
      spoiled(['faults[0].at', '1h'], ['expect[0].group', 'appp']),
      spoiled(['regions[0]', 'eu-wset-1']),
    ];
    for (const [index, value] of bad.entries()) {
      writeFileSync(join(folder, `${index}.scenario.json`), JSON.stringify(value));
    }
    const error = await failure(loadScenarios(folder));
    expect(error).toBeInstanceOf(ScenarioError);
    expect(error).toMatchObject({ code: 'RF-SCENARIO-INVALID', exitCode: 2 });
    expect(error.message).toContain('0.scenario.json has 2 problems:');
    expect(error.message).toContain("expect[0].group is 'appp': no such group; did you mean 'app'?");
    expect(error.message).toContain("regions[0] is 'eu-wset-1': no such Region; did you mean 'eu-west-1'?");
  });

  test.for([
    ['x.scenario.json', '{"name": '],
    ['x.scenario.ts', 'export default {'],
    ['x.scenario.ts', 'export const scenario = {};'],
    ['x.scenario.ts', 'throw new Error("at home");'],
    ['x.scenario.yaml', 'name: x'],
    ['x.scenario.json', `"${'x'.repeat(1_000_001)}"`],
  ] as const)('in the file %s that cannot be read is a usage error', async ([name, text], { folder }) => {
    writeFileSync(join(folder, name), text);
    const error = await failure(loadScenarios(join(folder, name)));
    expect(error).toMatchObject({ code: 'RF-SCENARIO-UNREADABLE', exitCode: 2 });
    expect(error.message).toContain(name);
  });

  test('cannot smuggle keys in through a prototype', async ({ folder }) => {
    const path = join(folder, 'x.scenario.json');
    writeFileSync(path, JSON.stringify(validScenario()).replace('{', '{"__proto__": {"global": true},'));
    expect((await failure(loadScenarios(path))).message).toContain('__proto__');
  });
});
