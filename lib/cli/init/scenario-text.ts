/** The first scenario of a repository: a question that every caller with a second Region should pass. */

import type { Language } from './repository.ts';

export function scenarioText(language: Language): string {
  const [head, begin, end] = WRAPPINGS[language];
  return `${INTRODUCTION}\n\n${head}${begin}${SCENARIO}${end}\n`;
}

/** What stands before the object, with which it begins, and after it. Types come from `regionfall` in each. */
const WRAPPINGS: Readonly<Record<Language, readonly [head: string, begin: string, end: string]>> = {
  typescript: ["import { defineScenario } from 'regionfall';\n\n", 'export default defineScenario(', ');'],
  module: ["import { defineScenario } from 'regionfall';\n\n", 'export default defineScenario(', ');'],
  // Nothing is required: a CommonJS module cannot import Regionfall on every Node, and types need no import.
  commonjs: ["/** @type {import('regionfall').ScenarioInput} */\n", 'module.exports = ', ';'],
};

const INTRODUCTION = `/**
 * Do callers keep getting credentials while STS in their Region is lost? Written by \`regionfall init\`; it is yours.
 *
 * Change first: the Regions in which you run, the policy (what your clients do when an attempt fails: the SDKs as they
 * come know one endpoint and are 'pinned' to it), and what you expect. \`regionfall list faults\` says what else can
 * break, \`regionfall validate\` what is wrong with this file.
 */`;

const SCENARIO = `{
  name: 'region-outage',
  question: 'Do callers in eu-west-1 keep getting credentials while STS in their Region refuses connections?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: {
    duration: '35s',
    groups: [
      {
        name: 'app',
        location: 'eu-west-1',
        callers: 4,
        ratePerSecond: 40,
        operations: { AssumeRole: 1 },
        policy: {
          kind: 'ordered',
          endpoints: ['eu-west-1', 'eu-central-1'],
          attemptTimeLimitMs: 1_000,
          failBackAfterMs: 3_000,
        },
      },
    ],
  },
  faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '10s', for: '10s' }],
  expect: [
    {
      name: 'callers are served throughout',
      kind: 'success-ratio',
      group: 'app',
      phase: 'during',
      fault: 'outage',
      atLeast: 0.95,
    },
    {
      name: 'every caller is served elsewhere soon',
      kind: 'recovery',
      fault: 'outage',
      group: 'app',
      milestone: 'failedOver',
      within: '3s',
    },
    {
      name: 'every caller comes home soon after the outage',
      kind: 'recovery',
      fault: 'outage',
      group: 'app',
      milestone: 'failedBack',
      within: '8s',
    },
  ],
}`;
