/**
 * The AWS clients of this machine through an outage: each is a program of its own, started as it comes, again and again.
 * The report's section on callers is the table: what a client does when its Region refuses, and when it is silent.
 *
 * Which clients take part, the environment says; `regionfall doctor` and docs/exec.md how to get them:
 * REGIONFALL_AWS (the AWS CLI, or `aws` on the PATH), REGIONFALL_PYTHON (with boto3), REGIONFALL_JAVA_SDK (a folder with
 * the jars of version 1 and StsCaller.class), REGIONFALL_GO_CLIENT (clients/go, built). The SDK for JavaScript always does.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineScenario } from '../lib/scenario/schema.ts';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { REGIONFALL_AWS, REGIONFALL_PYTHON, REGIONFALL_JAVA_SDK, REGIONFALL_GO_CLIENT } = process.env;

const COMMANDS: Readonly<Record<string, readonly string[] | undefined>> = {
  javascript: [process.execPath, file('./clients/sts-caller.mjs'), 'regional'],
  'aws-cli': REGIONFALL_AWS ? [REGIONFALL_AWS, 'sts', 'get-caller-identity', '--output', 'text'] : undefined,
  boto3: REGIONFALL_PYTHON ? [REGIONFALL_PYTHON, file('./clients/sts_caller.py'), 'regional'] : undefined,
  'java-v1':
    REGIONFALL_JAVA_SDK && existsSync(join(REGIONFALL_JAVA_SDK, 'StsCaller.class'))
      ? [
          'java',
          '-XX:TieredStopAtLevel=1',
          '-cp',
          `${REGIONFALL_JAVA_SDK}:${join(REGIONFALL_JAVA_SDK, '*')}`,
          'StsCaller',
          'setEndpoint',
        ]
      : undefined,
  'go-v2': REGIONFALL_GO_CLIENT ? [REGIONFALL_GO_CLIENT, 'regional'] : undefined,
};

const clients = Object.entries(COMMANDS).flatMap(([name, command]) =>
  command === undefined ? [] : [{ name, command: [...command] }],
);

export default defineScenario({
  name: 'clients-in-an-outage',
  question:
    'What does each AWS client of this machine do when STS in its Region refuses, and when it is silent?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: {
    duration: '52s',
    drain: '6s',
    groups: clients.map(({ name, command }) => ({
      name,
      location: 'eu-west-1',
      // A JVM or a Python takes a good part of a second to start.
      ratePerSecond: 0.7,
      operations: { GetCallerIdentity: 1 },
      policy: { kind: 'pinned', endpoint: 'eu-west-1' },
      client: { kind: 'program', command, timeLimitMs: 15_000 },
      arrivals: 'even',
    })),
  },
  faults: [
    { name: 'refused', kind: 'refused', target: { region: 'eu-west-1' }, at: '8s', for: '16s' },
    { name: 'silence', kind: 'silence', target: { region: 'eu-west-1' }, at: '38s', for: '8s' },
  ],
  expect: clients.flatMap(
    ({ name }) =>
      [
        {
          // A client that cannot even start would pass the next one. Few samples, and the last may reach into the fault.
          name: `${name} as it comes is served before`,
          kind: 'success-ratio',
          group: name,
          phase: 'before',
          atLeast: 0.1,
        },
        {
          name: `${name} as it comes gets nothing while its Region refuses`,
          kind: 'success-ratio',
          group: name,
          phase: 'during',
          fault: 'refused',
          atMost: 0.7,
        },
      ] as const,
  ),
});
