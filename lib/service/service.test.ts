import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type RequestOptions, request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../aws/credentials.ts';
import { GLOBAL_ENDPOINT, regionalHost } from '../aws/endpoints.ts';
import { decodeExtendedRequestId } from '../aws/extended-request-id.ts';
import { stsRequest } from '../aws/sts-request.ts';
import { defaultAccounts } from '../identity/world-accounts.ts';
import { readServiceRecords } from '../journal/reader.ts';
import type { ServiceRecord } from '../journal/sample.ts';
import { type Child, startChild } from '../process/rpc.ts';
import { fetchKeys } from '../sts/federation/fetch-keys.ts';
import { separateKeys } from '../sts/test-desk.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { stsHostNames } from './region-hosts.ts';
import { openService, type Service } from './service.ts';
import type { ServiceConfig, ServiceReady } from './service-config.ts';
import { makeTestCertificates } from './test-certificates.ts';

const REGIONS = ['us-east-1', 'eu-west-1', 'af-south-1', 'us-gov-west-1'] as const;
const accounts = defaultAccounts(['aws', 'aws-us-gov'], 7);
const rows: ServiceRecord[] = [];

let caPem = '';
let config: ServiceConfig;
let service: Service;

beforeAll(async () => {
  const hosts = new Set(stsHostNames(REGIONS));
  const made = await makeTestCertificates([...hosts]);
  caPem = made.caPem;
  config = {
    era: '2026',
    regions: REGIONS,
    accounts,
    certificates: made.certificates,
    sealKeys: separateKeys(),
    adminToken: 'a token for tests',
    replicaDelayMs: { minimum: 0, maximum: 0 },
  };
  service = await openService(config, {
    clock: monotonicUs,
    wallClock: Date.now,
    openWriter: async () => ({
      write: (row) => void rows.push(row),
      flush: async () => {},
      close: async () => {},
    }),
    fetchText: fetchKeys,
  });
});

afterAll(() => service.close());

const app = {
  accessKeyId: accounts[0]?.users[1]?.accessKeyId ?? '',
  secretAccessKey: accounts[0]?.users[1]?.secretAccessKey ?? '',
};
const roleArn = accounts[0]?.roles[0]?.arn ?? '';

/** The unmodified client; only where its connections go is ours, as a hosts file would do it. */
function client(region: string, port: number, credentials = app): STSClient {
  const agent = new Agent({ ca: caPem, lookup: loopback, keepAlive: true });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => connect({ ...options, port }, done);
  return new STSClient({
    region,
    credentials,
    maxAttempts: 1,
    requestHandler: { httpsAgent: agent },
  });
}

const loopback: LookupFunction = (_host, options, done) => {
  if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
};

interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

function send(port: number, options: RequestOptions, body = ''): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, ca: caPem, servername: regionalHost('eu-west-1'), agent: false, ...options },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            rawHeaders: incoming.rawHeaders,
            body: text,
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const port = (region: string): number => service.ready.ports[region] ?? 0;

function identityRequest(host: string, signingRegion = 'eu-west-1') {
  return stsRequest({
    host,
    operation: 'GetCallerIdentity',
    credentials: { accessKeyId: app.accessKeyId, secretAccessKey: new Secret(app.secretAccessKey) },
    signingRegion,
    atMs: Date.now(),
    userAgent: 'regionfall/0.1.0 caller/eu-1',
  });
}

describe('the AWS SDK, unmodified,', () => {
  test('gets a session, uses it, and is told who it is', async () => {
    const sts = client('eu-west-1', port('eu-west-1'));
    const { Credentials, AssumedRoleUser } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'game-day', DurationSeconds: 900 }),
    );
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/app/game-day');
    expect(Math.abs((Credentials?.Expiration?.getTime() ?? 0) - Date.now() - 900_000)).toBeLessThan(30_000);
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const elsewhere = client('us-east-1', port('us-east-1'), session);
    expect(await elsewhere.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: AssumedRoleUser?.Arn,
      Account: '111122223333',
    });
    const userSession = await sts.send(new GetSessionTokenCommand({}));
    expect(userSession.Credentials?.AccessKeyId).toMatch(/^ASIA/);
  });

  test('meets errors as its own typed exceptions', async () => {
    service.control.setRegionSwitch({ account: '111122223333', region: 'eu-west-1', active: false });
    const sts = client('eu-west-1', port('eu-west-1'));
    await expect(
      sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'game-day' })),
    ).rejects.toMatchObject({ name: 'RegionDisabledException', $metadata: { httpStatusCode: 403 } });
    await expect(sts.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      Account: '111122223333',
    });
    service.control.setRegionSwitch({ account: '111122223333', region: 'eu-west-1', active: true });
    await expect(
      client('us-gov-west-1', port('us-gov-west-1')).send(new GetCallerIdentityCommand({})),
    ).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });
});

