import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowNoMoreFiles, canLimitFiles } from '../../test/file-limit.ts';
import { keepSilent, openStubService, type StubService } from '../../test/stub-service.ts';
import type { PolicySpec } from '../failover/spec.ts';
import type { LoadProgress } from '../journal/event.ts';
import { readSamples } from '../journal/reader.ts';
import type { Sample } from '../journal/sample.ts';
import { type Child, startChild } from '../process/rpc.ts';
import { monotonicUs } from '../time/monotonic.ts';
import type { CallerProbe, CallerProbeResult } from './caller-probe.ts';
import type { EngineConfig, EngineEnded, EngineReady } from './process.ts';
import type { ResolvedGroup } from './resolved-group.ts';

const SECOND = 1_000_000;

let folder: string;
let service: StubService;
let child: Child;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regionfall-load-'));
  service = await openStubService();
  child = startChild({ name: 'callers', entry: new URL('process.ts', import.meta.url) });
});

afterEach(async () => {
  await child[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function groupOf(change: Partial<ResolvedGroup> = {}): ResolvedGroup {
  const policy: PolicySpec = { kind: 'pinned', endpoint: 'eu-west-1', attemptTimeLimitMs: null };
  return {
    name: 'web',
    location: 'eu-west-1',
    callers: 2,
    ratePerSecond: 100,
    operations: { AssumeRole: 1 },
    partition: 'aws',
    principal: 'app',
    credential: 'long-term',
    policy,
    arrivals: 'even',
    client: { kind: 'embedded' },
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'not a secret' },
    roleArn: 'arn:aws:iam::111122223333:role/app',
    targets: [{ host: service.host, signingRegion: 'eu-west-1', port: service.port, linkId: 'l' }],
    ...change,
  };
}

/** Opens and starts a load; `ended` resolves with its last news. */
async function begin(change: Partial<EngineConfig> = {}) {
  const ended = Promise.withResolvers<EngineEnded>();
  const progress: LoadProgress[] = [];
  child.onNews('ended', ended.resolve);
  child.onNews('progress', (one: LoadProgress) => progress.push(one));
  const samplesPath = join(folder, 'samples.arrows');
  const ready = await child.call<EngineReady>('open', {
    seed: 1,
    durationUs: SECOND,
    drainUs: SECOND,
    groups: [groupOf()],
    caPem: service.authority.caPem,
    samplesPath,
    maxInFlight: 1_000,
    ...change,
  } satisfies EngineConfig);
  await child.call('start', { originUs: monotonicUs() + 50_000 });
  const rows = (): Sample[] => {
    const table = readSamples(samplesPath);
    return Array.from({ length: table.length }, (_, index) => table.row(index));
  };
  return { ready, progress, ended: ended.promise, rows };
}

describe("the callers' process", () => {
  it('sends the plan, signed by name, and leaves every row on disk', async () => {
    const { ready, ended, rows } = await begin();
    const end = await ended;
    expect(ready.planned).toBe(100);
    expect(ready.callers.map(({ name }) => name)).toEqual(['web-1', 'web-2']);
    // A busy machine may make the generator late; then it says so in rows, and nothing else is lost.
    const { ok, dropped } = end.counts;
    expect(end).toMatchObject({
      counts: { planned: 100, ok: 100 - dropped, failed: 0, indeterminate: 0 },
      attempts: ok,
      rows: 100,
      stoppedEarly: false,
    });
    expect(end.cpuUs).toBeGreaterThan(0);
    expect(rows().every((row) => row.startedUs >= row.plannedUs && row.endedUs >= row.startedUs)).toBe(true);
    expect(service.forms).toHaveLength(ok);
    expect(Object.fromEntries(service.forms[0] ?? [])).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::111122223333:role/app',
      RoleSessionName: expect.stringMatching(/^web-[12]$/),
      DurationSeconds: '900',
    });
    expect(new Set(service.userAgents.map((agent) => agent.replace(/^regionfall\/\S+ /, '')))).toEqual(
      new Set(['caller/web-1', 'caller/web-2']),
    );
  });

  it('fails over from a closed port within the arrival', async () => {
    await using away = await openStubService({
      host: 'sts.away.test',
      region: 'eu-central-1',
      authority: service.authority,
    });
    const policy: PolicySpec = {
      kind: 'ordered',
      endpoints: ['eu-west-1', 'eu-central-1'],
      attemptTimeLimitMs: 1_000,
      failBackAfterMs: 10_000,
    };
    await service.goAway();
    const [home] = groupOf().targets;
    if (home === undefined) throw new Error('a group has a target');
    const target = { host: away.host, signingRegion: 'eu-central-1', port: away.port, linkId: 'm' };
    const { ended, rows } = await begin({
      groups: [groupOf({ policy, targets: [home, target] })],
    });
    const { planned, ok, dropped } = (await ended).counts;
    expect(ok + dropped).toBe(planned);
    expect(rows().filter(({ servingRegion }) => servingRegion === 'eu-central-1')).toHaveLength(ok);
    const refused = rows().filter(({ endpoint }) => endpoint === service.host);
    expect(refused.every(({ attempt, errorCode }) => attempt === 1 && errorCode === 'ECONNREFUSED')).toBe(
      true,
    );
    for (const own of Map.groupBy(refused, ({ caller }) => caller).values()) {
      const knownUs = Math.min(...own.map(({ endedUs }) => endedUs));
      expect(own.filter(({ startedUs }) => startedUs > knownUs)).toEqual([]);
    }
  });

  it('stops at once, abandons what is under way and reports what was due', async () => {
    service.behave(keepSilent);
    const { progress, ended, rows, ready } = await begin({ durationUs: 60 * SECOND, drainUs: 60 * SECOND });
    await expect.poll(() => progress.length, { timeout: 10_000 }).toBeGreaterThan(0);
    await child.call('stop', { reason: 'a test' });
    const { counts, stoppedEarly } = await ended;
    expect(stoppedEarly).toBe(true);
    expect(counts.planned).toBeLessThan(ready.planned);
    expect(counts.ok + counts.failed).toBe(0);
    expect(counts.indeterminate).toBeGreaterThan(0);
    expect(rows()).toHaveLength(counts.planned);
    expect(rows().filter(({ errorCode }) => errorCode === 'UNANSWERED')).toHaveLength(counts.indeterminate);
    await expect.poll(() => service.open()).toBe(0);
  });

  it("holds faults of the callers' own surroundings, and probes for them beside the load", async () => {
    const { ended, rows, ready } = await begin();
    const fault = { kind: 'names', callers: { share: 1 }, hosts: [service.host], trouble: 'gone', seed: 1 };
    const probe = (): Promise<CallerProbeResult> =>
      child.call('probe', {
        link: 'l',
        operation: 'GetCallerIdentity',
        asCallers: { share: 1, seed: 1 },
        timeLimitMs: 5_000,
      } satisfies CallerProbe);
    await child.call('setFault', { id: 'dns', leaseMs: 60_000, ...fault });
    expect(await probe()).toMatchObject({ observed: 'error', errorCode: 'ENOTFOUND' });
    expect(await child.call('renewFault', { id: 'dns', leaseMs: 60_000 })).toEqual({ known: true });
    const end = await ended;
    await child.call('clearFault', { id: 'dns' });
    expect(await child.call('renewFault', { id: 'dns', leaseMs: 60_000 })).toEqual({ known: false });
    // The load has ended; whether a path has healed may show only now.
    expect(await probe()).toMatchObject({ observed: 'ok', status: 200 });
    expect(end).toMatchObject({ rows: ready.planned, counts: { planned: ready.planned } });
    expect(rows().every(({ operation }) => operation === 'AssumeRole')).toBe(true);
  });

  it.skipIf(!canLimitFiles)('ends with a sentence when it has no files left for connections', async () => {
    service.behave(keepSilent);
    await begin({ durationUs: 60 * SECOND });
    allowNoMoreFiles(child.pid);
    expect(await child.exited).toEqual({ code: 1, signal: null });
    expect(child.stderrTail()).toMatch(/^the callers' process has run out of file descriptors.*EMFILE/);
  });

  it('refuses a group whose targets do not match its policy', async () => {
    await expect(begin({ groups: [groupOf({ targets: [] })] })).rejects.toThrow(
      /names 1 endpoints and was given 0/,
    );
  });
});
