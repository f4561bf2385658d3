/** For tests: Regions without sockets, on clocks moved by hand, and requests as a client would sign them. */

import { type Credentials, Secret } from '../aws/credentials.ts';
import { endpointOfHost, regionalHost } from '../aws/endpoints.ts';
import { DEFAULT_ERA, type EraName, era as eraNamed } from '../aws/eras.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { encodeForm, STS_VERSION } from '../aws/query-protocol.ts';
import type { HttpRequest } from '../aws/sigv4/http-request.ts';
import { signHeaders } from '../aws/sigv4/signer.ts';
import { readAnswer, type StsAnswer } from '../aws/sts-answer.ts';
import type { AccountConfig, UserConfig } from '../identity/accounts.ts';
import { createIdentity, type Identity } from '../identity/identity.ts';
import { defaultAccounts } from '../identity/world-accounts.ts';
import { createFederation } from './federation/federation.ts';
import type { FetchText } from './federation/provider-keys.ts';
import { createQuotas, type QuotaLimits } from './quotas.ts';
import { createRegionService, type Served } from './region-service.ts';
import { createServiceFaults, type ServiceFaults } from './service-faults.ts';

export const NOON_MS = Date.parse('2026-11-24T12:00:00Z');
export const REQUEST_ID = '01234567-89ab-cdef-0123-456789abcdef';
export const PARTITIONS_IN_TESTS = ['aws', 'aws-cn', 'aws-us-gov'] as const;
const REGIONS = ['us-east-1', 'eu-west-1', 'eu-west-2', 'cn-north-1', 'cn-northwest-1', 'us-gov-west-1'];

export interface Ask {
  readonly host?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** `none`: not signed at all. */
  readonly credentials?: Credentials | 'none';
  /** When the client signs; the service's clock stands at noon unless moved. */
  readonly signedAtMs?: number;
  readonly signingRegion?: string;
  /** Last touch on the signed request. */
  readonly alter?: (request: HttpRequest) => HttpRequest;
}

export type Asked = StsAnswer & { readonly served: Served; readonly body: string };

export interface Desk {
  readonly accounts: readonly AccountConfig[];
  readonly identity: Identity;
  readonly faults: ServiceFaults;
  /** Asks the regional endpoint of eu-west-1 for the caller's identity as `app` of partition aws, unless told otherwise. */
  ask(ask?: Ask): Asked;
  /** The same for calls that may have to fetch something first. */
  askLater(ask?: Ask): Promise<Asked>;
  user(partition: PartitionName, name: string): UserConfig;
  credentials(partition: PartitionName, name: string): Credentials;
  roleArn(partition: PartitionName): string;
  /** Moves the service's wall clock and monotonic clock together. */
  passMs(ms: number): void;
}

export interface DeskOptions {
  readonly sealKeys?: Readonly<Partial<Record<PartitionName, string>>>;
  readonly accounts?: readonly AccountConfig[];
  readonly era?: EraName;
  readonly quotas?: QuotaLimits;
  /** How long changes take to reach the Regions; none without it. */
  readonly replicaDelayMs?: { readonly minimum: number; readonly maximum: number };
  readonly regions?: readonly string[];
  /** Where issuers' keys come from that are not in the configuration; nowhere without it. */
  readonly fetchText?: FetchText;
}

