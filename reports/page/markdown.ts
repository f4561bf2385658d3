/** A short report for pull requests and chat: the verdict in a line, the expectations in a table. */
import { count, plural } from '../../lib/measure/wording.ts';
import { describeService } from '../../lib/scenario/service-facts.ts';
import { emulatedAs } from './provenance.ts';
import type { ReportInput } from './report-input.ts';
import { expectationFigures, VERDICT_WORDS, verdictSentences } from './verdict-bar.ts';

export function renderMarkdown({ history, judged, scenario, service, provenance }: ReportInput): string {
  const { symbol, word } = VERDICT_WORDS[judged.verdict];
  const [sentence, ...others] = verdictSentences(judged);
  const { counts } = history;
  return [
    `# ${symbol} ${word}: ${escaped(scenario.question)}`,
    '',
    escaped(sentence),
    ...(others.length === 0 ? [] : ['', ...others.map((reason) => `- ${escaped(reason)}`)]),
    '',
    '| Expectation | Verdict | Measured | Interval | Limit | n |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...judged.expectations.map((result) => {
      const { value, between, limit } = expectationFigures(result);
      const cells = [
        result.name,
        `${VERDICT_WORDS[result.verdict].symbol} ${result.verdict}`,
        value ?? 'not measured',
        between ?? '–',
        limit,
        count(result.n),
      ];
      return `| ${cells.map(escaped).join(' | ')} |`;
    }),
    '',
    `${plural(counts.planned, 'arrival')} planned: ${count(counts.ok)} ok, ${count(counts.failed)} failed, ${count(counts.indeterminate)} indeterminate, ${count(counts.dropped)} dropped.`,
    '',
    escaped(
      `Run ${history.runId}, seed ${history.seed}, scenario ${provenance.hash.slice(0, 12)}; ${emulatedAs(history.era)}.`,
    ),
    ...(service === undefined
      ? []
      : ['', ...describeService(service).map(([subject, text]) => `- ${escaped(`${subject}: ${text}`)}`)]),
    '',
  ].join('\n');
}

/** Everything that could start markup, a link, a mention or a table cell becomes plain text. */
function escaped(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(
      /[\\`*_{}[\]<>#|~!@&]|:(?=\/\/)|(?<=\bwww)\./gi,
      (character) => `&#${character.codePointAt(0)};`,
    );
}
