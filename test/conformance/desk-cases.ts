/** Questions to a desk that is put up for each of them, and the error or success that real STS was seen to answer with. */

import type { Credentials } from '../../lib/aws/credentials.ts';
import {
  type Ask,
  assuming,
  createDesk,
  type Desk,
  type DeskOptions,
  sessionOf,
} from '../../lib/sts/test-desk.ts';
import { assertAccepted, assertError, type ErrorFacts } from './answers.ts';

export const PROBE = 'probes of the real regional endpoint, July 2026';

export interface Case {
  readonly name: string;
  /** The usual account of each of three partitions, that of aws first, unless told otherwise. */
  readonly desk?: DeskOptions;
  /** What to ask, of a desk put up for this case alone. */
  readonly ask: (desk: Desk) => Ask;
  readonly error?: ErrorFacts;
}

export async function judged({ desk: options, ask, error }: Case): Promise<void> {
  const desk = createDesk(options);
  const answer = await desk.askLater(ask(desk));
  if (error === undefined) assertAccepted(answer);
  else assertError(answer, error);
}

export function app(desk: Desk): Credentials {
  return desk.credentials('aws', 'app');
}

export function session(desk: Desk, more: Readonly<Record<string, string>> = {}): Credentials {
  return sessionOf(desk.ask({ parameters: assuming(desk.roleArn('aws'), more) }));
}
