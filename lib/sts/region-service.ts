/**
 * STS of one Region, from a request as received to the answer's bytes; touches no socket. The order: dispatch, then
 * whatever fault is in force, then authentication, then the action with its own checks.
 */

import { accountOfAccessKeyId } from '../aws/access-key.ts';
import { partitionOfRegion } from '../aws/partitions.ts';
import { parseAuthorization } from '../aws/sigv4/authorization.ts';
import type { Identity } from '../identity/identity.ts';
import { type Answer, failure, success } from './answer.ts';
import { authenticate, type Presented, type Verifier } from './authenticate.ts';
import { dispatch } from './dispatch.ts';
import { createIssuer } from './issuer.ts';
import type { ServiceFaults } from './service-faults.ts';

export interface ReceivedRequest extends Presented {
  readonly requestId: string;
}

export interface Served {
  readonly answer: Answer;
  /** As asked for; empty when the request named no action. */
  readonly operation: string;
  /** As claimed, whether proved or not; empty when nothing was claimed. */
  readonly accessKeyId: string;
  /** That of the caller, or of the key id of one who was refused; empty when there is neither. */
  readonly account: string;
}

export interface RegionService {
  readonly region: string;
  answer(request: ReceivedRequest): Served;
}

export interface RegionServiceOptions {
  readonly region: string;
  readonly identity: Identity;
  readonly faults: ServiceFaults;
}

/** @throws for a Region that no partition has. */
export function createRegionService({ region, identity, faults }: RegionServiceOptions): RegionService {
  const partition = partitionOfRegion(region);
  if (partition === undefined) throw new Error(`no Region is called '${region}'`);
  const tokenKey = identity.keysOf(partition.name).sessionTokens;
  const verifier: Verifier = { identity, keyring: identity.keyringOf(partition.name), tokenKey };
  const issuer = createIssuer(region, tokenKey);

  return {
    region,
    answer: (request) => {
      const { requestId } = request;
      const dispatched = dispatch(request.http, requestId);
      if ('answer' in dispatched) return { ...dispatched, accessKeyId: '', account: '' };
      const { action, parameters } = dispatched;
      const operation = action.name;
      const fault = faults.errorFor({ region, operation, account: () => claimedAccount(request) });
      if (fault !== undefined) {
        const accessKeyId = claimedKey(request);
        return { answer: failure(fault, requestId), operation, accessKeyId, account: accountOf(accessKeyId) };
      }
      const proof = authenticate(request, verifier);
      const { accessKeyId } = proof;
      if ('error' in proof) {
        return {
          answer: failure(proof.error, requestId),
          operation,
          accessKeyId,
          account: accountOf(accessKeyId),
        };
      }
      const { caller } = proof;
      const result = action.run({
        caller,
        parameters,
        nowSeconds: Math.floor(request.nowMs / 1_000),
        endpointRegion: request.signingRegion,
        identity,
        issuer,
      });
      const answer =
        typeof result === 'string' ? success(operation, result, requestId) : failure(result, requestId);
      return { answer, operation, accessKeyId, account: caller.account };
    },
  };
}

function accountOf(accessKeyId: string): string {
  return accountOfAccessKeyId(accessKeyId) ?? '';
}

function claimedAccount(request: ReceivedRequest): string | undefined {
  return accountOfAccessKeyId(claimedKey(request));
}

/** The key id as a front end would read it, nothing checked. */
function claimedKey({ http }: ReceivedRequest): string {
  const parsed = parseAuthorization(http);
  return parsed.kind === 'header' || parsed.kind === 'query' ? parsed.accessKeyId : '';
}
