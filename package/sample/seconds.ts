/** What a user's scenarios share: syntax that Node 22.12 takes from nobody but a compiler. */

export type Duration = `${number}s`;

export const seconds = (count: number): Duration => `${count}s` satisfies Duration;
