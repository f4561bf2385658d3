/** What a judge of a single expectation returns: everything but the expectation's own name and kind. */

export interface Judged {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** In `unit`; null when it could not be measured. */
  readonly value: number | null;
  /** `ratio` is from 0 to 1; its changes are in the same unit, 0.01 being one percentage point. */
  readonly unit: 'ratio' | 's' | 'ms' | 'requests' | 'acts';
  /** 95 % interval, or value ± uncertainty for times of the run; null when there is none. */
  readonly low: number | null;
  readonly high: number | null;
  readonly limit: number;
  /** The limit is a floor; a ceiling when absent. */
  readonly atLeast?: true;
  /** Samples behind the value: arrivals, attempts or callers. */
  readonly n: number;
  /** A whole sentence with the figure, its spread, and the distance to the limit. */
  readonly sentence: string;
}
