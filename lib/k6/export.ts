/**
 * A load to be made by k6 on other machines: the script that carries the plan in itself, the lines that run a share of
 * it each, and the manifest for the operator of Kubernetes. Pure; what is written where, the command decides.
 */

import type { LoadGroup } from '../load/load-spec.ts';
import { bundleScript, GENERATED_SCRIPT } from './bundle.ts';
import { manifestOf, SETUP_TIMEOUT } from './export-manifest.ts';
import type { K6Plan } from './script/config.ts';

export interface ExportOptions {
  readonly scenario: string;
  /** The scenario as `merge` finds it again: file or name. */
  readonly source: string;
  /** SHA-256 of the resolved scenario. */
  readonly hash: string;
  readonly seed: number;
  readonly durationUs: number;
  readonly drainUs: number;
  readonly groups: readonly LoadGroup[];
  /** Options of `regionfall up` that open a world for it. */
  readonly up: readonly string[];
  /** Machines. */
  readonly segments: number;
  /** An agreed moment, ISO 8601; whoever runs the parts says it without. */
  readonly start?: string;
  /** A script of the user's own; the generated one without it. */
  readonly script?: string;
}

/** By file name. */
export type ExportedFiles = Readonly<Record<string, string>>;

export const EXPORTED_SCRIPT = 'regionfall.js';

export async function exportLoad(options: ExportOptions): Promise<ExportedFiles> {
  const { scenario, segments, start, script } = options;
  const { code } = await bundleScript(script ?? GENERATED_SCRIPT, {
    plan: planOf(options),
    // The generated one waits by itself.
    conducted: script !== undefined,
  });
  return {
    [EXPORTED_SCRIPT]: code,
    'run.sh': commandsOf(options),
    'testrun.yaml': manifestOf({
      scenario,
      segments,
      scriptName: EXPORTED_SCRIPT,
      script: code,
      ...(start === undefined ? {} : { start }),
    }),
    'README.md': readmeOf(options),
  };
}

export function planOf({ hash, seed, durationUs, drainUs, groups }: ExportOptions): K6Plan {
  return {
    schema: 1,
    hash,
    seed,
    durationUs,
    drainUs,
    groups: groups.map((group) => ({
      name: group.name,
      location: group.location,
      callers: group.callers,
      ratePerSecond: group.ratePerSecond,
      operations: group.operations,
      arrivals: group.arrivals,
      policy: group.policy,
      partition: group.partition,
      principal: group.principal,
    })),
  };
}

/** `1/4:2/4` for the second of four, and the sequence that all of them need. */
function segmentOf(index: number, segments: number): { readonly segment: string; readonly sequence: string } {
  const edge = (at: number): string => (at === 0 ? '0' : at === segments ? '1' : `${at}/${segments}`);
  const edges = Array.from({ length: segments + 1 }, (_, at) => edge(at));
  return { segment: `${edge(index)}:${edge(index + 1)}`, sequence: edges.join(',') };
}

/** For each part, k6's own options. */
export function k6OptionsOf(index: number, segments: number): readonly string[] {
  const { segment, sequence } = segmentOf(index, segments);
  return [
    'run',
    '--quiet',
    '--no-usage-report',
    // Nobody asks it anything, and the parts of one machine would take each other's port.
    '--address',
    '',
    ...(segments === 1 ? [] : ['--execution-segment', segment, '--execution-segment-sequence', sequence]),
    '--out',
    `json=part-${index + 1}.json.gz`,
    EXPORTED_SCRIPT,
  ];
}

function commandsOf({ scenario, segments, start }: ExportOptions): string {
  const lines = Array.from({ length: segments }, (_, index) => {
    return `  ${index + 1}) exec k6 ${k6OptionsOf(index, segments).map(shellWord).join(' ')} ;;`;
  });
  return `#!/bin/sh
# The load of ${scenario}: part N of ${segments} by ./run.sh N. Each machine runs one part, all with the same
# REGIONFALL_START, a moment to come: "$(date -u -d '+2 minutes' +%Y-%m-%dT%H:%M:%SZ)".
set -eu
: "\${REGIONFALL_WORLD:?names the file that holds the line of: regionfall up --json}"
: "\${REGIONFALL_START:${start === undefined ? '?is the agreed start, the same on every machine' : `=${start}`}}"
# The authority of that world, and no other.
: "\${SSL_CERT_FILE:?names the file that the world calls \\"ca\\"}"
REGIONFALL_WORLD=$(realpath "$REGIONFALL_WORLD")
SSL_CERT_FILE=$(realpath "$SSL_CERT_FILE")
export REGIONFALL_WORLD REGIONFALL_START SSL_CERT_FILE
export K6_SETUP_TIMEOUT=${SETUP_TIMEOUT} K6_AUTO_EXTENSION_RESOLUTION=false
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy
# A summary keeps every figure in memory, and the two lines of k6 leave it away by different words.
case "$(k6 version)" in
  "k6 v1."*) export K6_NO_SUMMARY=true ;;
  *) export K6_SUMMARY_MODE=disabled ;;
esac
cd "$(dirname "$0")"
case "\${1:-${segments === 1 ? '1' : ''}}" in
${lines.join('\n')}
  *) echo "say which part: ${segments === 1 ? '1' : `1 to ${segments}`}" >&2; exit 2 ;;
esac
`;
}

function readmeOf({ scenario, source, hash, seed, segments, up, start }: ExportOptions): string {
  const at = start ?? '2026-12-01T09:00:00Z';
  return `# The load of ${scenario}, for ${segments} machine${segments === 1 ? '' : 's'}

Made by \`regionfall k6 export\` from scenario ${hash.slice(0, 12)} with seed ${seed}. Every machine makes its share of one plan: the parts together are the whole, arrival by arrival.

1. Open the world, where you hold the game day: \`${['regionfall', 'up', ...up.map(shellWord), '--json'].join(' ')} > world.json\`. The file holds the keys of that emulated world and the token of its admin API, and nothing of AWS.
2. Give each machine this folder, \`world.json\` and the file that it calls \`ca\`. A world listens on 127.0.0.1 only, and the script dials nothing else, so bring its ports there. This holds until it is ended, and what it adds to latencies is in them:

       ssh -N $(sed 's/"controlPlane".*//; s/.*"endpoints"//' world.json | grep -o '127.0.0.1:[0-9]*' | sort -u | sed 's/.*/-L &:&/') HOST-OF-THE-WORLD

3. On machine N: \`REGIONFALL_WORLD=world.json SSL_CERT_FILE=ca.pem REGIONFALL_START=${at} ./run.sh N\`. The start is one moment, the same for all, and early enough that every k6 is up by then; a part that comes too late refuses to begin.
4. Bring the parts together: \`${['regionfall', 'merge', source, '--seed', String(seed)].map(shellWord).join(' ')} part-*.json.gz\`.

For Kubernetes, testrun.yaml takes the place of 3: put the start into it, and \`kubectl apply --server-side -f testrun.yaml\`.

The script calls the world that it is given and never AWS by itself. Faults of the scenario are not carried out here: whoever holds the world does that, and the merged report judges what can be judged without them.
`;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
