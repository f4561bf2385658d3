/**
 * For tests of the service's faults: a service on a clock that a test can put forward, and calls to its Regions over
 * real TLS that tell in a few words what came of them.
 */

import { type Agent, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Credentials } from '../lib/aws/credentials.ts';
import { GLOBAL_ENDPOINT, regionalHost } from '../lib/aws/endpoints.ts';
import { readAnswer, type StsAnswer } from '../lib/aws/sts-answer.ts';
import { type StsOperation, stsRequest } from '../lib/aws/sts-request.ts';
import type { ServiceFaultOrder } from '../lib/service/fault-order.ts';
import { makeTestCertificates, type TestCertificates } from '../lib/service/test-certificates.ts';
import { openServiceKit, type ServiceKit } from './service-kit.ts';

export const ACCOUNT = '111122223333';
export const IRELAND = regionalHost('eu-west-1');
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;
const REPLICA_DELAY_MS = 1_000;
/** A lease that no test outlives. */
export const LONG_MS = 60_000;

/** An order without what every order has. */
export type Fault = Without<ServiceFaultOrder, 'id' | 'leaseMs'>;
type Without<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

/** All requests that come to eu-west-1. */
export const TO_IRELAND = { regions: ['eu-west-1'], share: 1 } as const;

export interface Ask {
  readonly region?: string;
  readonly operation?: StsOperation;
  readonly host?: string;
  readonly credentials?: Credentials;
  readonly agent?: Agent;
  /** Gives up then. */
  readonly withinMs?: number;
}

export interface Asked extends StsAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly elapsedMs: number;
  readonly resumed: boolean;
}

/** Opens one service for all tests of a file, with three Regions, one of them opt-in. No test leaves a fault to the next. */
export function useFaultWorld() {
  let kit: ServiceKit;
  let strangers: TestCertificates;

  beforeAll(async () => {
    kit = await openServiceKit(['eu-west-1', 'us-west-2', 'af-south-1'], '2026', REPLICA_DELAY_MS);
    strangers = await makeTestCertificates([IRELAND]);
  });

  afterAll(() => kit[Symbol.asyncDispose]());

  afterEach(() => {
    for (const id of control().observe().faults) control().clearFault({ id });
    spread();
  });

  /** `200`, `403 AccessDenied`, or what was wrong with the way: `ABORT_ERR`. */
  const outcome = (asking: Ask = {}): Promise<string> =>
    ask(asking).then(
      ({ status, errorCode }) => `${status} ${errorCode}`.trim(),
      (error: NodeJS.ErrnoException) => error.code ?? error.name,
    );

  const assume = (more: Ask = {}): Promise<string> => outcome({ operation: 'AssumeRole', ...more });

  const readControlPlane = async (): Promise<string> => {
    const { status, errorCode } = await kit.iam('admin', 'RegionfallListStsRegionStatus');
    return `${status} ${errorCode}`.trim();
  };

  /** Lets a change reach all Regions. */
  const spread = (): void => kit.pass(REPLICA_DELAY_MS);

  const control = () => kit.service.control;

  const ask = (asking: Ask = {}): Promise<Asked> => send(kit, asking);

  return {
    control,
    /** Sets one that no test outlives. */
    set: (id: string, fault: Fault): void => control().setFault({ id, leaseMs: LONG_MS, ...fault }),
    ask,
    outcome,
    assume,
    readControlPlane,
    spread,
    /** Ends faults that must be in force still. */
    end: (...ids: readonly string[]): void => {
      for (const id of ids) expect(control().clearFault({ id })).toEqual({ known: true });
    },
    credentials: (user: string): Credentials => kit.credentials(user),
    /** For {@link IRELAND}, from an authority that no client trusts. */
    strangeCertificate: (): Fault => ({
      kind: 'certificate',
      hosts: [IRELAND],
      trouble: 'unknown-authority',
      certificates: strangers.certificates,
    }),
  };
}

/** As `app` at eu-west-1, on a connection of its own, unless told otherwise. Rejects with what went wrong on the way. */
function send(
  kit: ServiceKit,
  { region = 'eu-west-1', operation = 'GetCallerIdentity', agent, ...more }: Ask,
): Promise<Asked> {
  const host = more.host ?? regionalHost(region);
  const message = stsRequest({
    host,
    operation,
    parameters: operation === 'AssumeRole' ? { RoleArn: ROLE, RoleSessionName: 'game-day' } : {},
    credentials: more.credentials ?? kit.credentials('app'),
    signingRegion: host === GLOBAL_ENDPOINT.host ? 'us-east-1' : region,
    atMs: Date.now(),
    userAgent: 'regionfall-test',
  });
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: kit.regionPort(region),
        servername: host,
        ca: kit.caPem,
        agent: agent ?? false,
        method: message.method,
        headers: message.headers,
        ...(more.withinMs === undefined ? {} : { signal: AbortSignal.timeout(more.withinMs) }),
      },
      (incoming) => {
        let body = '';
        incoming.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        // Gone by the end, when the connection is given back.
        const resumed = (incoming.socket as TLSSocket).isSessionReused();
        incoming.on('end', () => {
          const status = incoming.statusCode ?? 0;
          resolve({
            ...readAnswer(status, incoming.headers, body),
            status,
            contentType: incoming.headers['content-type'] ?? '',
            elapsedMs: performance.now() - startedMs,
            resumed,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(message.body);
  });
}
