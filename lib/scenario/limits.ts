/** The most that one run on one machine can promise to measure well. Beyond it the figures would be the machine's. */

export const LIMITS = {
  /** Of all groups together; a signed request over TLS costs a core about half a millisecond. */
  ratePerSecond: 1_000,
  callers: 5_000,
  regions: 40,
  groups: 64,
  loadMinutes: 60,
  drainSeconds: 60,
} as const;
