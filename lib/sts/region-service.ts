/**
 * STS of one Region, from a request as received to the answer's bytes; touches no socket. The order: dispatch, then
 * whatever fault is in force, then authentication, then the account's quota, then the action with its own checks.
 */

import { accountOfAccessKeyId } from '../aws/access-key.ts';
import { partitionOfRegion } from '../aws/partitions.ts';
import { parseAuthorization } from '../aws/sigv4/authorization.ts';
import { headerOf } from '../aws/sigv4/http-request.ts';
import type { Identity } from '../identity/identity.ts';
import type { Action, Call, Result } from './actions/action.ts';
import { isError } from './actions/action.ts';
import { type Answer, type AnswerForm, failure, success } from './answer.ts';
import { authenticate, type Presented, type Verifier } from './authenticate.ts';
import { type Caller, NOBODY } from './caller.ts';
import { dispatch } from './dispatch.ts';
import { INTERNAL_FAILURE, type StsError, THROTTLING } from './errors.ts';
import type { Federation } from './federation/federation.ts';
import { createIssuer } from './issuer.ts';
import type { Quotas } from './quotas.ts';
import type { ServiceFaults } from './service-faults.ts';

export interface ReceivedRequest extends Presented {
  readonly requestId: string;
  /** Whether it came to sts.amazonaws.com. */
  readonly global: boolean;
  /** Where the request came to the global endpoint from, as far as quotas tell Regions of origin apart. */
  readonly sourceIp: string;
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
  /** A promise only where the action has to fetch something. Never rejects. */
  answer(request: ReceivedRequest): Served | Promise<Served>;
}

export interface RegionServiceOptions {
  readonly region: string;
  readonly identity: Identity;
  readonly faults: ServiceFaults;
  readonly quotas: Quotas;
  readonly federation: Federation;
}

/** @throws for a Region that no partition has. */
export function createRegionService(options: RegionServiceOptions): RegionService {
  const { region, identity, faults, quotas, federation } = options;
  const partition = partitionOfRegion(region);
  if (partition === undefined) throw new Error(`no Region is called '${region}'`);
  const { era } = identity;
  const tokenKey = identity.keysOf(partition.name).sessionTokens;
  const view = identity.view(region, partition.name);
  const verifier: Verifier = { identity, view, tokenKey };
  const issuer = createIssuer(region, tokenKey);

  const run = (
    action: Action,
    caller: Caller,
    request: ReceivedRequest,
    parameters: ReadonlyMap<string, string>,
  ): Result | Promise<Result> => {
    const { nowMs, signingRegion, global, sourceIp } = request;
    const call: Call = {
      caller,
      parameters,
      nowMs,
      nowSeconds: Math.floor(nowMs / 1_000),
      region,
      endpointRegion: signingRegion,
      global,
      sourceIp,
      http: request.http,
      era,
      view,
      identity,
      issuer,
      federation,
      tokenKey,
    };
    return action.run(call);
  };

  return {
    region,
    answer: (request) => {
      const form: AnswerForm = { requestId: request.requestId, format: formatOf(request) };
      const dispatched = dispatch(request.http, form, era);
      if ('answer' in dispatched) return { ...dispatched, accessKeyId: '', account: '' };
      const { action, parameters } = dispatched;
      const operation = action.name;
      const refused = (error: StsError, accessKeyId: string): Served => ({
        answer: failure(error, form),
        operation,
        accessKeyId,
        account: accountOfAccessKeyId(accessKeyId) ?? '',
      });
      const faulty = faults.any();
      if (faulty) {
        const target = {
          region,
          operation,
          account: () => claimedAccount(request),
          host: () => hostOf(request),
        };
        const answer = faults.answerTo(target, form, request.nowMs);
        const accessKeyId = claimedKey(request);
        if (answer !== undefined) return { answer, operation, accessKeyId, account: target.account() };
      }
      let caller = NOBODY;
      if (!action.unsigned) {
        const proof = authenticate(request, verifier);
        if ('error' in proof) return refused(proof.error, proof.accessKeyId);
        caller = proof.caller;
        if (action.sharesQuota) {
          const { account } = caller.principal;
          const left = !faulty || faults.leaves(region, account, request.global);
          if (!left || !quotas.take(account, request.global)) return refused(THROTTLING, caller.accessKeyId);
        }
      }
      const finish = (result: Result): Served => ({
        answer: isError(result) ? failure(result, form) : success(operation, result, form),
        operation,
        accessKeyId: caller.accessKeyId,
        account: caller.principal.account,
      });
      const result = run(action, caller, request, parameters);
      // A bug of ours answers as a bug of theirs would, and takes no other request with it.
      return result instanceof Promise ? result.then(finish, () => finish(INTERNAL_FAILURE)) : finish(result);
    },
  };
}

function formatOf({ http }: ReceivedRequest): AnswerForm['format'] {
  return headerOf(http, 'accept')?.includes('application/json') ? 'json' : 'xml';
}

/** Empty where no key id names one. */
function claimedAccount(request: ReceivedRequest): string {
  return accountOfAccessKeyId(claimedKey(request)) ?? '';
}

/** The name asked by, in lower case and without a port. */
export function hostOf({ http }: Pick<ReceivedRequest, 'http'>): string {
  const header = http.headers.find(([name]) => name === 'host')?.[1] ?? '';
  return header.toLowerCase().replace(/:\d*$/, '');
}

/** The key id as a front end would read it, nothing checked. */
function claimedKey({ http }: ReceivedRequest): string {
  const parsed = parseAuthorization(http);
  return parsed.kind === 'header' || parsed.kind === 'query' ? parsed.accessKeyId : '';
}
