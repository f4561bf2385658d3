/** A few sentences for each kind of figure, folded: for whoever is sent this page and was not there. */
import { type Html, html } from './html.ts';

const EXPLANATIONS: readonly (readonly [string, string])[] = [
  [
    'Verdict',
    'Pass: every expectation of the scenario held. Fail: at least one broke. Inconclusive: the run cannot decide, because a fault was not seen to bite, samples are missing or too few, or the generator was saturated. Aborted: someone or something ended it early.',
  ],
  [
    'Latency',
    'Requests are planned from the start of the run and latency counts from the planned moment, so a slow answer cannot hide the wait of those behind it. Percentiles are of successful requests; failures have their own counts, as they end early or at a limit and would bend the curve. A request that failed over carries the time it lost before.',
  ],
  [
    'Intervals',
    '95 % intervals: by order statistics for percentiles, by Wilson for shares, by Newcombe for differences of shares. A time since a fault has no such interval: its ends are the time less and plus its uncertainty. Intervals take requests to be independent, which within one run they are not quite: read them as the least uncertainty. Where there are too few requests for an interval, no figure is given.',
  ],
  [
    'Milestones',
    'First failure: the first attempt over a broken link that ended without success. Turned elsewhere: that caller starts an attempt at another endpoint. Served elsewhere: the first success there. Served at home: the first success over the home link after the lift. Steady: from here on every window of one second has at least 99 % successes, all at home. The uncertainty adds the time an order took to be confirmed, the time between two arrivals, the lateness of timers around that moment and the round trip.',
  ],
  [
    'Faults',
    'A hatched strip is a fault from its confirmed start to its confirmed end; the faint band below it marks the same time in the charts. Each was probed before, during and after: the event log has what the probes saw.',
  ],
  [
    'Isolation',
    'A Region outside the fault is compared with itself, during against before. “No change seen” means that the interval of the difference contains 0, not that there was none; the interval says how large a change could have gone unseen.',
  ],
];

export function howToRead(): Html {
  return html`<details class="block"><summary>How to read this</summary><dl class="pairs">${EXPLANATIONS.map(
    ([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`,
  )}</dl></details>
`;
}
