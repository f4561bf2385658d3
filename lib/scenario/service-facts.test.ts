import { describe, expect, test } from 'vitest';
import { createControlPlane } from '../identity/control-plane.ts';
import { describeService, type ServiceQuestion, serviceFactsOf } from './service-facts.ts';
import { serviceSpecSchema } from './service-spec.ts';

const question = (service: unknown = {}): ServiceQuestion => ({
  era: '2026',
  regions: ['eu-west-1', 'us-east-1', 'us-west-2'],
  service: serviceSpecSchema.parse(service),
});

const PACE = {
  concurrency: 4,
  queueLimit: 20,
  serviceTime: { kind: 'lognormal', medianMs: 8, p99Ms: 40 },
};

describe('what a service is told to be', () => {
  test('is said Region by Region, what is said of one going before what is said of all', () => {
    const facts = serviceFactsOf(
      question({
        pace: PACE,
        regions: { 'eu-west-1': { pace: false, quotas: { ratePerSecond: 5, burst: 9 } } },
      }),
      7,
    );
    expect(facts.regions).toMatchObject([
      { region: 'eu-west-1', pace: null, quotas: { ratePerSecond: 5, burst: 9 } },
      { region: 'us-east-1', pace: PACE, quotas: { ratePerSecond: 600, burst: 600 } },
      { region: 'us-west-2', pace: PACE, quotas: { ratePerSecond: 600, burst: 600 } },
    ]);
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });

  test('includes the delay of each Region as the control plane draws it from the seed', () => {
    const delayMs = { minimum: 100, maximum: 900 };
    const plane = createControlPlane({
      initial: { accounts: new Map() },
      clock: () => 5,
      delayMs,
      seed: 11,
    });
    const { regions } = serviceFactsOf(question({ replicaDelayMs: delayMs }), 11);
    expect(regions.map(({ replicaDelayMs }) => replicaDelayMs)).toEqual(
      regions.map(({ region }) => Math.round(plane.replica(region).delayMs)),
    );
    expect(new Set(regions.map(({ replicaDelayMs }) => replicaDelayMs)).size).toBe(3);
  });

  test('reads as a few sentences, Regions that are alike together', () => {
    const facts = serviceFactsOf(
      question({
        quotas: false,
        regions: { 'us-east-1': { pace: PACE } },
        replicaDelayMs: { minimum: 1_500, maximum: 1_500 },
      }),
      7,
    );
    expect(describeService(facts)).toEqual([
      [
        'Service time',
        'eu-west-1, us-west-2: none declared: as fast as the machine answers · us-east-1: median 8 ms, p99 40 ms, lognormal; 4 at once, 20 may wait',
      ],
      ['Quotas', 'none'],
      ['Changes arrive after', 'eu-west-1 1.5 s, us-east-1 1.5 s, us-west-2 1.5 s'],
    ]);
  });
});
