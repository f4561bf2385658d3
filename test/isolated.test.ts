/** A program in a network namespace of its own: real names lead to the world with no proxy, and a refusal reads as one. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIsolation, refusalOfNamespaces } from '../lib/world/isolation.ts';
import { openWorld, type World } from '../lib/world/local-world.ts';
import { suiteWithout } from './required-part.ts';

const HOST = 'sts.eu-west-1.amazonaws.com';

/** One request; prints the status, or what became of it. */
const ASK = `
const request = require('node:https').get('https://${HOST}/', { timeout: 1_500, agent: false }, (answer) => {
  console.log(answer.statusCode);
  process.exit(0);
});
request.on('timeout', () => { console.log('silent'); process.exit(3); });
request.on('error', ({ code }) => { console.log(code); process.exit(4); });
`;

const refusal = refusalOfNamespaces();

function suite(title: string, claims: () => void): void {
  if (refusal === undefined) describe(title, claims);
  else suiteWithout('namespace', title, refusal, claims);
}

suite('a program in a network namespace of its own', () => {
  let world: World;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regionfall-isolated-test-'));
    world = await openWorld({
      regions: ['eu-west-1'],
      global: false,
      locations: ['eu-west-1'],
      network: 'embedded',
      seed: 7,
      edges: [{ name: 'eu-west-1', location: 'eu-west-1' }],
    });
    writeFileSync(join(folder, 'ca.pem'), world.caPem);
  });

  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const link = () => world.link('eu-west-1', HOST);

  async function ask(program: readonly string[] = [process.execPath, '-e', ASK]) {
    await using isolation = await openIsolation({
      ports: new Map([[HOST, link().port]]),
      edge: `http://127.0.0.1:${world.edges['eu-west-1']}`,
      command: program,
    });
    const [command = '', ...parameters] = isolation.command;
    return await new Promise<{ code: number; said: string }>((resolve) => {
      execFile(
        command,
        parameters,
        {
          env: { PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
          timeout: 20_000,
        },
        (error, stdout) => resolve({ code: error === null ? 0 : Number(error.code), said: stdout.trim() }),
      );
    });
  }

  const withFault = async <Result>(kind: 'refused' | 'reset' | 'silence', act: () => Promise<Result>) => {
    const effect = { kind } as const;
    const connections = { which: 'all', share: 1 } as const;
    await world.network.call('setFault', {
      id: kind,
      leaseMs: 60_000,
      links: [link().id],
      effect,
      connections,
      seed: 1,
    });
    const result = await act();
    await world.network.call('clearFault', { id: kind });
    return result;
  };

  it('is answered under the real name, and its exit code is passed on', async () => {
    expect(await ask()).toEqual({ code: 0, said: '302' });
    expect(await ask(['sh', '-c', 'exit 7'])).toMatchObject({ code: 7 });
  });

  it.each([
    ['refused', 'ECONNREFUSED'],
    ['reset', 'ECONNRESET'],
    ['silence', 'silent'],
  ] as const)('feels %s as it is: %s', async (kind, said) => {
    expect(await withFault(kind, ask)).toMatchObject({ said });
  });

  it('can reach nothing else', async () => {
    const outside = ASK.replaceAll(HOST, 'sts.us-west-2.amazonaws.com');
    const { said } = await ask([process.execPath, '-e', outside]);
    expect(['EAI_AGAIN', 'ENOTFOUND', 'ENETUNREACH']).toContain(said);
  });
});
