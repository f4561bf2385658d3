import { describe, expect, test } from 'vitest';
import { defaultAccounts } from '../identity/world-accounts.ts';
import { serviceFactsOf } from '../scenario/service-facts.ts';
import { accountsSpecSchema, serviceSpecSchema } from '../scenario/service-spec.ts';
import { settingsOf, settledAccounts } from './service-options.ts';
import { partitionsOf } from './world-regions.ts';

describe('the accounts of a world', () => {
  const accounts = defaultAccounts(['aws', 'aws-cn'], 7);

  test('stand as they are made where nothing is said of them', () => {
    expect(settledAccounts(accounts, undefined)).toEqual(accounts);
  });

  test('are each told of the Regions of their own partition', () => {
    const spec = accountsSpecSchema.parse({
      activatedRegions: ['eu-west-1'],
      deactivatedRegions: ['cn-northwest-1', 'us-west-2'],
      optedOutRegions: ['af-south-1'],
      globalTokenVersion: 2,
    });
    expect(settledAccounts(accounts, spec)).toMatchObject([
      {
        partition: 'aws',
        activatedRegions: ['eu-west-1'],
        disabledRegions: ['us-west-2'],
        optedOutRegions: ['af-south-1'],
        globalTokenVersion: 2,
      },
      {
        partition: 'aws-cn',
        activatedRegions: [],
        disabledRegions: ['cn-northwest-1'],
        optedOutRegions: [],
      },
    ]);
    expect(settledAccounts(accounts, spec)[1]).not.toHaveProperty('globalTokenVersion');
  });
});

describe('the settings of a service', () => {
  test('name every Region, and leave out what is not limited', () => {
    const service = serviceSpecSchema.parse({
      regions: { 'us-east-1': { quotas: false } },
      replicaDelayMs: { minimum: 1, maximum: 2 },
    });
    const facts = serviceFactsOf({ era: '2026', regions: ['eu-west-1', 'us-east-1'], service }, 7);
    expect(settingsOf(facts, service)).toEqual({
      regionSettings: { 'eu-west-1': { quotas: { ratePerSecond: 600, burst: 600 } }, 'us-east-1': {} },
      replicaDelayMs: { minimum: 1, maximum: 2 },
    });
  });
});

describe('the Regions of a world', () => {
  test('have partitions, each once', () => {
    expect(partitionsOf(['eu-west-1', 'cn-north-1', 'us-east-1'], '2026')).toEqual(['aws', 'aws-cn']);
    expect(partitionsOf(['eu-west-1', 'cn-north-1', 'us-gov-west-1'], '2015')).toHaveLength(3);
  });

  test('that are misspelled are told by the nearest name', () => {
    expect(() => partitionsOf(['eu-wset-1'], '2026')).toThrow(
      expect.objectContaining({ code: 'RF-REGION-UNKNOWN', hint: 'did you mean eu-west-1?' }),
    );
  });

  test('that had not opened in the era are told with the era that has them', () => {
    expect(() => partitionsOf(['eu-north-1'], '2015')).toThrow(
      expect.objectContaining({ code: 'RF-REGION-NOT-YET', hint: 'leave it out, or take the era 2018' }),
    );
    expect(() => partitionsOf(['eusc-de-east-1'], '2024')).toThrow(/opened in 2026-01/);
  });
});
