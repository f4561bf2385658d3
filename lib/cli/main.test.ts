import { describe, expect, test } from 'vitest';
import { runCommandLine } from './main.ts';
import { testTerminal } from './test-terminal.ts';

async function run(...parameters: string[]) {
  const terminal = testTerminal({ env: { PATH: '' } });
  const exitCode = await runCommandLine(parameters, terminal);
  return { exitCode, results: terminal.results.join('\n'), messages: terminal.messages.join('\n') };
}

describe('the command line', () => {
  test('tells its version and its help on standard output', async () => {
    expect(await run('--version')).toEqual({
      exitCode: 0,
      results: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      messages: '',
    });
    const help = await run('--help');
    expect(help.exitCode).toBe(0);
    const usual = ['run', 'report', 'list', 'validate', 'explain', 'up', 'exec', 'doctor', 'heal', 'init'];
    for (const command of [...usual, 'completions']) {
      expect(help.results).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
    expect(help.results).toMatch(/^ {2}70 {2}a bug of Regionfall$/m);
  });

  test('answers a mistyped command with the nearest one and exit code 2', async () => {
    const { exitCode, messages } = await run('runn');
    expect(exitCode).toBe(2);
    expect(messages).toContain('Did you mean run?');
  });

  test('takes a missing argument, an unknown option and no command at all for usage errors', async () => {
    expect(await run('run')).toMatchObject({ exitCode: 2, results: '' });
    expect(await run('list', '--nonsense')).toMatchObject({ exitCode: 2, results: '' });
    expect(await run()).toMatchObject({ exitCode: 2, results: '' });
  });

  test('says which engines and networks it knows', async () => {
    const { exitCode, messages } = await run('run', 'region-outage', '--engine', 'locust');
    expect(exitCode).toBe(2);
    expect(messages).toContain(
      "--engine does not know 'locust'; this version knows embedded, k6, aws-sdk-js",
    );
    expect((await run('up', '--network', 'toxyproxy')).messages).toContain(
      'did you mean --network toxiproxy?',
    );
  });

  test('knows the eras of the service', async () => {
    const { exitCode, messages } = await run('up', '--era', '2025');
    expect(exitCode).toBe(2);
    expect(messages).toContain("--era does not know '2025'; this version knows 2015, 2018, 2024, 2026");
  });

  test('plans a scenario with what its service is told to be', async () => {
    const { exitCode, results } = await run('run', 'region-outage', '--dry-run');
    expect(exitCode).toBe(0);
    expect(results).toContain('service, STS as of 2026');
    expect(results).toContain('  Quotas: 600 a second and account, 600 at once');
    const plan = JSON.parse((await run('run', 'region-outage', '--dry-run', '--json')).results);
    expect(plan).toMatchObject({ era: '2026', service: [{ region: 'eu-west-1', pace: null }, {}, {}] });
  });

  test.each(['-1', '1.5', 'seven', '9007199254740993'])('does not take %s for a seed', async (seed) => {
    const { exitCode, messages } = await run('run', 'region-outage', `--seed=${seed}`);
    expect(exitCode).toBe(2);
    expect(messages).toContain('--seed needs a whole number');
  });

  test('names the scenario that is nearest to one that does not exist', async () => {
    const { exitCode, messages } = await run('validate', 'region-outrage');
    expect(exitCode).toBe(2);
    expect(messages).toContain("did you mean 'region-outage'?");
  });

  test('lists Regions, and faults with what they may say', async () => {
    expect((await run('list', 'regions')).results).toMatch(/^eu-west-1 +Europe \(Ireland\) \(aws\)$/m);
    const faults = JSON.parse((await run('list', 'faults', '--json')).results) as { name: string }[];
    expect(faults.map(({ name }) => name)).toContain('region-deactivated');
    expect((await run('list', 'toxics')).exitCode).toBe(2);
  });

  test('explains a code in any case, and names the nearest to one that is none', async () => {
    expect((await run('explain', 'regiondisabledexception')).results).toContain(
      'switched off in this Region',
    );
    expect((await run('explain', 'RF-PORT-TAKE')).messages).toContain('regionfall explain RF-PORT-TAKEN');
  });

  test('reports every part to programs, with the line that gets what is missing', async () => {
    const { exitCode, results } = await run('doctor', '--json');
    expect(exitCode).toBe(0);
    const { parts } = JSON.parse(results) as { parts: { name: string; found: boolean; get?: string }[] };
    expect(parts.find((part) => part.name === 'toxiproxy')).toMatchObject({
      found: false,
      get: expect.any(String),
    });
  });

  test('finds no run where there is none', async () => {
    expect(await run('report', 'no-such-run')).toMatchObject({ exitCode: 2, results: '' });
  });
});
