import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { latencyModel } from '../latency/model.ts';
import { caveatsOf } from './caveats.ts';
import { fixtureInput, inputOf, wallsHistory } from './fixture-input.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderReport } from './render.ts';
import type { ReportInput } from './report-input.ts';
import { reportJson } from './report-json.ts';
import { timeAxisOf } from './time-axis.ts';
import { verdictSentences } from './verdict-bar.ts';

const PASS = fixtureInput();
const FAIL = fixtureInput({ failover: false });
const DOUBT = fixtureInput({ proved: false });

describe('report.json', () => {
  it('survives JSON unchanged and holds the verdict, the counts and the figures', () => {
    const report = reportJson(PASS);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({
      schema: 1,
      verdict: 'pass',
      exitCode: 0,
      emulated: true,
      counts: PASS.history.counts,
    });
    expect(report.milestones.map(({ name }) => name)).toContain('failedOver');
    expect(report.latency.routes[0]?.phases[0]?.quantiles.map(({ percentile }) => percentile)).toEqual([
      0.5, 0.9, 0.99, 0.999,
    ]);
  });
});

describe('the verdict in sentences', () => {
  it('tells a pass by how fast callers were served elsewhere, and gives every reason of anything else', () => {
    expect(verdictSentences(PASS.judged)).toEqual([
      expect.stringMatching(
        /^All 3 expectations held\. Within 201 ms of the start of the outage, all 6 callers of app that it hit were served elsewhere; the limit is 5 s\.$/,
      ),
    ]);
    expect(verdictSentences(FAIL.judged)).toEqual(FAIL.judged.reasons);
  });
});

describe('the Markdown report', () => {
  it('has the verdict first and a row for every expectation', () => {
    const lines = renderMarkdown(PASS).split('\n');
    expect(lines[0]).toMatch(/^# ✓ Pass: When eu-west-1 refuses/);
    const rows = lines.filter((line) => line.startsWith('| ') && line.includes('✓ pass'));
    expect(rows.length).toBe(3);
    for (const row of rows) expect(row.split(' | ').length).toBe(6);
  });
});

describe('what the service was told to be', () => {
  it('stands in every output but that for build servers', () => {
    expect(renderMarkdown(PASS)).toContain('STS as of 2026');
    expect(renderMarkdown(PASS)).toContain('- Service time: eu-west-1: median 6 ms, p99 30 ms, lognormal');
    expect(renderMarkdown(PASS)).toContain('- Quotas: 600 a second and account, 600 at once');
    expect(reportJson(PASS).service[0]).toEqual({
      region: 'eu-west-1',
      pace: {
        concurrency: 8,
        queueLimit: 200,
        serviceTime: { kind: 'lognormal', medianMs: 6, p99Ms: 30 },
      },
      quotas: { ratePerSecond: 600, burst: 600 },
      replicaDelayMs: 1_000,
    });
    const { document } = parseHTML(renderReport(PASS));
    expect(document.querySelector('.provenance .note')?.textContent).toContain('STS as of 2026');
    expect(document.querySelector('.provenance dl')?.textContent).toContain('Changes arrive after');
  });

  it('is left out where a run does not say', () => {
    const { service: _, ...older } = PASS;
    expect(reportJson(older).service).toEqual([]);
    expect(renderMarkdown(older)).not.toContain('Quotas');
    expect(renderReport(older)).not.toContain('Quotas');
  });
});

describe('the JUnit report', () => {
  const suiteOf = (input: ReportInput) => parseHTML(renderJunit(input)).document;

  it('has a test case for every expectation', () => {
    expect(suiteOf(PASS).querySelectorAll('testcase').length).toBe(3);
    expect(suiteOf(PASS).querySelectorAll('failure, error').length).toBe(0);
  });

  it('counts broken expectations as failures', () => {
    const suite = suiteOf(FAIL);
    const failures = suite.querySelectorAll('failure').length;
    expect(failures).toBeGreaterThan(0);
    expect(suite.querySelector('testsuite')?.getAttribute('failures')).toBe(String(failures));
  });

  it('lets a run that cannot be judged never look like a pass', () => {
    const suite = suiteOf(DOUBT);
    expect(suite.querySelector('testcase[name="the run can be judged"] error')?.textContent).toContain(
      'No probe saw',
    );
    expect(Number(suite.querySelector('testsuite')?.getAttribute('errors'))).toBeGreaterThan(0);
  });
});

describe('caveats', () => {
  const caveats = ({ history, provenance, service }: ReportInput) =>
    caveatsOf(history, provenance, latencyModel(history, timeAxisOf(history)), service).join('\n');

  it('tell of dropped arrivals, a late generator, modelled ways, guards, small samples and the emulation', () => {
    expect(caveats(fixtureInput({ droppedShare: 0.1, lagMsMax: 300 }))).toMatch(
      /dropped [\d,]+ of 9,006 planned arrivals/,
    );
    expect(caveats(fixtureInput({ lagMsMax: 300 }))).toContain('The generator was up to 300 ms late');
    expect(caveats(fixtureInput({ lagMsMax: 0.2 }))).not.toContain('The generator');
    expect(caveats(PASS)).toMatch(/within 1 s before a fault/);
    expect(caveats(PASS)).toMatch(/it takes at least .*3,688 for p99\.9/);
    expect(caveats(PASS)).toContain('The service is emulated');
    const walls = caveats(inputOf(wallsHistory(false)));
    expect(walls).toContain('modelled from distance, not measured: eu-west-1 → cn-north-1');
    expect(walls).toContain('The embedded network has no loss.');
  });

  it('say whose speed it is: the machine’s, or what the scenario declares', () => {
    expect(caveats(PASS)).toContain('its speed and its capacity are those that the scenario declares');
    const { service: _, ...undeclared } = PASS;
    expect(caveats(undeclared)).toContain('its speed and its capacity do not');
  });

  it('tell of an abort, an unproved fault and an incomplete folder', () => {
    expect(caveats(fixtureInput({ aborted: 'Ctrl-C' }))).toContain('The run was aborted (Ctrl-C)');
    expect(caveats(DOUBT)).toContain('No probe saw the fault outage bite');
    const partial = {
      ...PASS,
      provenance: { ...PASS.provenance, complete: false, reason: 'There is no manifest.' },
    };
    expect(caveats(partial)).toContain('not complete. There is no manifest.\n');
  });
});
