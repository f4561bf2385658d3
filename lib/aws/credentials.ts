/** Credentials as every room passes them. Secrets never print: see {@link Secret}. */

import { inspect } from 'node:util';

/** Text that shows as `***` wherever it is printed, and is read only by `reveal()`. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  /** Absent for long-term keys. */
  readonly sessionToken?: string;
}
