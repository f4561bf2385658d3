/**
 * Account Management of one partition, as far as Regions go: from a request as received to the answer's bytes; touches no
 * socket. Like IAM it reads and writes what the control plane has, and is down with it.
 */

import { accountOfAccessKeyId } from '../../aws/access-key.ts';
import { leaderRegion } from '../../aws/control-plane-endpoints.ts';
import { ControlPlaneDown } from '../../identity/control-plane.ts';
import { contextValues } from '../../identity/policy/context.ts';
import type { Account } from '../../identity/state.ts';
import type { Answer } from '../../sts/answer.ts';
import { authenticate, type Verifier } from '../../sts/authenticate.ts';
import type { Asking } from '../../sts/authorize.ts';
import type { Caller } from '../../sts/caller.ts';
import type { ReceivedRequest, Served } from '../../sts/region-service.ts';
import { denialOf } from '../permission.ts';
import type { ControlPlaneService, ControlPlaneServiceOptions } from '../service.ts';
import {
  AccountRefusal,
  accessDenied,
  gatewayError,
  INTERNAL,
  invalidField,
  jsonAnswer,
  jsonError,
  SERIALIZATION,
  UNAVAILABLE,
  UNKNOWN_OPERATION,
} from './answer.ts';
import { OPERATIONS, type RegionOperation } from './regions.ts';

export interface AccountServiceOptions extends Omit<ControlPlaneServiceOptions, 'random'> {
  /** How long an account waits between two orders; AWS has one a second. */
  readonly orderGapMs?: number;
}

export function createAccountService(options: AccountServiceOptions): ControlPlaneService {
  const { identity, partition, orderGapMs = 1_000 } = options;
  const { plane } = identity;
  const region = leaderRegion('account', partition);
  const verifier: Verifier = {
    identity,
    view: identity.view(region, partition),
    tokenKey: identity.keysOf(partition).sessionTokens,
  };
  /** Account → epoch milliseconds of its last order. */
  const ordered = new Map<string, number>();
  const mayOrder = (account: string, nowMs: number): boolean => {
    const last = ordered.get(account);
    if (last !== undefined && nowMs - last < orderGapMs) return false;
    ordered.set(account, nowMs);
    return true;
  };

  const perform = (operation: RegionOperation, caller: Caller, request: ReceivedRequest): Answer => {
    if (!plane.isUp(partition)) return jsonError(UNAVAILABLE);
    const input = readBody(request);
    if (input === undefined) return jsonError(SERIALIZATION);
    const { accounts } = plane.state();
    const own = accounts.get(caller.principal.account);
    if (own === undefined) return jsonError(INTERNAL);
    const { account, resource } = subjectOf(own, accounts, input);
    const { nowMs, sourceIp, http } = request;
    const asking: Asking = { caller, nowMs, endpointRegion: region, sourceIp, http };
    const { RegionName } = input;
    const denial = denialOf(asking, {
      action: `account:${operation.name}`,
      resource,
      resourceAccount: own.id,
      extra: () =>
        contextValues([['account:TargetRegion', typeof RegionName === 'string' ? RegionName : undefined]]),
    });
    if (denial !== undefined) throw accessDenied(denial);
    return jsonAnswer(operation.run({ identity, account, input, nowMs, mayOrder }));
  };

  return {
    region,
    answer: (request): Served => {
      const { method, path } = request.http;
      const operation = method === 'POST' ? OPERATIONS.get(path) : undefined;
      if (operation === undefined) {
        return { answer: jsonError(UNKNOWN_OPERATION), operation: '', accessKeyId: '', account: '' };
      }
      const proof = authenticate({ ...request, signingRegion: region, signingService: 'account' }, verifier);
      const { accessKeyId } = proof;
      const served = (answer: Answer, account: string): Served => ({
        answer,
        operation: operation.name,
        accessKeyId,
        account,
      });
      if ('error' in proof) {
        return served(jsonError(gatewayError(proof.error)), accountOfAccessKeyId(accessKeyId) ?? '');
      }
      const { caller } = proof;
      try {
        return served(perform(operation, caller, request), caller.principal.account);
      } catch (cause) {
        return served(jsonError(errorOf(cause)), caller.principal.account);
      }
    },
  };
}

/** A bug of ours answers as a bug of theirs would, and takes no other request with it. */
function errorOf(cause: unknown): AccountRefusal['error'] {
  if (cause instanceof AccountRefusal) return cause.error;
  return cause instanceof ControlPlaneDown ? UNAVAILABLE : INTERNAL;
}

type Input = Readonly<Record<string, unknown>>;

/** No input of this API is longer. */
const MAXIMUM_BODY_BYTES = 16_384;

/** An empty body is one without members. */
function readBody({ http: { body } }: ReceivedRequest): Input | undefined {
  if (body.length === 0) return {};
  if (body.length > MAXIMUM_BODY_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Input)
      : undefined;
  } catch {
    // Whatever is wrong with it, the answer is the same.
    return undefined;
  }
}

interface Subject {
  readonly account: Account;
  /** What permission is asked for. */
  readonly resource: string;
}

/**
 * Whose Regions are meant: the caller's own account, or with AccountId a member of the organization that the caller's
 * account manages. Source: MODEL, the documentation of AccountId. @throws {AccountRefusal}
 */
function subjectOf(own: Account, accounts: ReadonlyMap<string, Account>, { AccountId }: Input): Subject {
  const arn = `arn:${own.partition}:account::${own.id}:account`;
  if (AccountId === undefined || AccountId === null) return { account: own, resource: arn };
  if (typeof AccountId !== 'string' || !/^\d{12}$/.test(AccountId)) {
    throw invalidField('AccountId', 'AccountId must be 12 digits.');
  }
  const { organization } = own;
  const manages =
    organization !== undefined &&
    (organization.managementAccount === own.id || organization.delegatedAdministrators.includes(own.id));
  const member = accounts.get(AccountId);
  if (!manages || AccountId === own.id || member?.organization?.id !== organization.id) {
    throw accessDenied(`Account ${own.id} may not act on account ${AccountId}.`);
  }
  return { account: member, resource: `${arn}/${organization.id}/${AccountId}` };
}
