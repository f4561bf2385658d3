import { describe, expect, test } from 'vitest';
import { VERSION } from '../../version.ts';
import type { Repository } from './repository.ts';
import { scaffoldFor } from './scaffold.ts';

function scaffold(differences: Partial<Repository> = {}) {
  const { files, next } = scaffoldFor({
    root: '/repository',
    language: 'typescript',
    packageManager: 'npm',
    hasRegionfall: false,
    gitignore: undefined,
    ...differences,
  });
  const workflow = files.find(({ path }) => path === '.github/workflows/regionfall.yml')?.text ?? '';
  return { files, next, workflow };
}

describe('what is written', () => {
  test('is a scenario, a workflow and a line of .gitignore', () => {
    expect(scaffold().files.map(({ path, action }) => [path, action])).toEqual([
      ['regionfall/region-outage.scenario.ts', 'create'],
      ['.github/workflows/regionfall.yml', 'create'],
      ['.gitignore', 'create'],
    ]);
    expect(scaffold({ gitignore: 'dist\n' }).files.at(-1)).toEqual({
      path: '.gitignore',
      action: 'append',
      text: 'runs/\n',
    });
    expect(scaffold({ gitignore: 'runs/\n' }).files.map(({ path }) => path)).not.toContain('.gitignore');
  });
});

describe('the workflow', () => {
  test('has a token that reads the repository and nothing else, and keeps it from later steps', () => {
    const { workflow } = scaffold();
    expect(workflow.match(/permissions:\n(?: .*\n)*/g)).toEqual(['permissions:\n  contents: read\n']);
    expect(workflow).toContain('persist-credentials: false');
    expect(workflow).not.toContain('secrets.');
    expect(workflow).not.toContain('pull_request_target');
  });

  test('pins every action by its major version', () => {
    const used = [...scaffold().workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    expect(used.length).toBeGreaterThan(2);
    for (const action of used) expect(action).toMatch(/^actions\/[\w-]+@v\d+$/);
  });

  test('installs from the lock file, runs, and shows and keeps what came of it also when the run fails', () => {
    const { workflow } = scaffold();
    const steps = [/npm ci --ignore-scripts/, / run \.\/regionfall/, /--format md,junit/, /upload-artifact/];
    const places = steps.map((step) => workflow.search(step));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(workflow.match(/if: \$\{\{ !cancelled\(\) \}\}/g)).toHaveLength(2);
  });

  test.each([
    ['pnpm', 'pnpm install --frozen-lockfile', 'pnpm exec regionfall run'],
    ['yarn', 'yarn install', 'yarn run regionfall run'],
    ['none', `npx --yes regionfall@${VERSION} run`, `npx --yes regionfall@${VERSION} report`],
  ] as const)('speaks to %s', (packageManager, ...lines) => {
    const { workflow } = scaffold({ packageManager });
    for (const line of lines) expect(workflow).toContain(line);
    expect(workflow).not.toContain('npm ci');
  });
});

describe('what to type next', () => {
  test('installs Regionfall where the repository does not ask for it yet, and runs', () => {
    expect(scaffold({ packageManager: 'pnpm' }).next).toEqual([
      'pnpm add --save-dev regionfall',
      'pnpm exec regionfall run regionfall/region-outage.scenario.ts',
    ]);
  });

  test('validates and runs where there is nothing to install', () => {
    expect(scaffold({ hasRegionfall: true, language: 'module' }).next).toEqual([
      'npx regionfall validate regionfall/region-outage.scenario.js',
      'npx regionfall run regionfall/region-outage.scenario.js',
    ]);
  });
});
