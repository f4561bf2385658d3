/** The section Callers: what each client does in each fault, and what callers reveal that nobody asked them. */
import type { ClientCell, ClientRow } from '../../lib/measure/client-by-fault.ts';
import type { Revelations } from '../../lib/measure/revelations.ts';
import { count, duration, listOf, percent, plural } from '../../lib/measure/wording.ts';
import { measured, type Table, type TableRow, table } from '../page/figure.ts';
import { type Html, html } from '../page/html.ts';
import type { CallersModel } from './model.ts';

export function callersSection(model: CallersModel): Html {
  const sentences = revealed(model.revelations);
  return html`<section id="callers" aria-labelledby="callers-title"><h2 id="callers-title">Callers</h2>
<p class="finding">${callersFinding(model)}.</p>
<figure class="block"><figcaption><h3>What each client did</h3>
<p class="note">Each arrival belongs to the fault in which it was planned; times without a fault are the measure. An attempt is a request as the caller tells of it; the service sees those that reached it.</p></figcaption>
${table(clientsTable(model.clients))}</figure>
${sentences.length > 0 && html`<h3>What the callers reveal</h3><ul class="caveats">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`}</section>
`;
}

/** The worst that a fault did to a group of callers, in a sentence. */
export function callersFinding({ clients }: CallersModel): string {
  const cells = clients.flatMap(({ group, cells: own }) =>
    own.flatMap((cell) => (cell.fault === null || cell.arrivals === 0 ? [] : [{ group, cell }])),
  );
  if (cells.length === 0)
    return 'No arrival was planned in a fault, so nothing shows what one does to these callers';
  const held = cells.filter(({ cell }) => cell.held > 0);
  const worst = held.toSorted((one, other) => other.cell.held - one.cell.held)[0];
  if (worst !== undefined) {
    return `${plural(worst.cell.held, 'arrival')} of ${worst.group} waited until ${worst.cell.fault} was over: without a time limit, nothing else ends them`;
  }
  const least = cells.toSorted(
    (one, other) => (one.cell.served?.value ?? 1) - (other.cell.served?.value ?? 1),
  )[0];
  const served = least?.cell.served;
  if (least === undefined || served === null || served === undefined)
    return 'Nothing can be said of these callers';
  return served.value === 1
    ? 'Every group of callers was served in every fault'
    : `${least.group} fared worst: ${percent(served.value)} of its arrivals were served in ${least.cell.fault}`;
}

/** Sentences, each with its figures; none where there is nothing to reveal. */
export function revealed(found: Revelations): readonly string[] {
  return [
    ...found.amplifications.map(
      ({ group, fault, attemptsEach, without, requestsEach }) =>
        `${group} made ${attemptsEach.toFixed(2)} attempts for each arrival in ${fault}, ${without.toFixed(2)} without a fault${requestsEach === null ? '' : `; ${requestsEach.toFixed(2)} of them reached the service`}.`,
    ),
    ...found.hidden.map(
      ({ group, host, times }) =>
        `${group} asked for ${host} ${plural(times, 'time')}, which the scenario does not name: a dependency that nobody knew of.`,
    ),
    ...found.wrongSignatures.map(
      ({ group, endpoint, times }) =>
        `${plural(times, 'request')} of ${group} to ${endpoint} carried a signature that it does not accept, as when a failover changes the name and not the Region that is signed for.`,
    ),
    ...found.herds.map(
      ({ group, busiest, mean, seconds }) =>
        `${group} refreshes its credentials: at most ${plural(busiest, 'attempt')} in a second outside faults, ${mean.toFixed(2)} in the mean of ${plural(seconds, 'second')}.`,
    ),
    ...found.outlived.map(
      ({ group, fault, uses, without }) =>
        `${group} went on with credentials that it held ${plural(uses, 'time')} in ${fault}${without === 0 ? '; no call was without any' : `; ${plural(without, 'call')} had none`}.`,
    ),
  ];
}

export const CLIENT_COLUMNS = [
  'arrivals',
  'served',
  'attempts each',
  'at the service',
  'time to give up',
  'longest served',
  'waited it out',
  'errors',
] as const;

function clientsTable(clients: readonly ClientRow[]): Table {
  return {
    caption: 'What each client did, without a fault and in each',
    columns: [
      { title: 'Fault' },
      ...CLIENT_COLUMNS.map((title) => (title === 'errors' ? { title } : { title, number: true })),
    ],
    rows: clients.flatMap(({ group, client, settings, cells }): readonly TableRow[] => [
      { cells: [`${group}: ${client}${settings === '' ? '' : `, ${settings}`}`], starts: true },
      ...cells
        .filter(({ fault, arrivals }) => fault === null || arrivals > 0)
        .map((cell) => ({ cells: [cell.fault ?? 'no fault', ...figuresOf(cell).map(asCell)] })),
    ]),
  };
}

function asCell({ value, between }: CellFigure): Html | string {
  return between === undefined ? value : measured(value, between);
}

interface CellFigure {
  readonly value: string;
  readonly between?: string | undefined;
}

/** In the order of {@link CLIENT_COLUMNS}; also for outputs that are no page. */
export function figuresOf(cell: ClientCell): readonly CellFigure[] {
  const { arrivals, served, cached, attemptsEach, requestsEach, codes, held } = cell;
  const { giveUpUsMedian, giveUpUsMost, servedUsMost } = cell;
  return [
    { value: count(arrivals) },
    served === null
      ? { value: '–' }
      : {
          value: percent(served.value),
          between:
            cached > 0 ? `${count(cached)} from the cache` : `${percent(served.low)}–${percent(served.high)}`,
        },
    { value: attemptsEach === null ? '–' : attemptsEach.toFixed(2) },
    { value: requestsEach === null ? '–' : requestsEach.toFixed(2) },
    giveUpUsMedian === null || giveUpUsMost === null
      ? { value: '–' }
      : { value: duration(giveUpUsMedian), between: `at most ${duration(giveUpUsMost)}` },
    { value: servedUsMost === null ? '–' : duration(servedUsMost) },
    { value: count(held) },
    {
      value: codes.length === 0 ? '–' : listOf(codes.map(({ code, amount }) => `${code} × ${count(amount)}`)),
    },
  ];
}
