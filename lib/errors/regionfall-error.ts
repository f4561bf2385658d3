/**
 * The family of errors a person may see. A failure of the system under test is a sample, never one of these;
 * a broken assumption of ours is a plain Error and ends the run with exit code 70.
 */

/** Documented in docs and `regionfall explain CODE`; the exit code follows from the class of the error. */
export interface ErrorDetails {
  /** Stable short code, `RF-` and a word: `RF-PORT-TAKEN`. */
  readonly code: `RF-${string}`;
  /** The next thing to do, as a sentence or a command to type. */
  readonly hint?: string;
  readonly cause?: unknown;
}

export class RegionfallError extends Error {
  readonly code: `RF-${string}`;
  readonly hint: string | undefined;
  /** One of the exit codes of the contract. */
  readonly exitCode: number;

  constructor(message: string, exitCode: number, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.hint = details.hint;
    this.exitCode = exitCode;
  }
}

/** The command line or a scenario is wrong: exit 2. */
export class UsageError extends RegionfallError {
  constructor(message: string, details: ErrorDetails) {
    super(message, 2, details);
  }
}

/** The machine lacks something: a part is missing, a port is taken: exit 3. */
export class EnvironmentError extends RegionfallError {
  constructor(message: string, details: ErrorDetails) {
    super(message, 3, details);
  }
}
