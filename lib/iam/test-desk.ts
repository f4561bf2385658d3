/**
 * For tests: the services of the control plane beside the Regions of the STS desk, on the same clocks, asked through
 * AWS's own clients. The clients run in this process: what they would send is signed anew at the desk's time, and what
 * the service answers goes back through their parsers.
 */

import { AccountClient } from '@aws-sdk/client-account';
import { IAMClient } from '@aws-sdk/client-iam';
import { controlPlaneHost, leaderRegion } from '../aws/control-plane-endpoints.ts';
import { type Credentials, Secret } from '../aws/credentials.ts';
import type { EraName } from '../aws/eras.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { encodeForm } from '../aws/query-protocol.ts';
import type { HttpRequest } from '../aws/sigv4/http-request.ts';
import { signHeaders } from '../aws/sigv4/signer.ts';
import type { AccountConfig } from '../identity/accounts.ts';
import type { Served } from '../sts/region-service.ts';
import { createDesk, type Desk, NOON_MS, REQUEST_ID } from '../sts/test-desk.ts';
import { createRandom } from '../time/random.ts';
import { createAccountService } from './account/account-service.ts';
import { IAM_VERSION } from './dispatch.ts';
import { createIamService } from './iam-service.ts';
import type { ControlPlaneService } from './service.ts';

export interface IamDeskOptions {
  readonly partition?: PartitionName;
  readonly accounts?: readonly AccountConfig[];
  readonly era?: EraName;
  readonly replicaDelayMs?: { readonly minimum: number; readonly maximum: number };
  readonly regions?: readonly string[];
}

export interface IamDesk extends Desk {
  /** AWS's client as `admin`, or with other credentials. */
  iam(credentials?: Credentials): IAMClient;
  account(credentials?: Credentials): AccountClient;
  /** One call of IAM without AWS's client: for actions and requests that it cannot send. */
  query(parameters: Readonly<Record<string, string>>, more?: QueryOptions): Served;
  /** A POST of whatever body to whatever path, signed as `admin`. */
  send(service: 'iam' | 'account', sent: { readonly path: string; readonly body: string }): Served;
  nowMs(): number;
  /** Of a user of any account. */
  credentialsIn(account: string, userName: string): Credentials;
}

export interface QueryOptions {
  readonly credentials?: Credentials;
  readonly alter?: (request: HttpRequest) => HttpRequest;
}

export function createIamDesk(options: IamDeskOptions = {}): IamDesk {
  const { partition = 'aws', ...deskOptions } = options;
  const desk = createDesk(deskOptions);
  const { identity } = desk;
  let passedMs = 0;
  const nowMs = (): number => NOON_MS + passedMs;
  const services: Readonly<Record<'iam' | 'account', ControlPlaneService>> = {
    iam: createIamService({ identity, partition, random: createRandom('iam desk') }),
    account: createAccountService({ identity, partition }),
  };
  const admin = (): Credentials => desk.credentials(partition, 'admin');

  const serve = (service: 'iam' | 'account', http: HttpRequest): Served =>
    services[service].answer({
      http,
      signingRegion: leaderRegion(service, partition),
      signingService: service,
      global: false,
      sourceIp: '127.0.0.1',
      nowMs: nowMs(),
      requestId: REQUEST_ID,
    });

  const sign = (service: 'iam' | 'account', request: HttpRequest, credentials: Credentials): HttpRequest => ({
    ...request,
    headers: signHeaders(request, credentials, {
      region: leaderRegion(service, partition),
      service,
      atMs: nowMs(),
    }),
  });

  const handlerFor = (service: 'iam' | 'account', credentials: Credentials) => ({
    handle: async (sent: SentRequest) => {
      const bare: HttpRequest = {
        method: sent.method,
        path: sent.path,
        query: '',
        headers: [
          ['content-type', sent.headers['content-type'] ?? ''],
          ['host', sent.hostname],
        ],
        body: typeof sent.body === 'object' ? new Uint8Array(sent.body) : (sent.body ?? ''),
      };
      const {
        status,
        body,
        contentType = '',
        headers = [],
      } = serve(service, sign(service, bare, credentials)).answer;
      const given: Record<string, string> = { 'content-type': contentType, 'x-amzn-requestid': REQUEST_ID };
      for (let index = 0; index + 1 < headers.length; index += 2) {
        given[(headers[index] ?? '').toLowerCase()] = headers[index + 1] ?? '';
      }
      return { response: { statusCode: status, headers: given, body: Buffer.from(body) } };
    },
  });

  const configFor = (service: 'iam' | 'account', credentials: Credentials) => ({
    region: leaderRegion(service, partition),
    credentials: { accessKeyId: 'AKIAUNUSED', secretAccessKey: 'signed anew' },
    requestHandler: handlerFor(service, credentials) as never,
    maxAttempts: 1,
  });

  return {
    ...desk,
    passMs: (ms) => {
      passedMs += ms;
      desk.passMs(ms);
    },
    nowMs,
    credentialsIn: (account, userName) => {
      const users = desk.accounts.find(({ id }) => id === account)?.users;
      const user = users?.find(({ name }) => name === userName);
      if (user === undefined) throw new Error(`no user ${userName} in account ${account}`);
      return { accessKeyId: user.accessKeyId, secretAccessKey: new Secret(user.secretAccessKey) };
    },
    send: (service, { path, body }) =>
      serve(
        service,
        sign(
          service,
          {
            method: 'POST',
            path,
            query: '',
            headers: [
              ['content-type', 'application/json'],
              ['host', controlPlaneHost(service, partition)],
            ],
            body,
          },
          admin(),
        ),
      ),
    iam: (credentials = admin()) => new IAMClient(configFor('iam', credentials)),
    account: (credentials = admin()) => new AccountClient(configFor('account', credentials)),
    query: (parameters, { credentials = admin(), alter } = {}) => {
      const bare: HttpRequest = {
        method: 'POST',
        path: '/',
        query: '',
        headers: [
          ['content-type', 'application/x-www-form-urlencoded'],
          ['host', controlPlaneHost('iam', partition)],
        ],
        body: encodeForm({ Version: IAM_VERSION, ...parameters }),
      };
      const signed = sign('iam', bare, credentials);
      return serve('iam', alter?.(signed) ?? signed);
    },
  };
}

interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly hostname: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An access key as CreateAccessKey shows it, ready to sign with. */
export function keyOf(made: {
  readonly AccessKeyId: string | undefined;
  readonly SecretAccessKey: string | undefined;
}): Credentials {
  return {
    accessKeyId: made.AccessKeyId ?? '',
    secretAccessKey: new Secret(made.SecretAccessKey ?? ''),
  };
}

export function allowing(action: string | readonly string[], resource = '*'): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
  });
}

export function trusting(...principals: readonly string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: principals }, Action: 'sts:AssumeRole' }],
  });
}

/** What the client throws: code and message. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ readonly code: string; readonly message: string; readonly status: number }> {
  try {
    await call;
  } catch (cause) {
    const { name, message, $metadata } = cause as {
      readonly name: string;
      readonly message: string;
      readonly $metadata?: { readonly httpStatusCode?: number };
    };
    return { code: name, message, status: $metadata?.httpStatusCode ?? 0 };
  }
  throw new Error('the call was not refused');
}