describe('an answer on the wire', () => {
  test('names the Region that served it, and carries the headers of the real service and no others', async () => {
    const { headers, body } = identityRequest(regionalHost('eu-west-1'));
    const answer = await send(port('eu-west-1'), { method: 'POST', headers }, body);
    expect(answer.status).toBe(200);
    expect(answer.rawHeaders.filter((_, index) => index % 2 === 0)).toEqual([
      'x-amzn-RequestId',
      'x-amz-sts-extended-request-id',
      'Content-Type',
      'Content-Length',
      'Date',
    ]);
    expect(answer.body).toContain(`<RequestId>${answer.headers['x-amzn-requestid']}</RequestId>`);
    const id = decodeExtendedRequestId(String(answer.headers['x-amz-sts-extended-request-id']));
    expect(id?.region).toBe('eu-west-1');
    expect(answer.headers['content-type']).toBe('text/xml');
    expect(answer.headers['date']).toBe(new Date(Math.floor((id?.atMs ?? 0) / 1_000) * 1_000).toUTCString());
  });

  test('comes from whichever default Region a global request reaches, but from no opt-in Region', async () => {
    const { host } = GLOBAL_ENDPOINT;
    for (const region of ['us-east-1', 'eu-west-1']) {
      const { headers, body } = identityRequest(host, 'us-east-1');
      const answer = await send(port(region), { method: 'POST', headers, servername: host }, body);
      const id = decodeExtendedRequestId(String(answer.headers['x-amz-sts-extended-request-id']));
      expect([answer.status, id?.region]).toEqual([200, region]);
    }
    const { headers, body } = identityRequest(host, 'us-east-1');
    const options = { method: 'POST', headers, servername: regionalHost('af-south-1') };
    expect((await send(port('af-south-1'), options, body)).status).toBe(421);
  });

  test('is a bare 421 to a host name that is not the Region’s', async () => {
    for (const host of [regionalHost('us-east-1'), 'localhost', '127.0.0.1', 'evil.example']) {
      const { headers, body } = identityRequest(host);
      const answer = await send(port('eu-west-1'), { method: 'POST', headers }, body);
      expect([answer.status, answer.body]).toEqual([421, '']);
      expect(answer.headers['x-amzn-requestid']).toBeUndefined();
    }
  });

  test('is no 200 to a request with two host names', async () => {
    const { headers, body } = identityRequest(regionalHost('eu-west-1'));
    const doubled = [...Object.entries(headers), ['host', 'evil.example']].flat();
    const answer = await send(port('eu-west-1'), { method: 'POST', headers: doubled }, body);
    expect(answer.status).toBe(421);
  });

  test('does not mind the port and the letter case of a host name', async () => {
    const { headers, body } = identityRequest(`STS.eu-west-1.amazonaws.com:${port('eu-west-1')}`);
    expect((await send(port('eu-west-1'), { method: 'POST', headers }, body)).status).toBe(200);
  });

  test('is 413 to a body over ten million bytes and 400 to a head over 16 KB, both without ids', async () => {
    const { headers } = identityRequest(regionalHost('eu-west-1'));
    const body = `Action=GetCallerIdentity&x=${'v'.repeat(10_000_000)}`;
    const large = { ...headers, 'content-length': String(body.length) };
    const refused = await send(port('eu-west-1'), { method: 'POST', headers: large }, body);
    expect([refused.status, refused.body, refused.headers['x-amzn-requestid']]).toEqual([413, '', undefined]);
    const path = `/?Action=GetCallerIdentity&x=${'v'.repeat(17_000)}`;
    const long = await send(port('eu-west-1'), {
      method: 'GET',
      path,
      headers: { host: regionalHost('eu-west-1') },
    });
    expect([long.status, long.body, long.headers['x-amzn-requestid']]).toEqual([400, '', undefined]);
  });

  test('lets no web page read it, though a preflight is answered as STS does', async () => {
    const headers = { host: regionalHost('eu-west-1'), origin: 'https://evil.example' };
    const preflight = await send(port('eu-west-1'), { method: 'OPTIONS', headers });
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-max-age': '172800',
    });
    const path = '/?Action=GetCallerIdentity&Version=2011-06-15';
    const answer = await send(port('eu-west-1'), { method: 'GET', path, headers });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('the service’s log', () => {
  test('has a row for every answer, those from before the run at negative times', async () => {
    const before = rows.length;
    const originUs = monotonicUs();
    await service.log.begin({ path: 'unused', originUs });
    const { headers, body } = identityRequest(regionalHost('eu-west-1'));
    await send(port('eu-west-1'), { method: 'POST', headers }, body);
    await send(port('eu-west-1'), { method: 'POST', headers: { host: regionalHost('eu-west-1') } }, '');
    const ended = await service.log.end();
    const written = rows.slice(before);
    expect(written).toHaveLength(ended.rows);
    expect(written.slice(0, -2).every(({ receivedUs }) => receivedUs < 0)).toBe(true);
    expect(written.at(-2)).toMatchObject({
      region: 'eu-west-1',
      host: 'sts.eu-west-1.amazonaws.com',
      operation: 'GetCallerIdentity',
      status: 200,
      errorCode: '',
      accessKeyId: app.accessKeyId,
      account: '111122223333',
      caller: 'eu-1',
    });
    expect(written.at(-1)).toMatchObject({ status: 302, errorCode: 'NoAction', operation: '', caller: '' });
    for (const { receivedUs, endedUs } of written.slice(-2)) {
      expect(receivedUs).toBeGreaterThanOrEqual(0);
      expect(endedUs).toBeGreaterThanOrEqual(receivedUs);
    }
  });
});

describe('the service as a process', () => {
  test('opens, writes its log, takes faults, and ends with its parent', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regionfall-sts-'));
    const child: Child = startChild({ name: 'service', entry: new URL('./process.ts', import.meta.url) });
    try {
      const ready = await child.call<ServiceReady>('open', config);
      const eu = ready.ports['eu-west-1'] ?? 0;
      const ask = async () => {
        const { headers, body } = identityRequest(regionalHost('eu-west-1'));
        return (await send(eu, { method: 'POST', headers }, body)).status;
      };
      expect(await ask()).toBe(200);
      await child.call('beginLog', { path: join(folder, 'service.arrows'), originUs: monotonicUs() });
      await child.call('setFault', {
        id: 'errors',
        kind: 'error',
        requests: { regions: ['eu-west-1'], share: 1 },
        code: 'InternalFailure',
        status: 500,
        seed: 7,
        leaseMs: 60_000,
      });
      await child.call('setFault', {
        id: 'off',
        kind: 'region-off',
        account: '111122223333',
        region: 'eu-west-1',
        leaseMs: 60_000,
      });
      expect(await ask()).toBe(500);
      expect(await child.call('observe', undefined)).toEqual({
        faults: ['errors', 'off'],
        disabledRegions: { '111122223333': ['eu-west-1'], '333344445555': [] },
      });
      expect(await child.call('renewFault', { id: 'off', leaseMs: 60_000 })).toEqual({ known: true });
      expect(await child.call('clearFault', { id: 'errors' })).toEqual({ known: true });
      expect(await child.call('clearFault', { id: 'off' })).toEqual({ known: true });
      expect(await child.call('clearFault', { id: 'off' })).toEqual({ known: false });
      expect(await ask()).toBe(200);
      await expect(
        child.call('setRegionSwitch', { account: '111122223333', region: 'us-east-1', active: false }),
      ).rejects.toThrow('cannot be switched');
      expect(await child.call('endLog', undefined)).toEqual({ rows: 3 });
      const table = readServiceRecords(join(folder, 'service.arrows'));
      expect([0, 1, 2].map((row) => table.row(row).status)).toEqual([200, 500, 200]);
      expect(table.row(0).receivedUs).toBeLessThan(0);
    } finally {
      await child[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    }
    expect((await child.exited).code).toBe(0);
  });
});
