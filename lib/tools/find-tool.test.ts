import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTool } from './find-tool.ts';
import { TOOLS } from './tools.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regionfall-tools-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program that prints `line`, whatever it is asked. */
async function program(name: string, body: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

const PATH = `${process.env['PATH']}`;

describe('finding a tool', () => {
  it('finds it on the PATH and reads its version', async () => {
    const path = await program('k6', 'echo "k6 v1.1.0 (commit/0e3fb953be, go1.24.3, linux/amd64)"');
    expect(await findTool('k6', { env: { PATH: folder } })).toEqual({
      found: true,
      name: 'k6',
      path,
      version: '1.1.0',
    });
  });

  it('a binary named by the environment goes before the PATH', async () => {
    await program('toxiproxy-server', 'echo "toxiproxy-server version 2.9.0"');
    const path = await program('server', 'echo "toxiproxy-server version git"');
    const env = { PATH: folder, REGIONFALL_TOXIPROXY: path };
    expect(await findTool('toxiproxy', { env })).toMatchObject({ found: true, path, version: 'git' });
  });

  it('a wrong name in the environment is told, not replaced by what the PATH has', async () => {
    await program('k6', 'echo "k6 v2.2.0"');
    const env = { PATH: folder, REGIONFALL_K6: join(folder, 'gone') };
    expect(await findTool('k6', { env })).toMatchObject({
      found: false,
      missing: expect.stringContaining('REGIONFALL_K6'),
    });
  });

  it('what is missing comes with the line that gets it', async () => {
    const finding = await findTool('k6', { env: { PATH: folder }, platform: 'darwin' });
    expect(finding).toMatchObject({ found: false, hint: 'brew install k6' });
    expect(await findTool('pyarrow', { env: { PATH: folder }, platform: 'aix' })).toMatchObject({
      hint: TOOLS.pyarrow.line.other,
    });
  });

  it('a version that does not suit is named beside the one that is needed', async () => {
    await program('k6', 'echo "k6 v0.57.0"');
    const finding = await findTool('k6', { env: { PATH: folder } });
    expect(finding).toMatchObject({ missing: expect.stringMatching(/is 0\.57\.0; needed is 1\.x or 2\.x/) });
  });

  it('a program that hangs is given up', async () => {
    await program('k6', 'exec sleep 30');
    expect(await findTool('k6', { env: { PATH: `${folder}:${PATH}` }, deadlineMs: 200 })).toMatchObject({
      missing: expect.stringContaining('no answer within 200 ms'),
    });
  });

  it('a program that only complains is quoted', async () => {
    await program('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    expect(await findTool('docker', { env: { PATH: folder } })).toMatchObject({
      missing: expect.stringContaining('Cannot connect to the Docker daemon'),
    });
  });

  it('gets no credential of the operator', async () => {
    await program('aws', 'echo "aws-cli/2.9.19 secret=[$AWS_SECRET_ACCESS_KEY]"; env >&2');
    const env = { PATH: `${folder}:${PATH}`, AWS_SECRET_ACCESS_KEY: 'canary', REGIONFALL_AWS: 'aws' };
    expect(await findTool('aws', { env })).toMatchObject({ found: true, version: '2.9.19' });
    await program('aws', 'test -z "$AWS_SECRET_ACCESS_KEY" && echo "aws-cli/2.0.0" || echo leaked');
    expect(await findTool('aws', { env })).toMatchObject({ version: '2.0.0' });
  });

  it('a relative entry of the PATH is not searched', async () => {
    expect(await findTool('k6', { env: { PATH: '.:' } })).toMatchObject({ found: false });
  });
});

describe('the versions that do', () => {
  it.each([
    ['toxiproxy', '2.12.0', true],
    ['toxiproxy', '2.6.0', false],
    ['toxiproxy', '1.2.1', false],
    ['k6', '2.2.0', true],
    ['docker', '20.10.24', true],
    ['docker', '19.03.0', false],
    ['chromium', '131.0.6778.85', true],
    ['pyarrow', '9.0.0', false],
  ] as const)('%s %s: %s', (name, version, suits) => {
    expect(TOOLS[name].suits(version)).toBe(suits);
  });
});
