import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../lib/journal/event.ts';
import type { Sample } from '../../lib/journal/sample.ts';
import { tableOfSamples } from '../../lib/journal/sample-table.ts';
import { fixtureHistory, fixtureRun } from '../../lib/measure/fixture-history.ts';
import { type History, historyOf } from '../../lib/measure/history.ts';
import { fixtureInput, inputOf, wallsHistory } from './fixture-input.ts';
import { renderReport } from './render.ts';

const MEGABYTE = 1_000_000;
const PAGE = renderReport(fixtureInput());

describe('the page of a report', () => {
  it('is the golden page', async () => {
    // Two of the four groups keep the file small enough to read a change of it.
    const { events, samples } = fixtureRun();
    const few = samples.filter(({ caller }) => /^(app|control-central)-/.test(caller));
    const page = renderReport(inputOf(historyOf(events, tableOfSamples(few))));
    await expect(page).toMatchFileSnapshot('../../test/golden/report.html');
  });

  it('is made the same twice', () => {
    expect(renderReport(fixtureInput())).toBe(PAGE);
  });

  it('leads with the question, the verdict in a word and its sentence, and where it comes from', () => {
    const { document } = parseHTML(PAGE);
    expect(document.querySelectorAll('h1').length).toBe(1);
    expect(document.querySelector('h1')?.textContent).toMatch(/^When eu-west-1 refuses/);
    expect(document.querySelector('.verdict .word')?.textContent).toMatch(/✓\s+Pass/);
    expect(document.querySelector('.verdict .sentence')?.textContent).toMatch(
      /served elsewhere; the limit is 5\u00a0s/,
    );
    expect(document.querySelector('.provenance')?.textContent).toContain('emulated, not AWS');
  });

  it('has a table and a spoken text for every drawing', () => {
    const { document } = parseHTML(PAGE);
    const figures = [...document.querySelectorAll('figure')];
    expect(figures.length).toBeGreaterThanOrEqual(6);
    for (const figure of figures) expect(figure.querySelector('table')).not.toBeNull();
    for (const drawing of document.querySelectorAll('.drawing svg')) {
      const spoken = drawing.getAttribute('aria-label') ?? '';
      expect(drawing.getAttribute('aria-hidden') === 'true' || spoken.length > 20).toBe(true);
    }
  });

  it('links only within itself and to the files beside it', () => {
    const { document } = parseHTML(PAGE);
    const targets = [...document.querySelectorAll('[href]')].map((link) => link.getAttribute('href') ?? '');
    for (const target of targets) expect(target).toMatch(/^(#[a-z]+|[a-z]+\.(arrows|ndjson|json))$/);
    for (const target of targets.filter((link) => link.startsWith('#'))) {
      expect(document.querySelector(target)).not.toBeNull();
    }
    expect(document.querySelectorAll('script, iframe, img, link, object, [src], [style]').length).toBe(0);
  });

  it.each([
    ['a run without a fault', () => fixtureInput({ outage: false })],
    ['callers with nowhere to go', () => fixtureInput({ failover: false })],
    ['a saturated generator', () => fixtureInput({ droppedShare: 0.3, lagMsMax: 900 })],
    ['an aborted run', () => fixtureInput({ aborted: 'a person pressed Ctrl-C' })],
    ['a fault that did not bite', () => fixtureInput({ proved: false })],
    ['walls between partitions', () => inputOf(wallsHistory(true))],
    ['no run at all', () => inputOf(historyOf([], tableOfSamples([])))],
    ['a run that broke off in its fault', () => inputOf(brokenOff())],
  ])('has a page without NaN, undefined or Infinity for %s', (_name, input) => {
    const { document } = parseHTML(renderReport(input()));
    const body = document.body.outerHTML;
    expect(body).not.toMatch(/\b(NaN|undefined|Infinity|null)\b|\[object/);
  });

  it.each([
    [1, 12_000],
    [10, 120_000],
  ])('stays under 1 MB for %i minute(s) with %i samples', (minutes, least) => {
    const history = longHistory(minutes, least);
    expect(history.samples.length).toBeGreaterThanOrEqual(least);
    const page = renderReport(inputOf(history));
    expect(Buffer.byteLength(page)).toBeLessThan(MEGABYTE);
  });
});

/** The journal of the fixture up to a moment inside the outage. */
function brokenOff(): History {
  const { events, samples } = fixtureRun();
  const untilUs = 30_000_000;
  const [started] = events.filter((event) => event.kind === 'load.started');
  const early = events.filter((event) => event.monoUs < (started?.monoUs ?? 0) + untilUs);
  return historyOf(early, tableOfSamples(samples.filter((sample) => sample.endedUs < untilUs)));
}

/** The fixture's minute again and again, each arrival as often as it takes to have so many samples. */
function longHistory(minutes: number, least: number): History {
  const { events, samples } = fixtureRun();
  const arrivals = Math.max(...samples.map((sample) => sample.arrival)) + 1;
  const times = Math.ceil(least / samples.length);
  const many: Sample[] = [];
  for (let copy = 0; copy < times; copy += 1) {
    const shiftUs = (copy % minutes) * 60_000_000 + copy;
    for (const sample of samples) {
      many.push({
        ...sample,
        arrival: sample.arrival + copy * arrivals,
        plannedUs: sample.plannedUs + shiftUs,
        startedUs: sample.startedUs + shiftUs,
        endedUs: sample.endedUs + shiftUs,
      });
    }
  }
  const stretched = events.map(
    (event): JournalEvent =>
      event.kind === 'load.started' ? { ...event, durationUs: minutes * 60_000_000 } : event,
  );
  return { ...historyOf(stretched, tableOfSamples(many)), counts: fixtureHistory().counts };
}
