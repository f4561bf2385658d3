/**
 * Calls as an application does that uses the AWS SDK for JavaScript: the real client, with its own retries and its own
 * idea of time, over connections that lead to the run's links. Every request that it makes is seen, also those that it
 * follows up by itself.
 */

import { createRequire } from 'node:module';
import { createSecureContext } from 'node:tls';
import { decodeExtendedRequestId, EXTENDED_REQUEST_ID_HEADER } from '../aws/extended-request-id.ts';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import { failoverClient, failureOf } from '../failover/aws-sdk.ts';
import { callerSeed } from '../failover/chance.ts';
import { rememberingPolicy } from '../failover/remembering.ts';
import { type RefreshPolicySpec, timeLimitMsOf } from '../failover/spec.ts';
import type { CallersDescribed } from '../journal/event.ts';
import { VERSION } from '../version.ts';
import type { CallerIdentity } from './caller-choice.ts';
import { Connection } from './connection.ts';
import type { Operation } from './load-spec.ts';
import { callerName, policyOnHosts, type ResolvedGroup, type Target } from './resolved-group.ts';
import { createWatchedCall, type Watchable, type WatchedCall } from './sdk-attempts.ts';
import type { SignedTransportOptions } from './signed-transport.ts';
import type { AttemptOrder, LiveAttempt, Transport } from './transport.ts';

type Sdk = typeof import('@aws-sdk/client-sts');
type StsClient = InstanceType<Sdk['STSClient']>;
/** Of any operation: what they have in common is all that is needed here. */
type Command = Watchable & { readonly input: object };

export interface SdkTransport extends Transport {
  readonly clients: CallersDescribed['clients'];
  close(): void;
}

export interface SdkTransportOptions extends SignedTransportOptions {
  readonly seed: number;
}

const SESSION_SECONDS = 900;

/** @throws EnvironmentError when the SDK is not installed. */
export async function openSdkTransport(options: SdkTransportOptions): Promise<SdkTransport> {
  const { sdk, version } = await loadSdk();
  const { now, groups, faults, seed } = options;
  const secureContext = createSecureContext({ ca: options.caPem });
  const connections: Connection[] = [];

  const clientTo = (group: ResolvedGroup, identity: CallerIdentity, target: Target): SkewedClient => {
    const { host, port, signingRegion: region } = target;
    const trouble = faults === undefined ? {} : { nameTrouble: () => faults.nameAnswer(identity, host) };
    const starved = options.onStarved === undefined ? {} : { onStarved: options.onStarved };
    const connection = new Connection({ host, port, secureContext, now, ...trouble, ...starved });
    connections.push(connection);
    const client = new sdk.STSClient({
      region,
      endpoint: `https://${host}`,
      credentials: credentialsOf(group),
      customUserAgent: [[`regionfall/${VERSION}`], [`caller/${identity.name}`]],
      requestHandler: { httpsAgent: connection.agent, ...limitsOf(group) },
      ...(isPinned(group) ? {} : { maxAttempts: 1 }),
    });
    return { client, skewMs: 0 };
  };

  const callers = groups.map((group, index) =>
    group.client.kind !== 'aws-sdk-js'
      ? []
      : Array.from({ length: group.callers }, (_, number) => {
          const name = callerName(group, number);
          const identity = { name, group: group.name, location: group.location };
          const clients = new Map(
            group.targets.map((target) => [target.host, clientTo(group, identity, target)]),
          );
          return createCaller(group, identity, clients, callerSeed(seed, index, number));
        }),
  );

  const commandFor = (group: ResolvedGroup, name: string, operation: Operation): Command => {
    switch (operation) {
      case 'AssumeRole':
        return new sdk.AssumeRoleCommand({
          RoleArn: group.roleArn,
          RoleSessionName: name,
          DurationSeconds: SESSION_SECONDS,
        });
      case 'GetCallerIdentity':
        return new sdk.GetCallerIdentityCommand({});
      case 'GetSessionToken':
        return new sdk.GetSessionTokenCommand({});
      default: {
        const unknown: never = operation;
        throw new RangeError(`the SDK was not told how to ask for ${unknown}`);
      }
    }
  };

  return {
    clients: groups.flatMap((group) =>
      group.client.kind === 'aws-sdk-js'
        ? [{ group: group.name, client: `AWS SDK for JavaScript ${version}`, settings: settingsOf(group) }]
        : [],
    ),
    send: (order: AttemptOrder, settle): LiveAttempt => {
      const group = groups[order.group];
      const caller = callers[order.group]?.[order.caller];
      if (group === undefined || caller === undefined)
        throw new RangeError(`no caller ${order.group}/${order.caller} uses the SDK`);
      for (const [, client] of caller.clients) skew(client, faults?.skewMs(caller.identity) ?? 0);
      const call = createWatchedCall(now, regionOfHeaders, settle);
      caller.call(() => commandFor(group, caller.identity.name, order.operation), call);
      return { abandon: (code) => call.abandon(code) };
    },
    close: () => {
      for (const group of callers)
        for (const caller of group) for (const [, { client }] of caller.clients) client.destroy();
      for (const connection of connections) connection.close();
    },
  };
}

