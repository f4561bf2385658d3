/**
 * A world for unmodified clients, and what its service saw of each: which host a client really called and which
 * Region answered are read from the service's log, never from what the client believes.
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeExtendedRequestId } from '../../lib/aws/extended-request-id.ts';
import { announcedWorldFolder } from '../../lib/cli/world-folder.ts';
import { openChosenWorld } from '../../lib/cli/world-options.ts';
import { readServiceRecords } from '../../lib/journal/reader.ts';
import type { ServiceRecord } from '../../lib/journal/sample.ts';
import { monotonicUs } from '../../lib/time/monotonic.ts';

export const ROLE = 'arn:aws:iam::111122223333:role/app';
export const USER = 'arn:aws:iam::111122223333:user/app';

/** One answer that a client got. */
export interface Call {
  readonly operation: string;
  readonly host: string;
  /** That served it. */
  readonly region: string;
  readonly status: number;
}

/** One answer as the client printed it, held against the service's log. */
export interface ToldCall {
  readonly label: string;
  readonly arn: string;
  readonly host: string;
  /** By the log. */
  readonly region: string;
  /** By the extended request id that reached the client. */
  readonly regionTold: string;
}

export interface Witnessed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** By the service's log, in the order they came. */
  readonly calls: readonly Call[];
  /** From the lines of a caller program: label, request id, extended request id, ARN, between tabs. */
  readonly told: readonly ToldCall[];
}

export interface WitnessedWorld extends AsyncDisposable {
  /** `regionfall exec` in `location`, as user app unless told otherwise. */
  exec(location: Location, command: readonly string[], as?: 'app' | 'admin'): Promise<Witnessed>;
}

const REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2', 'us-gov-west-1'] as const;
/** eu-central-1 has no Region here: the global endpoint is served from us-east-1 there. */
const LOCATIONS = ['eu-west-1', 'eu-central-1', 'us-gov-west-1'] as const;
type Location = (typeof LOCATIONS)[number];

export async function openWitnessedWorld(): Promise<WitnessedWorld> {
  await using opened = new AsyncDisposableStack();
  const out = mkdtempSync(join(tmpdir(), 'regionfall-clients-'));
  opened.defer(() => rmSync(out, { recursive: true, force: true }));
  const world = opened.use(
    await openChosenWorld({ regions: REGIONS, locations: LOCATIONS, network: 'embedded', seed: 7 }),
  );
  // As `up` does it, so that each `exec` finds this world instead of opening its own.
  await announcedWorldFolder(out, world);
  const closing = opened.move();
  let logs = 0;
  return {
    exec: async (location, command, as = 'app') => {
      const path = join(out, `service-${++logs}.arrows`);
      await world.service.call('beginLog', { path, originUs: monotonicUs() });
      const ended = await runExec(out, location, as, command);
      await world.service.call('endLog', undefined);
      const table = readServiceRecords(path);
      const rows = Array.from({ length: table.length }, (_, index) => table.row(index));
      return {
        ...ended,
        calls: rows.map(({ operation, host, region, status }) => ({ operation, host, region, status })),
        told: told(ended.stdout, rows),
      };
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

const LAUNCHER = fileURLToPath(new URL('../../bin/regionfall', import.meta.url));

/** Nothing in the environment but a PATH, and settings of an operator that must not reach the program. */
function runExec(
  out: string,
  location: string,
  as: string,
  command: readonly string[],
): Promise<Pick<Witnessed, 'code' | 'stdout' | 'stderr'>> {
  const parameters = ['exec', '--out', out, '--location', location, '--as', as, '--', ...command];
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: out,
    AWS_ACCESS_KEY_ID: 'AKIAOPERATOROWNKEY00',
    AWS_SECRET_ACCESS_KEY: 'operators-own-secret',
    AWS_SESSION_TOKEN: 'operators-own-token',
    AWS_PROFILE: 'production',
    AWS_ENDPOINT_URL: 'https://192.0.2.1',
    JAVA_TOOL_OPTIONS: '-Dhttps.proxyHost=192.0.2.1 -Dregionfall.kept=yes',
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

function told(stdout: string, rows: readonly ServiceRecord[]): readonly ToldCall[] {
  return stdout
    .split('\n')
    .map((line) => line.trim().split('\t'))
    .filter((fields) => fields.length === 4)
    .map(([label = '', requestId = '', extended = '', arn = '']) => {
      const row = rows.find((candidate) => candidate.requestId === requestId);
      return {
        label,
        arn,
        host: row?.host ?? 'no request of this id',
        region: row?.region ?? '',
        regionTold: decodeExtendedRequestId(extended)?.region ?? '',
      };
    });
}
