/** What every output of a report is made from. */
import type { ServiceTable } from '../../lib/journal/sample-table.ts';
import type { History } from '../../lib/measure/history.ts';
import type { Judgement } from '../../lib/measure/verdict.ts';
import type { ServiceFacts } from '../../lib/scenario/service-facts.ts';
import type { Provenance } from './provenance.ts';

export interface ReportInput {
  readonly history: History;
  readonly judged: Judgement;
  /** The resolved scenario; only what the page prints is asked for. */
  readonly scenario: { readonly name: string; readonly question: string };
  /** What the emulated service was told to be; older folders do not say. */
  readonly service?: ServiceFacts;
  /** What the emulated service itself saw, where its log could be read. */
  readonly requests?: ServiceTable;
  readonly provenance: Provenance;
}
