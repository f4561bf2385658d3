/** A k6 script in a folder of its user's own: it type-checks there, and plain k6 runs what `k6 bundle` makes of it. */

import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { Secret } from '../lib/aws/credentials.ts';
import { signHeaders } from '../lib/aws/sigv4/signer.ts';
import { readServiceRecords } from '../lib/journal/reader.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { openWorld } from '../lib/world/local-world.ts';
import { upJson } from '../lib/world/up-json.ts';
import { partOrSkip } from './required-part.ts';
import { shortOutage, tell, temporaryFolder } from './story.ts';

const k6 = await partOrSkip('k6');
const ROOT = fileURLToPath(new URL('../', import.meta.url));
const LAUNCHER = join(ROOT, 'bin/regionfall');

const SCRIPT = `
import { check } from 'k6';
import http from 'k6/http';
import { caller, options as worldOptions, phase, signed } from 'regionfall/k6';
import { endpointsOf, type PolicySpec } from 'regionfall/failover';

const [request, keys, scope, expected] = ${JSON.stringify(signedElsewhere())} as const;
const policy: PolicySpec = { kind: 'ordered', endpoints: ['eu-west-1'], attemptTimeLimitMs: 2_000, failBackAfterMs: 1_000 };
const sts = caller({ policy });
// A script that would rather be told of errors by exceptions: our rows must not be lost by that.
export const options = { ...worldOptions(), vus: 2, iterations: 6, thresholds: { checks: ['rate==1'] }, throw: true };

export async function setup(): Promise<string> {
  return (await sts.call('GetCallerIdentity')).outcome;
}

export default async function script(first: string): Promise<void> {
  const assumed = await sts.assumeRole();
  const asked = await sts.call('GetCallerIdentity');
  const outside = http.get('http://192.0.2.1/', { timeout: '1s', ...{ throw: false } });
  check(assumed, { 'has credentials': ({ credentials }) => credentials?.accessKeyId.startsWith('ASIA') === true });
  check(asked, { 'was answered by Ireland': ({ servingRegion }) => servingRegion === endpointsOf(policy)[0] });
  check(first, { 'may call before the load': (outcome) => outcome === 'ok' });
  check(phase(), { 'knows of no faults here': (now) => now === undefined });
  check(signed(request, keys, scope), { 'signs as everybody does': (headers) => headers['authorization'] === expected });
  check(outside, { 'cannot leave the machine': ({ error_code: code }) => code === 1110 });
}
`;

/** A request with all that makes signing hard, and what our own signer says of it. */
function signedElsewhere() {
  const request = {
    method: 'PUT',
    path: '/a%20b/../%C3%A4//c',
    query: 'b=2&a=%7E&a=1&c',
    headers: { host: 'a.test', 'x-amz-meta': ' two  words ', 'content-type': 'text/plain; charset=utf-8' },
    body: 'Zürich 漢字 🙂',
  };
  const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a/Key+', sessionToken: 'a+token/==' };
  const scope = { region: 'eu-west-1', service: 'execute-api', atMs: Date.UTC(2026, 0, 31, 12) };
  const headers = signHeaders(
    { ...request, headers: Object.entries(request.headers) },
    { ...keys, secretAccessKey: new Secret(keys.secretAccessKey) },
    scope,
  );
  return [request, keys, scope, Object.fromEntries(headers)['authorization']] as const;
}

/** Of a scenario: a function of its own name, no `default`, and what it needs beforehand. */
const CONDUCTED = `
import { caller, phase } from 'regionfall/k6';

const sts = caller('app');
export const options = {
  scenarios: {
    shop: { executor: 'constant-arrival-rate', exec: 'shop', rate: 40, duration: '4s', preAllocatedVUs: 8, maxVUs: 20 },
  },
};

export async function setup(): Promise<void> {
  if ((await sts.assumeRole()).outcome !== 'ok') throw new Error('nobody is at home');
}

export async function shop(): Promise<void> {
  await sts.call(phase() === 'outage' ? 'GetSessionToken' : 'GetCallerIdentity');
}
`;

interface Ended {
  readonly code: number;
  readonly text: string;
}

function run(
  program: string,
  parameters: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      program,
      [...parameters],
      { env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 60_000 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), text: `${stdout}\n${stderr}` }),
    );
  });
}

/** A project that has Regionfall and k6's types among its packages. */
function usersFolder(): { readonly folder: string; readonly script: string } {
  const folder = temporaryFolder('user');
  const packages = join(folder, 'node_modules');
  mkdirSync(join(packages, '@types'), { recursive: true });
  symlinkSync(ROOT, join(packages, 'regionfall'));
  for (const name of ['@types/k6', '@types/node']) {
    const types = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    symlinkSync(types, join(packages, name));
  }
  const script = join(folder, 'mine.k6.ts');
  writeFileSync(script, SCRIPT);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2024',
        strict: true,
        noEmit: true,
        types: ['k6', 'node'],
        allowImportingTsExtensions: true,
        skipLibCheck: true,
      },
      files: ['mine.k6.ts'],
    }),
  );
  return { folder, script };
}