interface SkewedClient {
  readonly client: StsClient;
  /** What of the client's offset is ours. */
  skewMs: number;
}

interface SdkCaller {
  readonly identity: CallerIdentity;
  readonly clients: ReadonlyMap<string, SkewedClient>;
  call(command: () => Command, watched: WatchedCall): void;
}

function createCaller(
  group: ResolvedGroup,
  identity: CallerIdentity,
  clients: ReadonlyMap<string, SkewedClient>,
  seed: number,
): SdkCaller {
  const policy = policyOnHosts(group);
  const sendTo = (host: string, command: Command, watched: WatchedCall, abortSignal: AbortSignal) => {
    const found = clients.get(host);
    if (found === undefined) throw new Error(`no client for ${host}`);
    watched.watch(command, host);
    return found.client.send(command as never, { abortSignal });
  };
  if (policy.kind === 'pinned') {
    return {
      identity,
      clients,
      call: (command, watched) => watched.follow(sendTo(policy.endpoint, command(), watched, watched.signal)),
    };
  }
  const asking: RefreshPolicySpec = policy.kind === 'cached' ? policy.refresh : policy;
  // Each attempt brings the call it belongs to along, so that all calls of a caller share one memory.
  const client = failoverClient({
    policy: asking,
    seed,
    clientFor: (host) => ({
      send: ({ make, watched }: Attempted, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) =>
        sendTo(host, make(), watched, abortSignal ?? watched.signal),
    }),
  });
  if (policy.kind !== 'cached')
    return { identity, clients, call: (make, watched) => watched.follow(client.send({ make, watched })) };
  const cache = rememberingPolicy({ ...policy, refresh: STAND_IN }, seed);
  return {
    identity,
    clients,
    call: (make, watched) => {
      const step = cache.next(NOTHING_YET, watched.nowUs());
      if (step.kind === 'useCached') {
        watched.cached();
        return;
      }
      const startedUs = watched.nowUs();
      watched.follow(
        client.send({ make, watched }).then(
          (output) => {
            const endedUs = watched.nowUs();
            cache.learn(
              { endpoint: '', startedUs, endedUs, outcome: 'ok', status: 200, errorCode: '' },
              endedUs,
            );
            return output;
          },
          (error: unknown) => {
            const endedUs = watched.nowUs();
            const attempt = { endpoint: '', startedUs, endedUs, ...failureOf(error) };
            cache.learn(attempt, endedUs);
            const left = cache.next({ ended: [attempt], live: [] }, endedUs);
            if (left.kind === 'useCached') watched.cached();
            throw error;
          },
        ),
      );
    },
  };
}

interface Attempted {
  readonly make: () => Command;
  readonly watched: WatchedCall;
}

/** The cache is asked whether there is anything to fetch; what fetching means, the adapter knows. */
const STAND_IN = { kind: 'pinned', endpoint: '', attemptTimeLimitMs: null } as const;
const NOTHING_YET = { ended: [], live: [] } as const;

function isPinned(group: ResolvedGroup): boolean {
  return group.policy.kind === 'pinned';
}

/** A client as it comes has none. With a limit, those that the SDK has for a connection and for an answer. */
function limitsOf(group: ResolvedGroup): object {
  const limitMs = isPinned(group) ? timeLimitMsOf(group.policy) : null;
  if (limitMs === null) return {};
  return { connectionTimeout: limitMs, requestTimeout: limitMs, throwOnRequestTimeout: true };
}

function settingsOf(group: ResolvedGroup): string {
  const limitMs = timeLimitMsOf(group.policy);
  if (!isPinned(group)) return `the ${group.policy.kind} policy of regionfall/failover, one attempt a client`;
  return limitMs === null
    ? 'as it comes'
    : `connectionTimeout and requestTimeout ${limitMs} ms, throwOnRequestTimeout`;
}

/** The SDK corrects its clock by the service's; a fault moves it without taking that back. */
function skew(held: SkewedClient, skewMs: number): void {
  held.client.config.systemClockOffset += skewMs - held.skewMs;
  held.skewMs = skewMs;
}

function credentialsOf({ credentials }: ResolvedGroup): ResolvedGroup['credentials'] {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return sessionToken === undefined
    ? { accessKeyId, secretAccessKey }
    : { accessKeyId, secretAccessKey, sessionToken };
}

function regionOfHeaders(headers: Readonly<Record<string, string>>): string {
  return decodeExtendedRequestId(headers[EXTENDED_REQUEST_ID_HEADER] ?? '')?.region ?? '';
}

async function loadSdk(): Promise<{ readonly sdk: Sdk; readonly version: string }> {
  try {
    const sdk = await import('@aws-sdk/client-sts');
    const { version } = createRequire(import.meta.url)('@aws-sdk/client-sts/package.json') as {
      version: string;
    };
    return { sdk, version };
  } catch (cause) {
    throw new EnvironmentError('the AWS SDK for JavaScript is not installed beside Regionfall', {
      code: 'RF-NO-AWS-SDK',
      hint: 'npm install @aws-sdk/client-sts',
      cause,
    });
  }
}
