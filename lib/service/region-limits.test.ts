import { describe, expect, test } from 'vitest';
import { regionalHost } from '../aws/endpoints.ts';
import { STS_VERSION } from '../aws/query-protocol.ts';
import { createFederation } from '../sts/federation/federation.ts';
import type { RegionService, Served } from '../sts/region-service.ts';
import { createDesk, NOON_MS, REQUEST_ID, signedForm } from '../sts/test-desk.ts';
import { createRegionLimits } from './region-limits.ts';
import type { ServiceConfig } from './service-config.ts';

const desk = createDesk();

/** Two Regions of a service, on a clock that stands still. */
function regions(settings: Partial<ServiceConfig>) {
  const limits = createRegionLimits(
    {
      era: '2026',
      regions: ['eu-west-1', 'us-east-1'],
      accounts: [],
      certificates: [],
      sealKeys: {},
      adminToken: '',
      ...settings,
    },
    () => 0,
  );
  const { identity, faults } = desk;
  const federation = createFederation(() => 0);
  const [ireland, virginia] = ['eu-west-1', 'us-east-1'].map((region) =>
    limits.serve({ region, identity, faults, federation }),
  ) as [RegionService, RegionService];
  return { limits, ireland, virginia };
}

function ask(service: RegionService): Served | Promise<Served> {
  return service.answer({
    http: signedForm({
      host: regionalHost(service.region),
      parameters: { Action: 'GetCallerIdentity', Version: STS_VERSION },
      credentials: desk.credentials('aws', 'app'),
      signingRegion: service.region,
      atMs: NOON_MS,
    }),
    signingRegion: service.region,
    global: false,
    sourceIp: '',
    nowMs: NOON_MS,
    requestId: REQUEST_ID,
  });
}

const status = (served: Served | Promise<Served>): number | 'held' =>
  served instanceof Promise ? 'held' : served.answer.status;

const statuses = (service: RegionService, times: number): (number | 'held')[] =>
  Array.from({ length: times }, () => status(ask(service)));

const QUOTAS = { ratePerSecond: 1, burst: 2 };
const PACE = { concurrency: 1, queueLimit: 0, serviceTime: { kind: 'constant', ms: 60_000 } } as const;

describe('the limits of a Region', () => {
  test('are those declared for it, and none where none are', () => {
    const { ireland, virginia } = regions({ regionSettings: { 'eu-west-1': { quotas: QUOTAS } } });
    expect(statuses(ireland, 4)).toEqual([200, 200, 400, 400]);
    expect(statuses(virginia, 4)).toEqual([200, 200, 200, 200]);
  });

  test('used up in one Region are whole in the other', () => {
    const settings = { 'eu-west-1': { quotas: QUOTAS }, 'us-east-1': { quotas: QUOTAS } };
    const { ireland, virginia } = regions({ regionSettings: settings });
    expect(statuses(ireland, 3)).toEqual([200, 200, 400]);
    expect(statuses(virginia, 3)).toEqual([200, 200, 400]);
  });

  test('hold the answer while a pace is declared, and turn away whom nobody can take', async () => {
    const { ireland, virginia } = regions({ regionSettings: { 'eu-west-1': { pace: PACE } } });
    const served = [ask(ireland), ask(ireland), ask(ireland)];
    expect(await Promise.race(served)).toMatchObject({ answer: { status: 503 } });
    expect(statuses(virginia, 2)).toEqual([200, 200]);
  });

  test('hold from the begin of the log where that is asked for, with all that is due to the account', () => {
    const { limits, ireland } = regions({
      regionSettings: { 'eu-west-1': { quotas: QUOTAS } },
      settingsFromLog: true,
    });
    expect(statuses(ireland, 5)).toEqual([200, 200, 200, 200, 200]);
    limits.begin();
    expect(statuses(ireland, 3)).toEqual([200, 200, 400]);
  });

  test('leave a warm-up at its own speed', () => {
    const { limits, ireland } = regions({
      regionSettings: { 'eu-west-1': { pace: PACE } },
      settingsFromLog: true,
    });
    expect(statuses(ireland, 3)).toEqual([200, 200, 200]);
    limits.begin();
    expect(statuses(ireland, 1)).toEqual(['held']);
  });
});
