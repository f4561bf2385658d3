/**
 * Adds and removes toxics of every kind under load, on a real Toxiproxy, as often as the argument says (10,000 without
 * one), and kills the server in the midst of it as often as the second argument says (never without one). Ends with 1
 * when a proxy does not carry traffic afterwards, when a hung server went unnoticed, or when someone else's hand was
 * seen. `npm run soak:toxics -- 10000 20`.
 */

import { createPortChooser } from '../../lib/network/link-ports.ts';
import { churn } from '../../lib/network/toxiproxy-churn.fixture.ts';
import { openToxiproxyFleet } from '../../lib/network/toxiproxy-fleet.ts';
import { createHeldPorts } from '../../lib/network/toxiproxy-held-ports.ts';
import { startToxiproxyServer } from '../../lib/network/toxiproxy-server.ts';
import { ownPrefix } from '../../lib/process/owner-names.ts';
import { monotonicUs } from '../../lib/time/monotonic.ts';
import { createRandom } from '../../lib/time/random.ts';
import { requireTool } from '../../lib/tools/require-tool.ts';

const PROXIES = 6;

const turns = Number(process.argv[2] ?? 10_000);
const kills = Number(process.argv[3] ?? 0);
const seed = Number(process.argv[4] ?? 1);
if (![turns, kills, seed].every(Number.isSafeInteger)) {
  process.stderr.write('usage: npm run soak:toxics -- [TURNS [KILLS [SEED]]]\n');
  process.exit(2);
}

const { path, version } = await requireTool('toxiproxy');
const ports = createPortChooser(createRandom(`churn/${process.pid}`));
const held = createHeldPorts();
const reasons: string[] = [];
const bad: string[] = [];
let killed = 0;
const fleet = await openToxiproxyFleet({
  open: () => startToxiproxyServer(path, ports, held),
  ports,
  held,
  prefix: ownPrefix(),
  onReplaced: (reason) => reasons.push(reason),
  onTampered: (sentence) => bad.push(sentence),
  onLost: (error) => bad.push(error.message),
  replacementsMax: Number.POSITIVE_INFINITY,
});
const startedUs = monotonicUs();
let told = 0;
const result = await churn({
  fleet,
  ports,
  seed,
  turns,
  proxies: PROXIES,
  onProgress: (taken) => {
    if (killed < kills && taken >= ((killed + 0.5) * turns) / kills) {
      killed += 1;
      process.kill(fleet.pid() ?? 0, 'SIGKILL');
    }
    if (taken >= told + turns / 10) {
      told = taken;
      process.stdout.write(`  ${taken} toxics added and removed, ${reasons.length} servers replaced\n`);
    }
  },
});
await fleet.compare();
await fleet.close();

const hung = reasons.filter((reason) => reason.includes('within'));
process.stdout.write(
  [
    `toxics churned on Toxiproxy ${version}: ${result.turns} added and removed by ${result.orders} orders in ${((monotonicUs() - startedUs) / 1e6).toFixed(1)} s`,
    `  ${result.exchanges} exchanges came back meanwhile; ${result.served} of ${PROXIES} proxies carry traffic at the end`,
    `  servers killed by us: ${killed}; replaced: ${reasons.length}, of them for hanging: ${hung.length}; slowest order ${result.slowestMs.toFixed(0)} ms`,
    ...[...new Set(reasons)].slice(0, 10).map((reason) => `  replaced: ${reason}`),
    ...bad.map((sentence) => `  BAD: ${sentence}`),
    '',
  ].join('\n'),
);
process.exit(result.served === PROXIES && bad.length === 0 ? 0 : 1);
