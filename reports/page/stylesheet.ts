/**
 * The look of a report: one stylesheet inside the page, named by its hash in the content-security policy. Colours
 * are variables with a light and a dark value, each at least 4.5 : 1 against its ground where it carries text.
 */
import { createHash } from 'node:crypto';

const COLOURS_LIGHT = `
  --ground: #ffffff; --panel: #f5f6f8; --ink: #191c20; --soft: #59616c; --line: #d8dce2; --hair: #e9ecf0;
  --link: #1d5fa8; --pass: #17724a; --fail: #b3291e; --inconclusive: #855200; --aborted: #5b4b8a;
  --fault: #b3291e; --fault-area: rgb(179 41 30 / .07); --guard: rgb(89 97 108 / .12);
  --s1: #1f66b1; --s2: #b35a00; --s3: #0a7868; --s4: #7c4bb0; --s5: #a8326f; --s6: #62660d; --s7: #3f6f86; --s8: #7a5a44;
  --before: #6b7480; --during: #b35a00; --after: #1f66b1;
  --lane-home: #cfe0f3; --lane-away: #f7d9b5; --lane-wait: #ded2ee;`;

const COLOURS_DARK = `
  --ground: #13161a; --panel: #1b1f25; --ink: #e7eaee; --soft: #9ea8b5; --line: #353c46; --hair: #262c34;
  --link: #82b7f2; --pass: #4ec58d; --fail: #ff8273; --inconclusive: #efb344; --aborted: #b9a6ee;
  --fault: #ff8273; --fault-area: rgb(255 130 115 / .09); --guard: rgb(158 168 181 / .16);
  --s1: #6cb0f3; --s2: #f0a04b; --s3: #45c7b1; --s4: #bf98ee; --s5: #ef86ba; --s6: #c3c554; --s7: #8fc0d6; --s8: #cfa98b;
  --before: #9ea8b5; --during: #f0a04b; --after: #6cb0f3;
  --lane-home: #26466b; --lane-away: #6d4416; --lane-wait: #4b3c68;`;

