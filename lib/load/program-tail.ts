/** The end of what a program wrote: for a person to read, so whatever secret it was given is blotted out. Pure. */

import { StringDecoder } from 'node:string_decoder';

export interface Tail {
  add(bytes: Buffer): void;
  /** At most 600 characters, in one line. */
  text(): string;
}

/** Twice what is shown and then some: a secret that is cut in half could not be found. */
const KEPT = 4_000;
const SHOWN = 600;
/** Variables that hold what only their owner should know. */
const SECRET = /SECRET|TOKEN|PASSWORD|PRIVATE/i;

export function createTail(environment: Readonly<Record<string, string>>): Tail {
  const secrets = Object.entries(environment)
    .filter(([name, value]) => SECRET.test(name) && value !== '')
    .map(([, value]) => value);
  const decoder = new StringDecoder('utf8');
  let kept = '';
  return {
    add: (bytes) => {
      kept = (kept + decoder.write(bytes)).slice(-KEPT);
    },
    text: () => {
      const blotted = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), kept);
      return blotted.replaceAll(/\s+/g, ' ').trim().slice(-SHOWN);
    },
  };
}
