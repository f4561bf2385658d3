/**
 * Carries attempts as real callers do: each request signed with the group's keys and by the caller's clock, over the
 * caller's own connections.
 */

import { createSecureContext } from 'node:tls';
import { type Credentials, Secret } from '../aws/credentials.ts';
import { stsRequest } from '../aws/sts-request.ts';
import type { Clock } from '../time/monotonic.ts';
import { VERSION } from '../version.ts';
import { type SignedRequest, sendAttempt } from './attempt.ts';
import type { CallerIdentity } from './caller-choice.ts';
import type { CallersFaults } from './callers-faults.ts';
import { Connection } from './connection.ts';
import { callerName, type ResolvedGroup, type Target } from './resolved-group.ts';
import type { AttemptOrder, AttemptResult, LiveAttempt, Transport } from './transport.ts';

export interface SignedTransportOptions {
  readonly groups: readonly ResolvedGroup[];
  /** The run's own authority, the only one trusted. */
  readonly caPem: string;
  /** Any origin: only differences are taken. */
  readonly now: Clock;
  /** Milliseconds since 1970, for the signatures. */
  readonly wallClock: () => number;
  /** What is wrong with the callers' surroundings; without it nothing ever is. */
  readonly faults?: Pick<CallersFaults, 'skewMs' | 'nameAnswer'>;
  /** Told in a sentence when this process could not hold a connection: what it measures is then itself. */
  readonly onStarved?: (sentence: string) => void;
}

export interface SignedTransport extends Transport {
  /**
   * Sends over a connection that is opened for this and closed after it, and under the user agent of a probe: neither
   * the caller nor the service's log takes it for one of the caller's own. Works also after `close`.
   */
  sendAlone(order: AttemptOrder, settle: (result: AttemptResult) => void): LiveAttempt;
  /** Closes every connection. */
  close(): void;
}

/** As short as STS allows: a load run has no use for long sessions. */
const SESSION_SECONDS = '900';

const PROBE_AGENT = `regionfall/${VERSION} probe`;

export function createSignedTransport(options: SignedTransportOptions): SignedTransport {
  const { now, wallClock, faults, onStarved } = options;
  const secureContext = createSecureContext({ ca: options.caPem });

  const connect = (identity: CallerIdentity, { host, port }: Target): Connection =>
    new Connection({
      host,
      port,
      secureContext,
      now,
      ...(faults === undefined ? {} : { nameTrouble: () => faults.nameAnswer(identity, host) }),
      ...(onStarved === undefined ? {} : { onStarved }),
    });

  const groups = options.groups.map((group) => ({
    roleArn: group.roleArn,
    credentials: credentialsOf(group),
    callers: Array.from({ length: group.callers }, (_, caller): Caller => {
      const identity = { name: callerName(group, caller), group: group.name, location: group.location };
      return {
        identity,
        userAgent: `regionfall/${VERSION} caller/${identity.name}`,
        routes: new Map(
          group.targets.map((target) => [target.host, { target, connection: connect(identity, target) }]),
        ),
      };
    }),
  }));

  const find = (order: AttemptOrder) => {
    const group = groups[order.group];
    const caller = group?.callers[order.caller];
    const route = caller?.routes.get(order.host);
    if (group === undefined || caller === undefined || route === undefined) {
      throw new RangeError(`no way from caller ${order.group}/${order.caller} to ${order.host}`);
    }
    return { group, caller, route };
  };

  const signed = (
    { host, operation }: AttemptOrder,
    { group, caller, route }: ReturnType<typeof find>,
    userAgent: string,
  ): SignedRequest =>
    stsRequest({
      host,
      operation,
      parameters:
        operation === 'AssumeRole'
          ? {
              RoleArn: group.roleArn,
              RoleSessionName: caller.identity.name,
              DurationSeconds: SESSION_SECONDS,
            }
          : {},
      credentials: group.credentials,
      signingRegion: route.target.signingRegion,
      atMs: wallClock() + (faults?.skewMs(caller.identity) ?? 0),
      userAgent,
    });

  return {
    send: (order, settle) => {
      const way = find(order);
      return sendAttempt(way.route.connection, signed(order, way, way.caller.userAgent), now, settle);
    },
    sendAlone: (order, settle) => {
      const way = find(order);
      const connection = connect(way.caller.identity, way.route.target);
      return sendAttempt(connection, signed(order, way, PROBE_AGENT), now, (result) => {
        connection.close();
        settle(result);
      });
    },
    close: () => {
      for (const { callers } of groups) {
        for (const { routes } of callers) for (const { connection } of routes.values()) connection.close();
      }
    },
  };
}

interface Caller {
  readonly identity: CallerIdentity;
  readonly userAgent: string;
  /** By host. */
  readonly routes: ReadonlyMap<string, Route>;
}

interface Route {
  readonly target: Target;
  readonly connection: Connection;
}

function credentialsOf({ credentials }: ResolvedGroup): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const keys = { accessKeyId, secretAccessKey: new Secret(secretAccessKey) };
  return sessionToken === undefined ? keys : { ...keys, sessionToken };
}
