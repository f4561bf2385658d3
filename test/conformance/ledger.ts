/**
 * The ledger of what is imitated: each behaviour with its source and a check that finds it, in sections. A new section
 * is one file in `sections/` and a line in `sections.ts`.
 */

export interface Section {
  readonly title: string;
  /**
   * Puts up what the checks need and says what there is to check, in the order of the ledger. What it opens closes
   * with `scope`, after the last check.
   */
  readonly behaviours: (scope: AsyncDisposableStack) => readonly Behaviour[] | Promise<readonly Behaviour[]>;
}

export interface Behaviour {
  /** Stable and unlike every other: `sigv4.mutations`. */
  readonly id: string;
  /** A sentence about the service, without a full stop. */
  readonly behaviour: string;
  /** Where the fact comes from, for a reader who wants to look: `awslabs/aws-c-auth`, `botocore service-2.json`. */
  readonly source: string;
  /**
   * Recorded: somebody saw real STS do it. Documented: AWS says so. Modelled: derived from such facts. Guessed: neither,
   * and open to change.
   */
  readonly status: Status;
  /** Throws where the behaviour is missing. A group tells how many checks it made; what cannot run says why. */
  readonly check: () => Outcome | Promise<Outcome>;
  /** Fewer checks than this in a group are a failure: cases that are not there prove nothing. */
  readonly atLeast?: number;
}

export type Status = 'recorded' | 'documented' | 'modelled' | 'guessed';

// biome-ignore lint/suspicious/noConfusingVoidType: a check that returns nothing has passed
export type Outcome = void | Skip | Tally;

export interface Skip {
  /** The reason, as the end of a sentence. */
  readonly skip: string;
}

/** A group of single checks. */
export interface Tally {
  readonly checks: number;
  readonly failures: readonly Failure[];
}

export interface Failure {
  /** Which of the group. */
  readonly check: string;
  readonly reason: string;
}

/** One check for each case; a case fails when its check throws. */
export async function tally<Case extends { readonly name: string }>(
  cases: Iterable<Case> | AsyncIterable<Case>,
  check: (one: Case) => void | Promise<void>,
): Promise<Tally> {
  let checks = 0;
  const failures: Failure[] = [];
  for await (const one of cases) {
    checks += 1;
    try {
      await check(one);
    } catch (error) {
      failures.push({ check: one.name, reason: reasonOf(error) });
    }
  }
  return { checks, failures };
}

/**
 * What stands for a check whose part is not there: a skip, or a failure where `REGIONFALL_REQUIRE` lists the part, as
 * in CI. @throws in that case.
 */
export function without(part: string, reason: string): Skip {
  const required = (process.env['REGIONFALL_REQUIRE'] ?? '').split(',').map((word) => word.trim());
  if (required.includes(part)) throw new Error(`REGIONFALL_REQUIRE lists ${part}, but ${reason}`);
  return { skip: reason };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
