/**
 * One attempt of one arrival, as in `samples.arrows`; and one request as the emulated service saw it, as in
 * `service.arrows`. Times are integer microseconds of the run: 0 is the start of the load.
 */

export const OUTCOMES = ['ok', 'failed', 'indeterminate', 'dropped'] as const;

/**
 * `failed`: an answer said no, or the request surely never reached the service. `indeterminate`: nobody knows
 * whether the service acted (a time limit, a connection lost after sending, no answer before the end).
 * `dropped`: the generator could not send it.
 */
export type Outcome = (typeof OUTCOMES)[number];

export interface Sample {
  readonly plannedUs: number;
  readonly startedUs: number;
  readonly endedUs: number;
  readonly caller: string;
  readonly location: string;
  /**
   * Host name of the endpoint asked. Empty where nobody was: in the row of a dropped arrival, of one that was served by
   * credentials which its caller still held (`ok`), and of one whose policy made no attempt (`failed`, NOT_TRIED).
   */
  readonly endpoint: string;
  /** From the extended request id of the answer; empty when there was no answer. */
  readonly servingRegion: string;
  readonly operation: string;
  /** Number of the arrival in the plan, from 0. */
  readonly arrival: number;
  /**
   * From 1, in the order in which attempts ended; the highest of an arrival carries the arrival's outcome. Attempts that
   * another one overtook end just before it.
   */
  readonly attempt: number;
  readonly outcome: Outcome;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /**
   * STS error code, or the network's: ECONNREFUSED, ECONNRESET, ETIMEDOUT (the attempt's limit), SUPERSEDED (another
   * attempt was quicker), UNANSWERED (at the end).
   */
  readonly errorCode: string;
  readonly reused: boolean;
  /** −1 when unknown or when the connection was reused. */
  readonly connectUs: number;
  readonly tlsUs: number;
  /** From the request sent to the first byte of the answer; −1 without one. */
  readonly waitUs: number;
  readonly requestId: string;
}

export interface ServiceRecord {
  readonly receivedUs: number;
  readonly endedUs: number;
  /** Region that served it. */
  readonly region: string;
  readonly host: string;
  readonly operation: string;
  readonly status: number;
  readonly errorCode: string;
  readonly accessKeyId: string;
  readonly account: string;
  /** From the user agent, `caller/{name}`; empty for strangers. */
  readonly caller: string;
  readonly requestId: string;
}
