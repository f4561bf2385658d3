/** The one object of `run --json`, field by field as the contract has it. */

import type { ArrivalCounts } from '../journal/event.ts';
import type { Milestone } from '../measure/milestones.ts';
import type { ExpectationResult, Verdict } from '../measure/verdict.ts';

export interface RunJson {
  readonly schema: 1;
  /** Path of the run's folder. */
  readonly run: string;
  readonly scenario: string;
  readonly seed: number;
  readonly verdict: Verdict;
  readonly exitCode: number;
  /** Why the verdict is not pass, in whole sentences; empty for a pass. */
  readonly reasons: readonly string[];
  /** planned = ok + failed + indeterminate + dropped. */
  readonly counts: ArrivalCounts;
  readonly expectations: readonly ExpectationResult[];
  /** `atMs` counts from the start of the load. */
  readonly milestones: readonly Milestone[];
  readonly engine: string;
  readonly network: string;
  readonly reports: { readonly html: string; readonly json: string };
}
