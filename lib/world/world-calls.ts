/** Single signed calls in a world: as one of its users, or with credentials that one of them was given. */

import { type Credentials, Secret } from '../aws/credentials.ts';
import { endpointOfHost } from '../aws/endpoints.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { IAM, type QueryService, STS, type StsOperation } from '../aws/sts-request.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { AccountConfig } from '../identity/world-accounts.ts';
import { VERSION } from '../version.ts';
import { type CallOutcome, callQuery } from './prober.ts';
import type { WorldLink } from './topology.ts';

export interface WorldCalls {
  /** Long-term keys of a user of the partition's account. @throws UsageError RF-PRINCIPAL-UNKNOWN. */
  credentials(partition: PartitionName, user: string): Credentials;
  /** One call of STS over a link; never rejects. */
  call(options: CallOptions): Promise<CallOutcome>;
  /** One call of IAM, the emulator's own actions included, over a link to it; never rejects. */
  callControlPlane(options: ControlPlaneCallOptions): Promise<CallOutcome>;
}

interface AnyCall {
  readonly link: WorldLink;
  /** User of the account in the link's partition; or what signs in place of such a user's keys. */
  readonly user: string | Credentials;
  readonly timeLimitMs: number;
}

export interface CallOptions extends AnyCall {
  readonly operation: StsOperation;
}

export interface ControlPlaneCallOptions extends AnyCall {
  /** `CreateAccessKey`, `RegionfallSetStsRegionStatus`. */
  readonly action: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

export function worldCalls(accounts: readonly AccountConfig[], caPem: string): WorldCalls {
  const accountIn = (partition: PartitionName): AccountConfig => {
    const account = accounts.find((candidate) => candidate.partition === partition);
    if (account === undefined) throw new Error(`the world lacks an account in ${partition}`);
    return account;
  };
  const credentials: WorldCalls['credentials'] = (partition, user) => {
    const account = accountIn(partition);
    const principal = account.users.find((candidate) => candidate.name === user);
    if (principal === undefined) {
      throw new UsageError(`account ${account.id} has no user '${user}'`, {
        code: 'RF-PRINCIPAL-UNKNOWN',
        hint: `it has ${account.users.map((candidate) => candidate.name).join(', ')}`,
      });
    }
    return { accessKeyId: principal.accessKeyId, secretAccessKey: new Secret(principal.secretAccessKey) };
  };
  const callAs = (service: QueryService, call: ControlPlaneCallOptions): Promise<CallOutcome> => {
    const { link, user, action, parameters = {}, timeLimitMs } = call;
    return callQuery({
      service,
      host: link.host,
      port: link.port,
      // The global name of STS is signed for one Region and served in another.
      signingRegion: endpointOfHost(link.host)?.signingRegion ?? link.servingRegion,
      operation: action,
      parameters,
      credentials: typeof user === 'string' ? credentials(link.partition, user) : user,
      caPem,
      userAgent: `regionfall/${VERSION} probe`,
      timeLimitMs,
    });
  };
  return {
    credentials,
    call: ({ operation, ...call }) =>
      callAs(STS, {
        ...call,
        action: operation,
        parameters: parametersOf(operation, accountIn(call.link.partition)),
      }),
    callControlPlane: (call) => callAs(IAM, call),
  };
}

/** What a probe or a caller sends along: the role that every account of a world has. */
function parametersOf(operation: StsOperation, account: AccountConfig): Record<string, string> {
  if (operation === 'AssumeRole') {
    return {
      RoleArn: account.roles[0]?.arn ?? '',
      RoleSessionName: 'regionfall-probe',
      DurationSeconds: '900',
    };
  }
  return operation === 'GetSessionToken' ? { DurationSeconds: '3600' } : {};
}
