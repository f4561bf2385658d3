/** JUnit XML for CI servers: a test case per expectation, so that a broken one shows by its name. */
import type { ExpectationResult } from '../../lib/measure/verdict.ts';
import { type Html, html } from './html.ts';
import type { ReportInput } from './report-input.ts';

/** `inconclusive` and `aborted` are errors rather than failures: nothing was shown to be broken. */
export function renderJunit({ history, judged, scenario }: ReportInput): string {
  const cases = judged.expectations.map((result) => testCase(scenario.name, result));
  // Doubts about the run itself belong to no expectation, yet must not look like a pass.
  const doubted = judged.verdict === 'inconclusive' || judged.verdict === 'aborted';
  const run = doubted
    ? html`  <testcase classname="${scenario.name}" name="the run can be judged"><error message="${judged.verdict}">${judged.reasons.join('\n')}</error></testcase>\n`
    : '';
  const failures = judged.expectations.filter(({ verdict }) => verdict === 'fail').length;
  const errors =
    judged.expectations.filter(({ verdict }) => verdict === 'inconclusive').length + (doubted ? 1 : 0);
  const seconds = (history.durationUs / 1e6).toFixed(3);
  const suite = html`<?xml version="1.0" encoding="UTF-8"?>
<testsuites><testsuite name="${scenario.name}" tests="${cases.length + (doubted ? 1 : 0)}" failures="${failures}" errors="${errors}" time="${seconds}">
  <properties><property name="run" value="${history.runId}"/><property name="seed" value="${history.seed}"/></properties>
${cases}${run}</testsuite></testsuites>
`;
  return String(suite);
}

function testCase(scenario: string, { name, kind, verdict, sentence }: ExpectationResult): Html {
  const open = html`  <testcase classname="${scenario}" name="${name}">`;
  if (verdict === 'pass') return html`${open}<system-out>${sentence}</system-out></testcase>\n`;
  if (verdict === 'fail') return html`${open}<failure message="${sentence}" type="${kind}"/></testcase>\n`;
  return html`${open}<error message="${sentence}" type="inconclusive"/></testcase>\n`;
}
