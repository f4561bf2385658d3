/** What can make the calls of a run, and which scenarios each can carry out. Pure. */

/**
 * `embedded`: each group as its scenario says. `aws-sdk-js`: groups without a client of their own call by the AWS SDK
 * for JavaScript. `k6`: they call from within k6.
 */
export const ENGINES = ['embedded', 'k6', 'aws-sdk-js'] as const;

export type EngineName = (typeof ENGINES)[number];