export function createDesk(options: DeskOptions = {}): Desk {
  const accounts = options.accounts ?? defaultAccounts(PARTITIONS_IN_TESTS, 7);
  const sealKeys = options.sealKeys ?? separateKeys();
  let passedMs = 0;
  const clock = (): number => passedMs * 1_000;
  const identity = createIdentity(
    {
      era: eraNamed(options.era ?? DEFAULT_ERA),
      accounts,
      sealKeys,
      replicaDelayMs: options.replicaDelayMs ?? { minimum: 0, maximum: 0 },
    },
    clock,
  );
  const regions = options.regions ?? REGIONS;
  const faults = createServiceFaults(regions, clock);
  const federation = createFederation(clock, options.fetchText);
  const services = new Map(
    regions.map((region) => [
      region,
      createRegionService({
        region,
        identity,
        faults,
        quotas: createQuotas(options.quotas, clock),
        federation,
      }),
    ]),
  );
  const accountOf = (partition: PartitionName): AccountConfig =>
    found(accounts.find((account) => account.partition === partition));
  const user = (partition: PartitionName, name: string): UserConfig =>
    found(accountOf(partition).users.find((candidate) => candidate.name === name));
  const credentials = (partition: PartitionName, name: string): Credentials => {
    const { accessKeyId, secretAccessKey } = user(partition, name);
    return { accessKeyId, secretAccessKey: new Secret(secretAccessKey) };
  };
  const serve = (ask: Ask = {}): Served | Promise<Served> => {
    const host = ask.host ?? regionalHost('eu-west-1');
    const endpoint = found(endpointOfHost(host));
    const nowMs = NOON_MS + passedMs;
    const http = form({
      host,
      parameters: ask.parameters ?? { Action: 'GetCallerIdentity', Version: STS_VERSION },
      credentials: ask.credentials ?? credentials('aws', 'app'),
      signingRegion: ask.signingRegion ?? endpoint.signingRegion,
      atMs: ask.signedAtMs ?? nowMs,
    });
    return found(services.get(endpoint.region || 'us-east-1')).answer({
      http: ask.alter?.(http) ?? http,
      signingRegion: endpoint.signingRegion,
      global: endpoint.kind === 'global',
      sourceIp: '127.0.0.1',
      nowMs,
      requestId: REQUEST_ID,
    });
  };
  return {
    accounts,
    identity,
    faults,
    user,
    credentials,
    roleArn: (partition) => found(accountOf(partition).roles[0]).arn,
    passMs: (ms) => {
      passedMs += ms;
    },
    ask: (ask) => {
      const served = serve(ask);
      if (served instanceof Promise) throw new Error('this call has to be awaited: use askLater');
      return asked(served);
    },
    askLater: async (ask) => asked(await serve(ask)),
  };
}

function asked(served: Served): Asked {
  const { status, body } = served.answer;
  return { ...readAnswer(status, {}, body), served, body };
}

export function separateKeys(): Record<PartitionName, string> {
  const names = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'];
  return Object.fromEntries(names.map((name, index) => [name, String(index).repeat(64)])) as Record<
    PartitionName,
    string
  >;
}

export interface FormToSign {
  readonly host: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly signingRegion: string;
  readonly atMs: number;
}

export function signedForm(order: FormToSign): HttpRequest {
  return form(order);
}

function form({
  host,
  parameters,
  credentials,
  signingRegion,
  atMs,
}: Omit<FormToSign, 'credentials'> & { readonly credentials: Credentials | 'none' }): HttpRequest {
  const bare: HttpRequest = {
    method: 'POST',
    path: '/',
    query: '',
    headers: [
      ['content-type', 'application/x-www-form-urlencoded'],
      ['host', host],
    ],
    body: encodeForm(parameters),
  };
  if (credentials === 'none') return bare;
  return {
    ...bare,
    headers: signHeaders(bare, credentials, { region: signingRegion, service: 'sts', atMs }),
  };
}

/** The request with a header changed, or removed where the value is `undefined`. */
export function withHeader(request: HttpRequest, name: string, value: string | undefined): HttpRequest {
  const headers = request.headers.filter(([candidate]) => candidate !== name);
  return { ...request, headers: value === undefined ? headers : [...headers, [name, value]] };
}

/** The session that an answer brought, ready to sign with. */
export function sessionOf(answer: StsAnswer): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken } = found(answer.credentials);
  return { accessKeyId, secretAccessKey: new Secret(secretAccessKey), sessionToken };
}

/** The parameters of an AssumeRole call. */
export function assuming(
  roleArn: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    Action: 'AssumeRole',
    Version: STS_VERSION,
    RoleArn: roleArn,
    RoleSessionName: 'game-day',
    ...more,
  };
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the test world lacks it');
  return value;
}
