/** Secrets of the operator and of the emulated accounts, planted wherever a run could pick them up, and looked for afterwards. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultAccounts } from '../lib/identity/world-accounts.ts';
import type { ScenarioInput } from '../lib/scenario/schema.ts';
import { scenarioFile, temporaryFolder } from './story.ts';

const LAUNCHER = resolve(import.meta.dirname, '..', 'bin', 'regionfall');
const SEED = 7;

const group = {
  location: 'eu-west-1',
  ratePerSecond: 3,
  arrivals: 'even',
  operations: { AssumeRole: 1 },
  policy: { kind: 'pinned', endpoint: 'eu-west-1' },
} as const;
/** A program that tells the keys that it was given, and fails, so that its words are written down. */
const TALKER =
  "console.error('heard', process.env.AWS_SECRET_ACCESS_KEY, process.env.SOME_TOKEN); process.exit(1)";

const SCENARIO: ScenarioInput = {
  name: 'secrets',
  question: 'Does a run keep to itself what it was not meant to know?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: {
    duration: '3s',
    drain: '2s',
    groups: [
      { ...group, name: 'own' },
      {
        ...group,
        name: 'talker',
        ratePerSecond: 1,
        client: { kind: 'program', command: [process.execPath, '-e', TALKER], timeLimitMs: 2_000 },
      },
    ],
  },
  faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1s', for: '1s' }],
  expect: [{ name: 'some', kind: 'success-ratio', group: 'own', phase: 'all', atLeast: 0.1 }],
};

/** Put together here, so that no scanner takes this file for a leak. */
const planted = (what: string): string => `PLANTED${what}${'x9'.repeat(10)}`;

describe('a run', () => {
  test('tells no secret, of the operator or of an account, in any output, report or log', () => {
    const home = temporaryFolder('home');
    mkdirSync(join(home, '.aws'));
    writeFileSync(
      join(home, '.aws', 'credentials'),
      `[default]\naws_access_key_id = ${planted('id')}\naws_secret_access_key = ${planted('file')}\n`,
    );
    const out = temporaryFolder('secrets');
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [
        LAUNCHER,
        ...['run', scenarioFile(SCENARIO), '--seed', String(SEED), '--out', out, '--events', 'ndjson'],
      ],
      {
        encoding: 'utf8',
        env: {
          PATH: process.env['PATH'],
          HOME: home,
          AWS_ACCESS_KEY_ID: planted('key'),
          AWS_SECRET_ACCESS_KEY: planted('secret'),
          AWS_SESSION_TOKEN: planted('token'),
          HTTPS_PROXY: `http://user:${planted('proxy')}@127.0.0.1:9`,
          SOME_TOKEN: planted('other'),
        },
      },
    );
    expect(status, stderr).toBeLessThan(6);
    const [folder = ''] = readdirSync(out).filter((name) => name.endsWith('-secrets'));
    const files = readdirSync(join(out, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(out, folder, name))
      .filter((path) => statSync(path).isFile());
    const told = new Map<string, string>([
      ['stdout', stdout],
      ['stderr', stderr],
      ...files.map((path) => [path, readFileSync(path, 'latin1')] as const),
    ]);
    expect([...told.keys()].some((path) => path.endsWith('report.html'))).toBe(true);
    // That the talker was heard at all: its search is one that can find something.
    expect([...told.values()].join()).toContain('heard');
    const secrets = [
      'PLANTED',
      ...defaultAccounts(['aws'], SEED).flatMap(({ users }) =>
        users.map(({ secretAccessKey }) => secretAccessKey),
      ),
    ];
    const leaks = [...told].flatMap(([path, text]) =>
      secrets.filter((secret) => text.includes(secret)).map(() => path),
    );
    expect(leaks).toEqual([]);
  });
});
