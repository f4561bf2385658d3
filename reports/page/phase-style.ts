/** How a phase looks wherever it appears: colour and dash together, so that neither carries the meaning alone. */
import type { LegendItem } from './figure.ts';

export interface PhaseStyle {
  readonly colour: LegendItem['colour'];
  readonly shape: 'line' | 'dashed' | 'dotted';
  readonly dash: string;
}

const STYLES: Readonly<Record<string, PhaseStyle>> = {
  before: { colour: 'var(--before)', shape: 'dotted', dash: '1.5 3' },
  during: { colour: 'var(--during)', shape: 'line', dash: 'none' },
  after: { colour: 'var(--after)', shape: 'dashed', dash: '6 3' },
};

export function phaseStyle(phase: string): PhaseStyle {
  return STYLES[phase] ?? { colour: 'var(--s1)', shape: 'line', dash: 'none' };
}
