/** What an action is given and what it gives back. Each action is one file and one line in the table. */

import type { Identity } from '../../identity/identity.ts';
import type { Caller } from '../caller.ts';
import type { StsError } from '../errors.ts';
import type { Issuer } from '../issuer.ts';

export interface Call {
  /** Proved. */
  readonly caller: Caller;
  readonly parameters: ReadonlyMap<string, string>;
  /** Wall clock of the service, whole seconds; the answer's Date header says the same. */
  readonly nowSeconds: number;
  /** Region whose switch counts: that of the endpoint called. For the global endpoint us-east-1, always on. */
  readonly endpointRegion: string;
  readonly identity: Identity;
  readonly issuer: Issuer;
}

export interface Action {
  readonly name: string;
  /** The lines inside the result element, or the error. */
  readonly run: (call: Call) => string | StsError;
}
