/** The callers' process against the service's process, with nothing between them: signatures that really verify. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { regionalHost } from '../lib/aws/endpoints.ts';
import { defaultAccounts } from '../lib/identity/world-accounts.ts';
import { readSamples, readServiceRecords } from '../lib/journal/reader.ts';
import type { EngineConfig, EngineEnded } from '../lib/load/process.ts';
import type { ResolvedGroup } from '../lib/load/resolved-group.ts';
import { type Child, startChild } from '../lib/process/rpc.ts';
import type { ServiceConfig, ServiceReady } from '../lib/service/service-config.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { type Authority, createAuthority } from '../lib/world/certificates.ts';

const SECOND = 1_000_000;
const REGIONS = ['eu-west-1', 'eu-central-1'];

let folder: string;
let authority: Authority;
let service: Child;
let callers: Child;
let ready: ServiceReady;
const [account] = defaultAccounts(['aws'], 1);
const app = account?.users.find(({ name }) => name === 'app');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regionfall-test-'));
  authority = await createAuthority(Date.now());
  service = startChild({ name: 'service', entry: new URL('../lib/service/process.ts', import.meta.url) });
  callers = startChild({ name: 'callers', entry: new URL('../lib/load/process.ts', import.meta.url) });
  ready = await service.call<ServiceReady>('open', {
    era: '2026',
    regions: REGIONS,
    accounts: account === undefined ? [] : [account],
    certificates: await Promise.all(REGIONS.map((region) => authority.issue(regionalHost(region)))),
    sealKeys: { aws: 'ab'.repeat(32) },
    adminToken: 'only for this test',
    replicaDelayMs: { minimum: 0, maximum: 0 },
  } satisfies ServiceConfig);
});

afterEach(async () => {
  await callers[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function groupOf(change: Partial<ResolvedGroup>): ResolvedGroup {
  return {
    name: 'web',
    location: 'eu-west-1',
    callers: 2,
    ratePerSecond: 60,
    operations: { AssumeRole: 1 },
    partition: 'aws',
    principal: 'app',
    credential: 'long-term',
    policy: { kind: 'ordered', endpoints: REGIONS, attemptTimeLimitMs: 5_000, failBackAfterMs: 60_000 },
    arrivals: 'even',
    client: { kind: 'embedded' },
    credentials: {
      accessKeyId: app?.accessKeyId ?? '',
      secretAccessKey: app?.secretAccessKey ?? '',
    },
    roleArn: account?.roles[0]?.arn ?? '',
    targets: REGIONS.map((region) => ({
      host: regionalHost(region),
      signingRegion: region,
      port: ready.ports[region] ?? 0,
      linkId: region,
    })),
    ...change,
  };
}

async function load(groups: ResolvedGroup[]) {
  const ended = Promise.withResolvers<EngineEnded>();
  callers.onNews('ended', ended.resolve);
  const samplesPath = join(folder, 'samples.arrows');
  const servicePath = join(folder, 'service.arrows');
  await callers.call('open', {
    seed: 1,
    durationUs: SECOND,
    drainUs: 5 * SECOND,
    groups,
    caPem: authority.caPem,
    samplesPath,
    maxInFlight: 1_000,
  } satisfies EngineConfig);
  const originUs = monotonicUs() + 50_000;
  await service.call('beginLog', { path: servicePath, originUs });
  await callers.call('start', { originUs });
  const { counts } = await ended.promise;
  await service.call('endLog', {});
  const samples = readSamples(samplesPath);
  const records = readServiceRecords(servicePath);
  return {
    counts,
    samples: Array.from({ length: samples.length }, (_, index) => samples.row(index)),
    records: Array.from({ length: records.length }, (_, index) => records.row(index)),
  };
}

describe('callers of the emulated service', () => {
  it('are believed, and both sides tell of the same requests', async () => {
    const operations = { AssumeRole: 1, GetCallerIdentity: 1, GetSessionToken: 1 };
    const { counts, samples, records } = await load([groupOf({ operations })]);
    expect(counts).toMatchObject({ planned: 60, ok: 60 - counts.dropped });
    const answered = samples.filter(({ outcome }) => outcome === 'ok');
    expect(answered.every(({ servingRegion }) => servingRegion === 'eu-west-1')).toBe(true);
    const served = new Map(records.map((record) => [record.requestId, record]));
    for (const sample of answered) {
      const record = served.get(sample.requestId);
      expect(record).toMatchObject({
        caller: sample.caller,
        operation: sample.operation,
        region: sample.servingRegion,
      });
      // One clock: the service received the request after it was begun and before its answer was read.
      expect(record?.receivedUs).toBeGreaterThanOrEqual(sample.startedUs);
      expect(record?.receivedUs).toBeLessThanOrEqual(sample.endedUs);
    }
  });

  it('leave a Region that is switched off for them, while a check of identity stays blind to it', async () => {
    const off = { account: account?.id ?? '', region: 'eu-west-1', active: false };
    await service.call('setRegionSwitch', off);
    const { counts, samples } = await load([
      groupOf({ name: 'web' }),
      groupOf({ name: 'health', operations: { GetCallerIdentity: 1 } }),
    ]);
    expect(counts.ok + counts.dropped).toBe(counts.planned);
    const sent = samples.filter(({ outcome }) => outcome !== 'dropped');
    const web = sent.filter(({ operation }) => operation === 'AssumeRole');
    const failures = web.filter(({ outcome }) => outcome !== 'ok');
    expect(failures.length).toBeGreaterThanOrEqual(2);
    expect(failures.every(({ errorCode }) => errorCode === 'RegionDisabledException')).toBe(true);
    expect(
      web.filter(({ outcome }) => outcome === 'ok').every((row) => row.servingRegion === 'eu-central-1'),
    ).toBe(true);
    const health = sent.filter(({ operation }) => operation === 'GetCallerIdentity');
    expect(health.every((row) => row.servingRegion === 'eu-west-1' && row.attempt === 1)).toBe(true);
  });

  it('are refused with the code of STS when their key is wrong', async () => {
    const credentials = { accessKeyId: app?.accessKeyId ?? '', secretAccessKey: 'wrong' };
    const { counts, samples } = await load([groupOf({ credentials })]);
    expect(counts.failed + counts.dropped).toBe(counts.planned);
    expect(samples).toHaveLength(counts.planned);
    expect(samples.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      status: 403,
      errorCode: 'SignatureDoesNotMatch',
    });
  });
});
