/** The one table of exit codes. Programs rely on it; changing a number is a change for users. */

export const EXIT = {
  pass: 0,
  fail: 1,
  usage: 2,
  environment: 3,
  aborted: 4,
  inconclusive: 5,
  bug: 70,
} as const;

export const EXIT_MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.pass, 'pass'],
  [EXIT.fail, 'fail: a stated expectation broke'],
  [EXIT.usage, 'the command line or a scenario is wrong'],
  [EXIT.environment, 'the machine lacks something: a part, a free port'],
  [EXIT.aborted, 'aborted, by a person or a stop condition'],
  [EXIT.inconclusive, 'inconclusive: the run cannot tell'],
  [EXIT.bug, 'a bug of Regionfall'],
];

/**
 * One code for several runs of one command: a broken expectation outweighs a run that cannot tell, and an abort
 * outweighs both, because what came after it was not run.
 */
export function combinedExitCode(codes: readonly number[]): number {
  const order = [EXIT.bug, EXIT.environment, EXIT.usage, EXIT.aborted, EXIT.fail, EXIT.inconclusive];
  return order.find((code) => codes.includes(code)) ?? EXIT.pass;
}
