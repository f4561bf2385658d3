/** What the services of the control plane have in common: who may call at all, and what they answer with. */

import type { PartitionName } from '../aws/partitions.ts';
import type { Identity } from '../identity/identity.ts';
import type { Caller } from '../sts/caller.ts';
import { INVALID_CLIENT_TOKEN_ID, type StsError } from '../sts/errors.ts';
import type { ReceivedRequest, Served } from '../sts/region-service.ts';
import type { Random } from '../time/random.ts';

export interface ControlPlaneService {
  /** Region that leads it and serves every request. */
  readonly region: string;
  answer(request: ReceivedRequest): Served;
}

export interface ControlPlaneServiceOptions {
  readonly identity: Identity;
  readonly partition: PartitionName;
  /** Makes ids and secrets. With a seed, they can be foretold. */
  readonly random: Random;
}

/**
 * Temporary credentials that IAM does not take: from GetSessionToken without MFA, and from GetFederationToken. Source:
 * the comparison of STS actions in the IAM User Guide; THREAD aws/aws-sdk-js issue 460 for the code. That federated
 * users get the same code is a guess.
 */
export function refusedSession({ kind, session }: Caller): StsError | undefined {
  if (kind === 'federated-user') return INVALID_CLIENT_TOKEN_ID;
  const isSession = kind === 'user-session' || kind === 'root-session';
  return isSession && session?.mfaSeconds === undefined ? INVALID_CLIENT_TOKEN_ID : undefined;
}
