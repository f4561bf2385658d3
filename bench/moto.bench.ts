/**
 * Verified AssumeRole against that of moto's server, which verifies no signature: requests per core, both plain HTTP
 * HTTP, each in a process of its own. Moto closes the connection after each answer; ours is measured with connections
 * kept alive, as its clients keep them, and with a new one for each request. Skipped, and said so, where the Python that
 * REGIONFALL_PYTHON names has no moto; failing there when REGIONFALL_REQUIRE lists `moto`, as in CI.
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { find } from '../lib/tools/find-tool.ts';
import type { Tool } from '../lib/tools/tools.ts';
import { compare, printComparison, speedAgainst, startMeasuredServer } from './bench-kit.ts';
import { pin, pinClient, SERVER_CORE } from './pinning.ts';
import { openReplay } from './replay.ts';
import { signedRequests } from './signed-requests.ts';
import { printTarget } from './target.ts';

const ROUNDS = 7;
const WARM_UP_ROUNDS = 2;
const REQUESTS = { moto: 200, kept: 8_000, unkept: 1_500 };
/** Each as many as suit it: moto's threads share a lock, so that more only slow it down. */
const CONNECTIONS = { moto: 4, kept: 32, unkept: 32 };
const REGION = 'eu-west-1';

const MOTO: Tool<'moto'> = {
  name: 'moto',
  purpose: 'the benchmark against moto',
  binaries: ['python3', 'python'],
  variable: 'REGIONFALL_PYTHON',
  versionArguments: ['-c', 'import flask, flask_cors, moto; print("moto", moto.__version__)'],
  versionPattern: /moto (\d+\.\d+\.\d+)/,
  needed: '5.x, in the Python that REGIONFALL_PYTHON names',
  suits: (version) => version.startsWith('5.'),
  line: { other: 'python3 -m pip install moto flask flask-cors' },
};

const finding = await find(MOTO, { deadlineMs: 15_000 });
if (finding.found) await contest(finding.path, finding.version);
else {
  const required = (process.env['REGIONFALL_REQUIRE'] ?? '').split(',').includes('moto');
  process.stdout.write(`${required ? 'FAILED' : 'skipped'}: AssumeRole against moto: ${finding.missing}\n`);
  process.exitCode = required ? 1 : 0;
}

async function contest(python: string, version: string): Promise<void> {
  pinClient();
  const moto = await startMoto(python);
  const entry = new URL('./assume-role-server.ts', import.meta.url);
  const one = await startMeasuredServer(entry, { KIND: 'sts' });
  const other = await startMeasuredServer(entry, { KIND: 'sts' });
  const kept = signedRequests('AssumeRole', REGION);
  const closing = kept.map((request) =>
    Buffer.from(request).toString().replace('\r\n', '\r\nconnection: close\r\n'),
  );
  const contestant = async (name: string, server: CountedServer, way: keyof typeof REQUESTS) => {
    const unkept = way !== 'kept';
    const requests = unkept ? closing.map((text) => Buffer.from(text)) : kept;
    const [connections, count] = [CONNECTIONS[way], REQUESTS[way]];
    const replay = await openReplay({ port: server.port, connections, requests, unkept });
    return {
      name,
      round: async () => {
        const beforeUs = await server.cpuUs();
        await replay.run(count);
        return { units: count, cpuUs: (await server.cpuUs()) - beforeUs };
      },
    };
  };
  const results = await compare(
    [
      await contestant(`moto ${version}, signature not verified`, moto, 'moto'),
      await contestant('ours, verified, connections kept', one, 'kept'),
      await contestant('ours, verified, a connection each', other, 'unkept'),
    ],
    ROUNDS,
    WARM_UP_ROUNDS,
  );
  printComparison("AssumeRole against moto's server, both plain HTTP", results);
  printTarget('AssumeRole against moto', speedAgainst(results[1], results[0]), { atLeast: 60 }, '', 0);
  for (const server of [moto, one, other]) await server.stop();
  process.exit();
}

interface CountedServer {
  readonly port: number;
  cpuUs(): Promise<number>;
}

async function startMoto(python: string): Promise<CountedServer & { stop(): Promise<void> }> {
  // Nothing of the operator's but what Python needs to find itself; in particular no credentials.
  const child = spawn(python, [new URL('./moto-server.py', import.meta.url).pathname], {
    env: { PATH: process.env['PATH'] ?? '', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextNumber = async (): Promise<number> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("moto's server ended early");
    return Number(value);
  };
  const port = await nextNumber();
  pin(child.pid ?? 0, SERVER_CORE);
  return {
    port,
    cpuUs: () => {
      child.stdin.write('\n');
      return nextNumber();
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.stdin.end();
      }),
  };
}
