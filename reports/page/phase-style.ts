/** How a phase looks wherever it appears: colour and dash together, so that neither carries the meaning alone. */
import type { LegendItem } from './figure.ts';

export interface PhaseStyle {
  readonly colour: LegendItem['colour'];
  readonly shape: 'line' | 'dashed' | 'dotted';
  readonly dash: string;
}

const OTHER: PhaseStyle = { colour: 'var(--s1)', shape: 'line', dash: 'none' };

const STYLES: Readonly<Record<string, PhaseStyle>> = {
  before: { colour: 'var(--before)', shape: 'dotted', dash: '1.5 3' },
  after: { colour: 'var(--after)', shape: 'dashed', dash: '6 3' },
};

/** Of several faults each has its own look. */
const DURING: readonly PhaseStyle[] = [
  { colour: 'var(--during)', shape: 'line', dash: 'none' },
  { colour: 'var(--s4)', shape: 'line', dash: 'none' },
  { colour: 'var(--s3)', shape: 'line', dash: 'none' },
  { colour: 'var(--s5)', shape: 'line', dash: 'none' },
];

/** `nth` counts the faults of a run from 0. */
export function phaseStyle(phase: string, nth = 0): PhaseStyle {
  if (phase === 'during') return DURING[nth % DURING.length] ?? OTHER;
  return STYLES[phase] ?? OTHER;
}
