/** Carries attempts as real callers do: each request signed with the group's keys, over the caller's connections. */

import { createSecureContext } from 'node:tls';
import { type Credentials, Secret } from '../aws/credentials.ts';
import { stsRequest } from '../aws/sts-request.ts';
import type { Clock } from '../time/monotonic.ts';
import { VERSION } from '../version.ts';
import { type SignedRequest, sendAttempt } from './attempt.ts';
import { Connection } from './connection.ts';
import { callerName, type ResolvedGroup, type Target } from './resolved-group.ts';
import type { AttemptOrder, Transport } from './transport.ts';

export interface SignedTransportOptions {
  readonly groups: readonly ResolvedGroup[];
  /** The run's own authority, the only one trusted. */
  readonly caPem: string;
  /** Any origin: only differences are taken. */
  readonly now: Clock;
  /** Milliseconds since 1970, for the signatures. */
  readonly wallClock: () => number;
  /** Told in a sentence when this process could not hold a connection: what it measures is then itself. */
  readonly onStarved?: (sentence: string) => void;
}

export interface SignedTransport extends Transport {
  /** Closes every connection. */
  close(): void;
}

/** As short as STS allows: a load run has no use for long sessions. */
const SESSION_SECONDS = '900';

export function createSignedTransport(options: SignedTransportOptions): SignedTransport {
  const { now, wallClock } = options;
  const secureContext = createSecureContext({ ca: options.caPem });
  const connections: Connection[] = [];
  const starving = options.onStarved === undefined ? {} : { onStarved: options.onStarved };
  const callers = options.groups.map((group) =>
    Array.from({ length: group.callers }, (_, caller) => {
      const name = callerName(group, caller);
      return { name, userAgent: `regionfall/${VERSION} caller/${name}`, routes: routesOf(group) };
    }),
  );

  function routesOf(group: ResolvedGroup): ReadonlyMap<string, Route> {
    return new Map(
      group.targets.map((target) => {
        const { host, port } = target;
        const connection = new Connection({ host, port, secureContext, now, ...starving });
        connections.push(connection);
        return [target.host, { target, connection }];
      }),
    );
  }

  const credentials = options.groups.map(credentialsOf);
  const signed = (order: AttemptOrder): { readonly request: SignedRequest; readonly route: Route } => {
    const group = options.groups[order.group];
    const keys = credentials[order.group];
    const caller = callers[order.group]?.[order.caller];
    const route = caller?.routes.get(order.host);
    if (group === undefined || keys === undefined || caller === undefined || route === undefined) {
      throw new RangeError(`no way from caller ${order.group}/${order.caller} to ${order.host}`);
    }
    const request = stsRequest({
      host: order.host,
      operation: order.operation,
      parameters:
        order.operation === 'AssumeRole'
          ? { RoleArn: group.roleArn, RoleSessionName: caller.name, DurationSeconds: SESSION_SECONDS }
          : {},
      credentials: keys,
      signingRegion: route.target.signingRegion,
      atMs: wallClock(),
      userAgent: caller.userAgent,
    });
    return { request, route };
  };

  return {
    send: (order, settle) => {
      const { request, route } = signed(order);
      return sendAttempt(route.connection, request, now, settle);
    },
    close: () => {
      for (const connection of connections) connection.close();
    },
  };
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
