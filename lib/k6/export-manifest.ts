/**
 * An exported load as grafana/k6-operator takes it: the script in a ConfigMap, and a TestRun whose runners are its parts.
 * Fields and what becomes of them: grafana/k6-operator, api/v1alpha1/testrun_types.go and pkg/resources/jobs. Pure.
 */

export interface ManifestOptions {
  readonly scenario: string;
  readonly segments: number;
  /** An agreed moment; to be filled in without it. */
  readonly start?: string;
  readonly scriptName: string;
  readonly script: string;
}

/**
 * The operator gives each runner its segment and nothing of the plan. Its initializer is started as the runners are, so
 * that the script finds its world there too. Names of files come from the pods', since all write to one volume.
 */
export function manifestOf({ scenario, segments, start, scriptName, script }: ManifestOptions): string {
  const name = manifestName(scenario);
  return `${configMapOf(name, scriptName, script)}# What you make, once:
#   kubectl create secret generic ${name}-world --from-file=world.json --from-file=ca.pem
#   a PersistentVolumeClaim ${name}-results, ReadWriteMany: what runners wrote is gone with their pods otherwise.
# A world listens on 127.0.0.1 of its machine and k6 dials nothing else: each pod needs its ports on its own 127.0.0.1,
# by a container of your own that forwards them (runner.initContainers, restartPolicy: Always).
apiVersion: k6.io/v1alpha1
kind: TestRun
metadata:
  name: ${name}
spec:
  parallelism: ${segments}
  script:
    configMap:
      name: ${name}
      file: ${scriptName}
  arguments: --no-usage-report --out json=/results/$(REGIONFALL_PART).json.gz
  runner:
    env:
      - name: REGIONFALL_PART
        valueFrom:
          fieldRef:
            fieldPath: metadata.name
      - name: REGIONFALL_WORLD
        value: /world/world.json
      - name: SSL_CERT_FILE
        value: /world/ca.pem
      # The agreed start: a moment at which all runners are up.
      - name: REGIONFALL_START
        value: "${start ?? 'SET-ME'}"
      - name: K6_SETUP_TIMEOUT
        value: ${SETUP_TIMEOUT}
      - name: K6_NO_SUMMARY
        value: "true"
      - name: K6_AUTO_EXTENSION_RESOLUTION
        value: "false"
    volumes:
      - name: world
        secret:
          secretName: ${name}-world
      - name: results
        persistentVolumeClaim:
          claimName: ${name}-results
    volumeMounts:
      - name: world
        mountPath: /world
        readOnly: true
      - name: results
        mountPath: /results
`;
}

/** `setup` waits for the agreed start, and k6 gives it a minute if nobody says otherwise. */
export const SETUP_TIMEOUT = '24h';

/** Kubernetes' names of jobs end at 63 characters, and the operator adds words of its own. */
function manifestName(scenario: string): string {
  return `regionfall-${scenario}`.slice(0, 40).replace(/-+$/, '');
}

/** Of one object, by what etcd takes, less what stands around the script. */
const CONFIG_MAP_BYTES = 1_000_000;

function configMapOf(name: string, scriptName: string, script: string): string {
  const indented = script.replaceAll(/^(?=.)/gm, '    ');
  if (Buffer.byteLength(indented) > CONFIG_MAP_BYTES) {
    return `# The script is too large for a ConfigMap: put ${scriptName} into a volume, and name that under spec.script.
`;
  }
  // How far it is indented is said, since a script may begin with a blank.
  return `# kubectl apply --server-side: the usual way keeps a copy in an annotation, for which this is too long.
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  ${scriptName}: |2
${indented}
---
`;
}
