/** A short report for pull requests and chat: the verdict in a line, the expectations in a table. */
import { count, plural } from '../../lib/measure/wording.ts';
import { describeService } from '../../lib/scenario/service-facts.ts';
import { type CallersModel, callersModel } from '../callers/model.ts';
import { CLIENT_COLUMNS, figuresOf, revealed } from '../callers/section.ts';
import { emulatedAs } from './provenance.ts';
import type { ReportInput } from './report-input.ts';
import { expectationFigures, VERDICT_WORDS, verdictSentences } from './verdict-bar.ts';

export function renderMarkdown({
  history,
  judged,
  scenario,
  service,
  provenance,
  requests,
}: ReportInput): string {
  const callers = callersModel(history, requests);
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
    ...clientLines(callers),
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

/** What each client did in each fault, and what callers revealed; nothing without a fault. */
function clientLines(model: CallersModel): readonly string[] {
  if (model.clients.every(({ cells }) => cells.length < 2)) return [];
  const rows = model.clients.flatMap(({ group, client, cells }) =>
    cells
      .filter(({ arrivals }) => arrivals > 0)
      .map((cell) => [
        `${group}: ${client}`,
        cell.fault ?? 'no fault',
        ...figuresOf(cell).map(({ value, between }) =>
          between === undefined ? value : `${value} (${between})`,
        ),
      ]),
  );
  return [
    `| Client | Fault | ${CLIENT_COLUMNS.join(' | ')} |`,
    `| --- | --- | ${CLIENT_COLUMNS.map((title) => (title === 'errors' ? '---' : '---:')).join(' | ')} |`,
    ...rows.map((cells) => `| ${cells.map(escaped).join(' | ')} |`),
    '',
    ...revealed(model.revelations).map((sentence) => `- ${escaped(sentence)}`),
    '',
  ];
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
