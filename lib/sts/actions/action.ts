/** What an action is given and what it gives back. Each action is one file and one line in the table. */

import type { Era } from '../../aws/eras.ts';
import type { Members } from '../../aws/query-answer.ts';
import type { HttpRequest } from '../../aws/sigv4/http-request.ts';
import type { Identity } from '../../identity/identity.ts';
import type { RegionView } from '../../identity/region-view.ts';
import type { Caller } from '../caller.ts';
import type { StsError } from '../errors.ts';
import type { Federation } from '../federation/federation.ts';
import type { Issuer } from '../issuer.ts';

export interface Call {
  /** Proved, or nobody where the action is not signed. */
  readonly caller: Caller;
  readonly parameters: ReadonlyMap<string, string>;
  /** Wall clock of the service, epoch milliseconds. */
  readonly nowMs: number;
  /** The same in whole seconds; the answer's Date header says the same. */
  readonly nowSeconds: number;
  /** Region that serves the call. */
  readonly region: string;
  /**
   * Region of the endpoint called, whose switch counts and which `aws:RequestedRegion` names. For the global endpoint
   * that is us-east-1, wherever the call is served.
   */
  readonly endpointRegion: string;
  /** Whether the call came to sts.amazonaws.com. */
  readonly global: boolean;
  readonly sourceIp: string;
  /** The request itself, for condition keys such as `aws:UserAgent`. */
  readonly http: HttpRequest;
  readonly era: Era;
  /** What the serving Region knows of accounts. */
  readonly view: RegionView;
  readonly identity: Identity;
  readonly issuer: Issuer;
  readonly federation: Federation;
  /** The partition's key for tokens and authorization messages. */
  readonly tokenKey: Uint8Array;
}

export interface Action {
  readonly name: string;
  /** Anyone may call it: what it is given proves itself. */
  readonly unsigned?: true;
  /** Counts against the 600 requests a second that six actions share. Source: IAM and STS quotas. */
  readonly sharesQuota?: true;
  /** A promise only where something has to be fetched. */
  readonly run: (call: Call) => Result | Promise<Result>;
}

/** The members of the result in the order of the answer, or the error. */
export type Result = Members | StsError;

export function isError<Value extends object>(result: Value | StsError): result is StsError {
  return 'code' in result;
}