it('a script in a folder of its own type-checks', { timeout: 60_000 }, async () => {
  const { folder } = usersFolder();
  const { code, text } = await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder]);
  expect(text.trim()).toBe('');
  expect(code).toBe(0);
});

it('a script that needs what k6 has not is refused by file and line', { timeout: 60_000 }, async () => {
  const { folder } = usersFolder();
  const script = join(folder, 'other.k6.ts');
  writeFileSync(script, "import { readFileSync } from 'node:fs';\nexport default () => readFileSync('/');\n");
  const { code, text } = await run(process.execPath, [LAUNCHER, 'k6', 'bundle', script]);
  expect(code).toBe(2);
  expect(text).toContain('other.k6.ts:1:');
  expect(text).toContain('k6 has no node:fs');
});

k6.suite('plain k6', () => {
  it('runs the bundle against an open world, signed, and nowhere else', { timeout: 90_000 }, async () => {
    const { folder, script } = usersFolder();
    const bundle = join(folder, 'mine.js');
    expect(await run(process.execPath, [LAUNCHER, 'k6', 'bundle', script, '--out', bundle])).toMatchObject({
      code: 0,
    });

    const env = { HOME: folder, K6_NO_USAGE_REPORT: 'true' };
    writeFileSync(join(folder, 'empty.json'), '');
    const early = await run(k6.path, ['run', '--quiet', bundle], {
      ...env,
      REGIONFALL_WORLD: join(folder, 'empty.json'),
    });
    expect(early.text).toContain('does not hold the line of `regionfall up --json`');
    const alone = await run(k6.path, ['run', '--quiet', bundle], env);
    expect(alone.code).not.toBe(0);
    expect(alone.text).toContain('It never calls AWS by itself');

    const world = await openWorld({
      regions: ['eu-west-1'],
      global: false,
      locations: ['eu-west-1'],
      network: 'embedded',
      seed: 7,
      edges: [],
    });
    onTestFinished(() => world[Symbol.asyncDispose]());
    const log = join(folder, 'service.arrows');
    await world.service.call('beginLog', { path: log, originUs: monotonicUs() });
    writeFileSync(join(folder, 'ca.pem'), world.caPem);
    writeFileSync(join(folder, 'world.json'), JSON.stringify(upJson(world, join(folder, 'ca.pem'))));
    const { code, text } = await run(k6.path, ['run', '--quiet', '--no-usage-report', bundle], {
      ...env,
      REGIONFALL_WORLD: join(folder, 'world.json'),
      SSL_CERT_FILE: join(folder, 'ca.pem'),
    });
    await world.service.call('endLog', undefined);
    expect(code, text).toBe(0);
    const served = readServiceRecords(log);
    const rows = Array.from({ length: served.length }, (_, row) => served.row(row));
    expect(rows.filter(({ status }) => status === 200)).toHaveLength(13);
    expect(rows.map(({ operation }) => operation).toSorted()).toEqual([
      ...Array.from({ length: 6 }, () => 'AssumeRole'),
      ...Array.from({ length: 7 }, () => 'GetCallerIdentity'),
    ]);
  });

  it('carries a run for a script in a folder of its own, through an outage, and agrees with the service', {
    timeout: 90_000,
  }, async () => {
    const script = join(usersFolder().folder, 'conducted.k6.ts');
    writeFileSync(script, CONDUCTED);
    const scenario = shortOutage();
    const [app] = scenario.load.groups;
    const story = await tell({
      engine: 'k6',
      scenario: {
        ...scenario,
        load: { ...scenario.load, duration: '4s', k6: { script }, groups: app === undefined ? [] : [app] },
        faults: [
          { name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1500ms', for: '1s' },
        ],
        expect: [
          {
            name: 'hardly anything lost',
            kind: 'success-ratio',
            group: 'app',
            phase: 'during',
            atLeast: 0.9,
          },
        ],
      },
    });
    expect(story.json, story.json.reasons.join(' ')).toMatchObject({ verdict: 'pass', engine: 'k6' });
    const { samples } = story.history;
    const rows = Array.from({ length: samples.length }, (_, row) => samples.row(row));
    expect(rows.filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(1);
    // What the script took for the outage is the outage, to within what k6 is late by.
    const inOutage = rows.filter(({ operation }) => operation === 'GetSessionToken');
    expect(inOutage.length).toBeGreaterThan(10);
    const planned = inOutage.map(({ plannedUs }) => plannedUs);
    expect(Math.min(...planned)).toBeGreaterThan(1_000_000);
    expect(Math.max(...planned)).toBeLessThan(3_000_000);
    expect(rows.filter(({ servingRegion }) => servingRegion === 'eu-central-1').length).toBeGreaterThan(0);
    const served = Array.from({ length: story.service.length }, (_, row) => story.service.row(row))
      .filter(({ caller }) => caller !== '')
      .map(({ requestId }) => requestId);
    const answered = rows.map(({ requestId }) => requestId).filter((id) => id !== '');
    expect(answered.filter((id) => !served.includes(id))).toEqual([]);
    expect(answered.length).toBeGreaterThan(100);
  });
});
