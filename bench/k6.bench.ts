/**
 * What signing costs inside k6, against k6's plain POST of the same size; and the embedded engine, signed and recorded,
 * against k6 with our signer and against a whole call of `regionfall/k6` whose rows are written and read. One core for
 * each caller, TLS connections kept alive. `node bench/k6.bench.ts`; k6 is found as the product finds it.
 */

import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleScript } from '../lib/k6/bundle.ts';
import { withoutSummary } from '../lib/k6/k6-command.ts';
import { findTool } from '../lib/tools/find-tool.ts';
import { createAuthority } from '../lib/world/certificates.ts';
import {
  type Contestant,
  compare,
  cpuUsOfProcess,
  printComparison,
  type RoundCost,
  speedAgainst,
  startMeasuredServer,
} from './bench-kit.ts';
import type { CallerOrder } from './engine.caller.ts';
import { pin } from './pinning.ts';
import { printTarget } from './target.ts';

const HOST = 'sts.eu-west-1.amazonaws.com';
const REQUESTS = 6_000;
const ENGINE_REQUESTS = 5_000;
const ROUNDS = 3;
const CALLER_CORE = 1;
/** k6 has ended when its CPU time cannot be read any more: what it used in the last step of looking is not seen. */
const LOOK_EVERY_MS = 5;

const k6 = await findTool('k6');
if (!k6.found) {
  process.stdout.write(`k6: not measured, ${k6.missing}\n`);
  process.exit(0);
}

const { version: k6Version } = k6;
const authority = await createAuthority(Date.now());
const { certificatePem, keyPem } = await authority.issue(HOST);
const server = await startMeasuredServer(new URL('engine.server.ts', import.meta.url), {
  CERTIFICATE: certificatePem,
  KEY: keyPem,
});
const folder = await mkdtemp(join(tmpdir(), 'regionfall-bench-'));
const script = join(folder, 'contest.js');
const ca = join(folder, 'ca.pem');
const { code } = await bundleScript(fileURLToPath(new URL('k6-scripts/contest.ts', import.meta.url)));
await Promise.all([writeFile(script, code), writeFile(ca, authority.caPem)]);

async function runK6(path: string, kind: string, requests: number): Promise<number> {
  const out = kind === 'call' ? ['--out', 'json=-'] : [];
  const child = spawn(
    path,
    ['run', '--quiet', withoutSummary(k6Version), '--no-usage-report', '--address', '', ...out, script],
    {
      env: {
        HOME: folder,
        GOMAXPROCS: '1',
        SSL_CERT_FILE: ca,
        KIND: kind,
        HOST,
        PORT: String(server.port),
        REQUESTS: String(requests),
        K6_NO_USAGE_REPORT: 'true',
        K6_AUTO_EXTENSION_RESOLUTION: 'false',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  child.stdout.resume();
  const pid = child.pid ?? 0;
  pin(pid, CALLER_CORE);
  let cpuUs = 0;
  const looking = setInterval(() => {
    try {
      cpuUs = Math.max(cpuUs, cpuUsOfProcess(pid));
    } catch {
      // It has ended in between, which `close` tells.
    }
  }, LOOK_EVERY_MS);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  clearInterval(looking);
  if (exitCode !== 0) throw new Error(`k6 ended with code ${exitCode}`);
  return cpuUs;
}

/** Less what it takes to start k6 and its VUs. */
function inK6(path: string, name: string, kind: string): Contestant {
  return {
    name,
    round: async () => {
      const idle = await runK6(path, kind, 32);
      const busy = await runK6(path, kind, REQUESTS + 32);
      return { units: REQUESTS, cpuUs: busy - idle };
    },
  };
}

const engine = fork(new URL('engine.caller.ts', import.meta.url), [], {
  env: { PATH: process.env['PATH'] ?? '' },
});
pin(engine.pid ?? 0, CALLER_CORE);
const order: CallerOrder = {
  kind: 'engine',
  host: HOST,
  port: server.port,
  caPem: authority.caPem,
  requests: ENGINE_REQUESTS,
};

const results = await compare(
  [
    inK6(k6.path, 'k6, plain POST', 'plain'),
    inK6(k6.path, 'k6, POST signed by regionfall/k6', 'signed'),
    inK6(k6.path, 'k6, a whole call: policy, answer, row', 'call'),
    {
      name: 'embedded engine: policy, answer, row',
      round: async () => {
        engine.send(order);
        const [cost] = (await once(engine, 'message')) as [RoundCost];
        return cost;
      },
    },
  ],
  ROUNDS,
);
const [plain, signed, call, embedded] = results;
printComparison(`AssumeRole over kept-alive TLS, k6 ${k6.version}, cost to the caller`, results);
printTarget('signed in k6 against its plain POST', speedAgainst(signed, plain), { atLeast: 0.63 });
printTarget('embedded engine, recorded, against k6 with our signer', speedAgainst(embedded, signed), {
  atLeast: 3,
  farOff: 6,
});
printTarget('embedded engine against a whole call in k6, recorded', speedAgainst(embedded, call), {
  atLeast: 3,
  farOff: 6,
});
engine.disconnect();
await server.stop();
await rm(folder, { recursive: true });
