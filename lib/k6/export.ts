/**
 * A load to be made by k6 on other machines: the script that carries the plan in itself, the lines that run a share of
 * it each, and the manifest for the operator of Kubernetes. Pure; what is written where, the command decides.
 */

import type { LoadGroup } from '../load/load-spec.ts';
import { bundleScript, GENERATED_SCRIPT } from './bundle.ts';
import type { K6Plan } from './script/config.ts';

export interface ExportOptions {
  readonly scenario: string;
  /** SHA-256 of the resolved scenario. */
  readonly hash: string;
  readonly seed: number;
  readonly durationUs: number;
  readonly drainUs: number;
  readonly groups: readonly LoadGroup[];
  /** Machines. */
  readonly segments: number;
  /** A script of the user's own; the generated one without it. */
  readonly script?: string;
}

/** By file name. */
export type ExportedFiles = Readonly<Record<string, string>>;

export const EXPORTED_SCRIPT = 'regionfall.js';

export async function exportLoad(options: ExportOptions): Promise<ExportedFiles> {
  const { code } = await bundleScript(options.script ?? GENERATED_SCRIPT, { plan: planOf(options) });
  return {
    [EXPORTED_SCRIPT]: code,
    'run.sh': commandsOf(options),
    'testrun.yaml': manifestOf(options, code),
    'README.md': readmeOf(options),
  };
}

export function planOf({ seed, durationUs, drainUs, groups }: ExportOptions): K6Plan {
  return {
    schema: 1,
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

/** `1/4:1/2` for the second of four, and the sequence that all of them need. */
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
    ...(segments === 1 ? [] : ['--execution-segment', segment, '--execution-segment-sequence', sequence]),
    '--out',
    `json=part-${index + 1}.json.gz`,
    EXPORTED_SCRIPT,
  ];
}

function commandsOf({ scenario, segments }: ExportOptions): string {
  const lines = Array.from({ length: segments }, (_, index) => {
    return `  ${index + 1}) exec k6 ${k6OptionsOf(index, segments).join(' ')} ;;`;
  });
  return `#!/bin/sh
# The load of ${scenario}, part \${1:-1} of ${segments}. Each machine runs one part, all with the same REGIONFALL_START:
# a moment a minute ahead, such as "$(date -u -d '+1 minute' +%Y-%m-%dT%H:%M:%SZ)".
set -eu
cd "$(dirname "$0")"
: "\${REGIONFALL_WORLD:?names the file that holds the line of: regionfall up --json}"
: "\${REGIONFALL_START:?is the agreed start, the same on every machine}"
export REGIONFALL_WORLD REGIONFALL_START K6_AUTO_EXTENSION_RESOLUTION=false
# The authority of that world, and no other.
: "\${SSL_CERT_FILE:?names the file that the world calls \\"ca\\"}"
case "\${1:-1}" in
${lines.join('\n')}
  *) echo "there are parts 1 to ${segments}" >&2; exit 2 ;;
esac
`;
}

/** As grafana/k6-operator takes it: it shares the parts out by itself. */
function manifestOf({ scenario, segments }: ExportOptions, code: string): string {
  const name = `regionfall-${scenario}`.slice(0, 50);
  const indented = code
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
  const script =
    code.length < CONFIG_MAP_BYTES
      ? `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  ${EXPORTED_SCRIPT}: |
${indented}
---
`
      : `# The script is too large for a ConfigMap: put ${EXPORTED_SCRIPT} into a volume, and name that below.
`;
  return `${script}# The world that is called, and its authority, come from a Secret of your own making:
#   kubectl create secret generic ${name}-world --from-file=world.json --from-file=ca.pem
apiVersion: k6.io/v1alpha1
kind: TestRun
metadata:
  name: ${name}
spec:
  parallelism: ${segments}
  script:
    configMap:
      name: ${name}
      file: ${EXPORTED_SCRIPT}
  arguments: --no-usage-report --out json=/results/part.json.gz
  runner:
    env:
      - name: REGIONFALL_WORLD
        value: /world/world.json
      - name: SSL_CERT_FILE
        value: /world/ca.pem
      - name: K6_AUTO_EXTENSION_RESOLUTION
        value: "false"
      # The agreed start: set it to a moment at which all runners are up.
      - name: REGIONFALL_START
        value: "SET-ME"
    volumes:
      - name: world
        secret:
          secretName: ${name}-world
      - name: results
        emptyDir: {}
    volumeMounts:
      - name: world
        mountPath: /world
        readOnly: true
      - name: results
        mountPath: /results
`;
}

/** Kubernetes takes a mebibyte, the rest of the object included. */
const CONFIG_MAP_BYTES = 1_000_000;

function readmeOf({ scenario, hash, seed, segments }: ExportOptions): string {
  return `# The load of ${scenario}, for ${segments} machine${segments === 1 ? '' : 's'}

Made by \`regionfall k6 export\` from scenario ${hash.slice(0, 12)} with seed ${seed}. Every machine makes its share of one plan: the parts together are the whole, arrival by arrival.

1. Open a world that all of them reach, and give each machine its line (\`regionfall up --json > world.json\`) and its authority.
2. On machine N: \`REGIONFALL_WORLD=world.json SSL_CERT_FILE=ca.pem REGIONFALL_START=2026-12-01T09:00:00Z ./run.sh N\`. The start is the same for all.
3. Bring the parts together: \`regionfall merge ${scenario} --seed ${seed} part-*.json.gz\`.

The script calls the world that it is given and never AWS by itself. Faults of the scenario are not carried out here: whoever holds the world does that, and the merged report judges what can be judged without them.
`;
}
