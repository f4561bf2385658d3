/** Text of a run is whatever callers and answers put there: none of it may become markup, in any output. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseHTML } from 'linkedom';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { tableOfSamples } from '../../lib/journal/sample-table.ts';
import { fixtureRun } from '../../lib/measure/fixture-history.ts';
import { historyOf } from '../../lib/measure/history.ts';
import { judge } from '../../lib/measure/verdict.ts';
import { partOrSkip } from '../../test/required-part.ts';
import { FIXTURE_EXPECTATIONS, fixtureService, wallsHistory } from './fixture-input.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderReport } from './render.ts';
import type { ReportInput } from './report-input.ts';

/** Each breaks out of another place: text, quoted and bare attributes, style, comment, SVG, template, link. */
const PAYLOADS = [
  '<script>globalThis.pwned=1</script>',
  '"><img src=x onerror=globalThis.pwned=1>',
  "' onmouseover='globalThis.pwned=1' autofocus onfocus='globalThis.pwned=1",
  '</style></svg></details></table><svg onload=globalThis.pwned=1>',
  '--><iframe srcdoc="<script>parent.pwned=1</script>">',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the payload.
  '`${globalThis.pwned=1}`{{constructor.constructor("pwned=1")()}}',
  'javascript:globalThis.pwned=1//<a href="javascript:pwned=1">',
  '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
  '&lt;script&gt;&#60;script&#62;\u2028<foreignObject><body onload=pwned=1>',
];

/** Every string that a run could hold, apart from the words our own code chooses, ends in the payload. */
function poisoned(payload: string): ReportInput {
  const { events, samples: all } = fixtureRun();
  // A few are as hostile as many: every twentieth, and all that failed.
  const samples = all.filter(({ arrival, outcome }) => arrival % 20 === 0 || outcome !== 'ok');
  const poison = <Value>(value: Value): Value => poisonText(value, payload);
  const history = historyOf(poison(events), tableOfSamples(poison(samples)));
  const judged = poison(judge(history, FIXTURE_EXPECTATIONS));
  return {
    history: { ...history, networkLimits: [payload], aborted: payload },
    judged: { ...judged, reasons: [payload, payload] },
    scenario: { name: payload, question: payload },
    service: fixtureService([payload, `other ${payload}`]),
    provenance: { hash: payload, complete: false, reason: payload },
  };
}

const OUR_WORDS = new Set(['kind', 'outcome', 'credential', 'level', 'phase', 'by', 'verdict', 'unit']);

function poisonText<Value>(value: Value, payload: string, key = ''): Value {
  if (typeof value === 'string')
    return (OUR_WORDS.has(key) || value === '' ? value : `${value}${payload}`) as Value;
  if (Array.isArray(value)) return value.map((entry) => poisonText(entry, payload, key)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, entry]) => [name, poisonText(entry, payload, name)]);
  return Object.fromEntries(entries) as Value;
}

function poisonedWalls(payload: string): ReportInput {
  const history = wallsHistory(true);
  const samples = Array.from({ length: history.samples.length }, (_, row) => history.samples.row(row));
  const dirty = historyOf(poisonText(history.events, payload), tableOfSamples(poisonText(samples, payload)));
  return { ...poisoned(payload), history: dirty };
}

describe('text of a run', () => {
  it.each(PAYLOADS)('never becomes markup of the page: %s', (payload) => {
    for (const input of [poisoned(payload), poisonedWalls(payload)]) {
      const { document } = parseHTML(renderReport(input));
      expect(
        document.querySelectorAll('script, iframe, img, object, embed, foreignObject, base, form').length,
      ).toBe(0);
      expect(document.querySelectorAll('meta[http-equiv]').length).toBe(1);
      for (const element of document.querySelectorAll('*')) {
        for (const { name } of element.attributes) expect(name).not.toMatch(/^(on|style|src|srcdoc|xlink)/i);
      }
      expect(document.querySelector('h1')?.textContent).toBe(payload);
    }
  });

  it.each(PAYLOADS)('never becomes markup of the Markdown: %s', (payload) => {
    expect(renderMarkdown(poisoned(payload))).not.toMatch(/[<>`]|\]\(|:\/\//);
  });

  it.each(PAYLOADS)('never becomes markup of the JUnit file: %s', (payload) => {
    const tags = renderJunit(poisoned(payload)).match(/<[^>]*>/g) ?? [];
    for (const tag of tags) {
      expect(tag).toMatch(/^<\/?(\?xml|testsuites?|testcase|properties|property|system-out|failure|error)\b/);
    }
  });
});

const part = await partOrSkip('chromium');

part.suite('text of a run in a browser that runs scripts', () => {
  it('runs nothing, asks for nothing and breaks no rule of the page', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'regionfall-report-'));
    const browser = await chromium.launch({
      executablePath: part.path,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    });
    try {
      const page = await browser.newPage();
      const requests: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => complaints.push(message.text()));
      for (const [index, payload] of PAYLOADS.entries()) {
        const path = join(folder, `${index}.html`);
        writeFileSync(path, renderReport(poisoned(payload)));
        await page.goto(pathToFileURL(path).href);
        expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
        expect(requests.splice(0)).toEqual([pathToFileURL(path).href]);
        expect(complaints.splice(0)).toEqual([]);
      }
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
