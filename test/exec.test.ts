/** Unmodified programs in a world: the real AWS CLI, started from a clean environment as a user's shell would not be. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { partOrSkip } from './required-part.ts';
import { temporaryFolder } from './story.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/regionfall', import.meta.url));
const aws = await partOrSkip('aws');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `regionfall exec` with nothing in the environment but a PATH and keys that must never be used. */
function execIn(location: string, command: readonly string[]): Promise<Ended> {
  const out = temporaryFolder('exec');
  const parameters = ['exec', '--out', out, '--location', location, '--as', 'app', '--', ...command];
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: out,
    AWS_ACCESS_KEY_ID: 'AKIAOPERATOROWNKEY00',
    AWS_SECRET_ACCESS_KEY: 'operators-own-secret',
    AWS_PROFILE: 'production',
    AWS_ENDPOINT_URL: 'https://192.0.2.1',
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [LAUNCHER, ...parameters],
      { env, timeout: 60_000 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

aws.suite('the AWS CLI inside a world', () => {
  it('is told who it is, by the emulated STS and with the world’s own keys', {
    timeout: 90_000,
  }, async () => {
    const { code, stdout, stderr } = await execIn('eu-west-1', [
      aws.path,
      'sts',
      'get-caller-identity',
      '--region',
      'eu-west-1',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    expect(JSON.parse(stdout)).toMatchObject({
      Account: '111122223333',
      Arn: 'arn:aws:iam::111122223333:user/app',
    });
  });

  it('reads AWS’s own sentence when the scope is of another Region than the endpoint', {
    timeout: 90_000,
  }, async () => {
    const { code, stderr } = await execIn('eu-west-1', [
      aws.path,
      'sts',
      'get-caller-identity',
      '--region',
      'us-west-2',
      '--endpoint-url',
      'https://sts.eu-west-1.amazonaws.com',
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('(SignatureDoesNotMatch)');
    expect(stderr).toContain('Credential should be scoped to a valid region. ');
  });

  it('assumes a role and gets a session that STS accepts in another Region', {
    timeout: 90_000,
  }, async () => {
    const script = [
      `set -e`,
      `json=$("$0" sts assume-role --role-arn arn:aws:iam::111122223333:role/app --role-session-name trial --output text --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]')`,
      `set -- $json`,
      `AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2 AWS_SESSION_TOKEN=$3 "$0" sts get-caller-identity --region us-west-2 --query Arn --output text`,
    ].join('\n');
    const { stdout, stderr } = await execIn('eu-west-1', ['sh', '-c', script, aws.path]);
    expect(stdout.trim(), stderr).toBe('arn:aws:sts::111122223333:assumed-role/app/trial');
  });
});