const RULES = `
:root { color-scheme: light dark; ${COLOURS_LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root { ${COLOURS_DARK} } }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
body > * { max-width: 1048px; margin-inline: auto; padding-inline: 24px; }
a { color: var(--link); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
h1, h2, h3, p, figure, dl, ul, ol, table { margin: 0; }
h1 { font-size: 25px; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; text-wrap: balance; max-width: 40em; }
h2 { font-size: 20px; line-height: 1.3; font-weight: 650; letter-spacing: -.005em; }
h3 { font-size: 15px; line-height: 1.4; font-weight: 600; }
code, .code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
p, li, dd, .said { text-wrap: pretty; }
.soft { color: var(--soft); }
.nowrap { white-space: nowrap; }
.what { display: block; min-width: 14em; }

.top { padding-top: 28px; }
.eyebrow { color: var(--soft); font-size: 13px; margin-bottom: 6px; }
.verdict { margin-top: 18px; padding: 14px 18px; background: var(--panel); border: 1px solid var(--line); border-left: 6px solid var(--tone); border-radius: 4px; display: grid; grid-template-columns: auto 1fr; gap: 2px 18px; align-items: baseline; }
.verdict .word { color: var(--tone); font-size: 20px; font-weight: 700; white-space: nowrap; }
.verdict .sentence { font-size: 16px; }
.verdict ul { grid-column: 2; padding-left: 1.1em; color: var(--soft); font-size: 14px; }
.pass { --tone: var(--pass); } .fail { --tone: var(--fail); } .inconclusive { --tone: var(--inconclusive); } .aborted { --tone: var(--aborted); }
.tone { color: var(--tone); font-weight: 600; white-space: nowrap; }
.counts { display: flex; flex-wrap: wrap; gap: 4px 28px; margin-top: 14px; }
.counts div { display: flex; gap: 6px; align-items: baseline; }
.counts dt { color: var(--soft); font-size: 13px; order: 2; }
.counts dd { margin: 0; font-weight: 600; }
nav { position: sticky; top: 0; z-index: 1; background: var(--ground); margin-top: 18px; font-size: 14px; }
nav ul { list-style: none; padding: 8px 0; border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: 2px 20px; }

section { padding-top: 34px; scroll-margin-top: 24px; }
section > .finding { font-size: 16px; margin-top: 4px; max-width: 46em; }
.block { margin-top: 22px; }
.note { color: var(--soft); font-size: 13.5px; max-width: 52em; margin-top: 4px; }
figure > figcaption h3 { max-width: 44em; }
.drawing { margin-top: 8px; }
.drawing svg { display: block; max-width: 100%; height: auto; font: 11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
.drawing svg.narrow { display: none; font-size: 10.5px; }
.panel-title { font-size: 13px; font-weight: 600; margin-top: 12px; }
.panel-title span { font-weight: 400; color: var(--soft); }
.panel-title + .drawing { margin-top: 0; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: 13px; margin-top: 8px; }
.legend li { display: flex; gap: 7px; align-items: center; }
.legend svg { flex: none; }
.definitions { position: absolute; width: 0; height: 0; }

.scroll { overflow-x: auto; margin-top: 8px; }
table { border-collapse: collapse; font-size: 13.5px; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: 13px; padding-bottom: 4px; }
th, td { text-align: left; vertical-align: baseline; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--hair); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-weight: 500; font-size: 12.5px; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody th { font-weight: 500; }
tbody th:not(.prose) { white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
.prose { min-width: 12em; }
.said { display: block; font-weight: 400; color: var(--soft); max-width: 42em; }
.between { display: block; color: var(--soft); font-size: 12px; line-height: 1.25; }
tr.starts > * { border-top: 1px solid var(--line); }
tr.group > th { padding-top: 12px; font-weight: 600; border-bottom-color: var(--line); }
table.compact { width: auto; } table.compact th, table.compact td { padding-right: 28px; }
.thin { color: var(--soft); font-style: italic; }
.matrix { width: auto; }
.matrix td, .matrix th { padding: 7px 14px; text-align: center; border: 1px solid var(--line); }
.matrix tbody th { text-align: right; white-space: nowrap; }
.matrix td.unexpected { border: 3px solid var(--fail); background: var(--fault-area); }
.mark { font-weight: 700; }

details { margin-top: 8px; font-size: 13.5px; }
details > summary { cursor: pointer; color: var(--link); width: fit-content; }
details > .block, details > p, details > dl { margin-top: 8px; max-width: 52em; }
dl.pairs { display: grid; grid-template-columns: max-content 1fr; gap: 3px 18px; font-size: 13.5px; }
dl.pairs dt { color: var(--soft); } dl.pairs dd { margin: 0; overflow-wrap: anywhere; }
.caveats { padding-left: 1.2em; margin-top: 8px; font-size: 14px; max-width: 54em; }
.caveats li { margin-top: 4px; }
footer { padding-block: 32px 40px; color: var(--soft); font-size: 13px; }

@media (max-width: 700px) {
  body > * { padding-inline: 16px; }
  h1 { font-size: 21px; }
  .verdict { grid-template-columns: 1fr; }
  .verdict ul { grid-column: 1; }
  .drawing svg.wide { display: none; }
  .drawing svg.narrow { display: block; }
  dl.pairs { grid-template-columns: 1fr; gap: 0; } dl.pairs dd { margin-bottom: 6px; }
  nav { position: static; }
  .prose { min-width: 17em; } .what { min-width: 9em; }
}
@media print {
  @page { margin: 14mm; }
  body { font-size: 11pt; }
  nav { display: none; }
  .drawing svg.wide { display: block; } .drawing svg.narrow { display: none; }
  figure, tr, .verdict { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; } table { font-size: 8.5pt; } thead th, tbody th { white-space: normal; } .between { font-size: 7pt; }
  th, td { padding-right: 8px; }
  .verdict, .drawing, td.unexpected { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

export const STYLESHEET: string = RULES.trim();

/** For `style-src`: this stylesheet and no other, neither element nor attribute. */
export const STYLESHEET_SOURCE: string = `'sha256-${createHash('sha256').update(STYLESHEET).digest('base64')}'`;
