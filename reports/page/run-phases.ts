/** The phases a report cuts a run into: before, during each fault, after; or the whole run when nothing was broken. */
import type { Arrival } from '../../lib/measure/arrivals.ts';
import type { History } from '../../lib/measure/history.ts';
import { arrivalsIn, type PhaseName, type Span, spansOf } from '../../lib/measure/phases.ts';

export interface RunPhase {
  readonly phase: PhaseName | 'all';
  /** For people: `before`, `during outage`. */
  readonly label: string;
  readonly spans: readonly Span[];
}

/** Only phases that have any time. */
export function runPhasesOf(history: History): readonly RunPhase[] {
  const { faults } = history;
  const whole: RunPhase = { phase: 'all', label: 'whole run', spans: spansOf(history, 'all') };
  if (faults.length === 0) return [whole];
  const during = faults.map(
    (fault): RunPhase => ({
      phase: 'during',
      label: `during ${fault.name}`,
      spans: spansOf(history, 'during', fault.name),
    }),
  );
  const phases: RunPhase[] = [
    { phase: 'before', label: 'before', spans: spansOf(history, 'before') },
    ...during,
    { phase: 'after', label: 'after', spans: spansOf(history, 'after') },
  ];
  const timed = phases.filter(({ spans }) => spans.length > 0);
  return timed.length === 0 ? [whole] : timed;
}

export function arrivalsOfPhase(arrivals: readonly Arrival[], phase: RunPhase): readonly Arrival[] {
  return phase.phase === 'all' ? arrivals : arrivalsIn(arrivals, phase.spans);
}
