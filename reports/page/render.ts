/** Puts a report together: one HTML page that needs no script, no network and no other file. */
import { callersSection } from '../callers/section.ts';
import { failoverSection } from '../failover/section.ts';
import { isolationSection } from '../isolation/section.ts';
import { latencySection } from '../latency/section.ts';
import { eventLogSection } from './event-log.ts';
import { faultsFigure } from './faults-section.ts';
import { frame } from './frame.ts';
import { howToRead } from './how-to-read.ts';
import { type Html, html } from './html.ts';
import { EMULATED, provenanceSection } from './provenance.ts';
import { regionColours } from './region-colours.ts';
import type { ReportInput } from './report-input.ts';
import { type ReportModel, reportModel } from './report-model.ts';
import { countsLine, expectationsTable, VERDICT_WORDS, verdictBar } from './verdict-bar.ts';

/** At most 1 MB, whatever the length of the run: charts hold buckets, never samples. */
export function renderReport(input: ReportInput): string {
  const { history, judged, scenario } = input;
  const model = reportModel(input);
  const colours = regionColours([...history.regions, ...history.links.map((link) => link.servingRegion)]);
  return frame(
    `${VERDICT_WORDS[judged.verdict].word}: ${scenario.name}, Regionfall`,
    html`<header class="top">
<p class="eyebrow">Regionfall${scenario.name !== '' && ` · ${scenario.name}`}</p>
<h1>${scenario.question}</h1>
${verdictBar(judged)}
${countsLine(history.counts)}
${provenanceSection(input)}
</header>
${CONTENTS}
<main>
<section id="verdict" aria-labelledby="verdict-title"><h2 id="verdict-title">Expectations and faults</h2>
${expectationsTable(judged.expectations)}
${faultsFigure(history.faults, model.axis)}
${howToRead()}</section>
${latencySection(model.latency, model.axis)}
${failoverSection(model.failover, model.axis, colours)}
${callersSection(model.callers)}
${isolationSection(model.isolation)}
${eventLogSection(history.events, history.originUs)}
${caveatsSection(model)}
${RAW_DATA}
</main>
<footer><p>Written by Regionfall from the run's own folder. The service is ${EMULATED}.</p></footer>`,
  );
}

const CONTENTS: Html = html`<nav aria-label="Sections"><ul>
<li><a href="#verdict">Expectations</a></li><li><a href="#latency">Latency</a></li><li><a href="#failover">Failover</a></li><li><a href="#callers">Callers</a></li><li><a href="#isolation">Isolation</a></li><li><a href="#events">Events</a></li><li><a href="#caveats">Caveats</a></li><li><a href="#data">Raw data</a></li>
</ul></nav>`;

function caveatsSection({ caveats }: ReportModel): Html {
  return html`<section id="caveats" aria-labelledby="caveats-title"><h2 id="caveats-title">Caveats of this run</h2>
<ul class="caveats">${caveats.map((caveat) => html`<li>${caveat}</li>`)}</ul></section>`;
}

/** Links are constants, relative to the page; none is ever made from what a run says. */
const RAW_DATA: Html = html`<section id="data" aria-labelledby="data-title"><h2 id="data-title">Raw data</h2>
<p class="note">Beside this page in the run's folder.</p>
<dl class="pairs block">
<dt><a href="samples.arrows">samples.arrows</a></dt><dd>every attempt of every request, an Arrow IPC stream for pandas, Polars or DuckDB</dd>
<dt><a href="service.arrows">service.arrows</a></dt><dd>what the emulated service itself saw</dd>
<dt><a href="events.ndjson">events.ndjson</a></dt><dd>the journal: faults, proofs, notes, one JSON object a line</dd>
<dt><a href="report.json">report.json</a></dt><dd>the figures of this page</dd>
<dt><a href="scenario.json">scenario.json</a></dt><dd>the scenario as it was resolved</dd>
<dt><a href="manifest.json">manifest.json</a></dt><dd>counts and SHA-256 of every file</dd>
</dl></section>`;
