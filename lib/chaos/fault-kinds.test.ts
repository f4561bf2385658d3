import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CLAIMS, inEurope } from './fault-claims.fixture.ts';
import {
  checkFault,
  FAULT_KINDS,
  type FaultInput,
  faultSchema,
  planFault,
  titleOfFault,
} from './fault-kinds.ts';
import { single, VIEW } from './view.fixture.ts';

const WHEN = { name: 'outage', at: '5s', for: '10s' } as const;
const EU = 'eu-west-1->sts.eu-west-1.amazonaws.com';
const EU_GLOBAL = 'eu-west-1->sts.amazonaws.com';
const US_TO_EU = 'us-east-1->sts.eu-west-1.amazonaws.com';
const HONG_KONG = 'eu-west-1->sts.ap-east-1.amazonaws.com';

/** Kinds that differ in fields cannot be spread in a typed way; the schema checks what the compiler cannot. */
const fault = (fields: object) => single({ ...WHEN, ...fields } as FaultInput);
const plan = (fields: object) => planFault(fault(fields), VIEW);

describe('the kinds', () => {
  test('have a claim each, and are told apart by their name', () => {
    expect(Object.keys(FAULT_KINDS)).toEqual([...CLAIMS.map(({ kind }) => kind), 'group']);
    for (const { schema } of Object.values(FAULT_KINDS)) expect(schema.description).toMatch(/\.$/);
  });

  test.for(CLAIMS)(
    '$kind means one order and a way to see it',
    ({ kind, fields, title, to, order, probe }) => {
      const spec = fault({ kind, ...fields });
      expect(checkFault(spec)).toEqual([]);
      expect(titleOfFault(spec)).toBe(title);
      const { orders, probes, links, proveWithinMs, leastMs = 0 } = planFault(spec, VIEW);
      expect(orders).toMatchObject([{ to, fault: order }]);
      expect(probes[0]).toMatchObject(probe);
      expect(proveWithinMs).toBeGreaterThanOrEqual(leastMs);
      for (const { link, timeLimitMs } of probes) {
        expect(links).toContain(link);
        expect(timeLimitMs).toBeGreaterThan(400);
      }
      expect(faultSchema.safeParse({ ...WHEN, kind, ...fields, colour: 'red' }).success).toBe(false);
    },
  );

  test.for(CLAIMS)('$kind plans nothing where there is nothing to hit', ({ kind, fields }) => {
    const nowhere = { ...VIEW, links: [] };
    expect(planFault(fault({ kind, ...fields }), nowhere)).toMatchObject({
      links: [],
      orders: [],
      probes: [],
    });
  });

  test.for(CLAIMS)(
    '$kind draws what it falls on from the seed of the run and its own name',
    ({ kind, fields }) => {
      const seedsOf = (name: string, seed: number) =>
        planFault({ ...fault({ kind, ...fields }), name }, { ...VIEW, seed }).orders.flatMap((given) =>
          'seed' in given.fault ? [given.fault.seed] : [],
        );
      expect(seedsOf('outage', 7)).toEqual(seedsOf('outage', 7));
      for (const seed of seedsOf('outage', 7)) {
        expect(seedsOf('outage/2', 7)).not.toContain(seed);
        expect(seedsOf('outage', 8)).not.toContain(seed);
      }
    },
  );

  test('that may grow grow toward what they are', () => {
    for (const { kind, fields } of CLAIMS) {
      const { orders, ordersAt } = plan({ kind, ...fields });
      const grows = faultSchema.safeParse({ ...WHEN, kind, ...fields, ramp: '1s' }).success;
      expect([kind, ordersAt !== undefined]).toEqual([kind, grows]);
      if (ordersAt === undefined) continue;
      expect(ordersAt(0.5)).not.toEqual(orders);
      expect(ordersAt(0.5)).toHaveLength(orders.length);
    }
    const half = plan({ kind: 'clock-skew', offset: '20m' }).ordersAt?.(0.5);
    expect(half).toMatchObject([{ fault: { offsetMs: 600_000 } }]);
  });
});

test('the table of kinds in the docs has each of them, and marks those that may grow', () => {
  const docs = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8');
  const rows = [...docs.matchAll(/^\| `([a-z-]+)`( ↗)? /gm)].map(([, kind, mark]) => [
    kind,
    mark !== undefined,
  ]);
  const told = CLAIMS.map(({ kind, fields }) => [kind, plan({ kind, ...fields }).ordersAt !== undefined]);
  expect(rows.toSorted()).toEqual(told.toSorted());
});

describe('a target', () => {
  test('that names a Region takes everything the Region serves, the global name included', () => {
    const { links, regions } = plan({ kind: 'refused', ...inEurope });
    expect(links).toEqual([EU, EU_GLOBAL, US_TO_EU]);
    expect(regions).toEqual(['eu-west-1']);
  });

  test("that names the endpoint 'global' takes that name everywhere and harms no Region as a whole", () => {
    const { links, regions } = plan({ kind: 'silence', target: { endpoint: 'global' } });
    expect(links).toEqual([EU_GLOBAL, 'us-east-1->sts.amazonaws.com']);
    expect(regions).toEqual([]);
  });

  test.each(['us-east-1', 'sts.us-east-1.amazonaws.com'])('may name an endpoint as %s', (endpoint) => {
    expect(plan({ kind: 'refused', target: { endpoint } }).links).toEqual([
      'eu-west-1->sts.us-east-1.amazonaws.com',
      'us-east-1->sts.us-east-1.amazonaws.com',
    ]);
  });

  test('is narrowed by a location', () => {
    expect(plan({ kind: 'refused', target: { region: 'eu-west-1', location: 'us-east-1' } })).toMatchObject({
      links: [US_TO_EU],
      regions: [],
    });
  });

  test('takes the way to the control plane along, and is proved by STS alone', () => {
    const { links, probes } = plan({ kind: 'refused', target: { region: 'us-east-1' } });
    expect(links).toContain('eu-west-1->iam.amazonaws.com');
    expect(probes.map(({ link }) => link)).not.toContain('eu-west-1->iam.amazonaws.com');
  });

  test('of the service is narrowed by an account, and hits nothing for a stranger', () => {
    const target = { region: 'eu-west-1', account: '999999999999' };
    for (const fields of [{ kind: 'region-deactivated' }, { kind: 'service-error', code: 'Throttling' }])
      expect(plan({ ...fields, target })).toMatchObject({ links: [], orders: [] });
  });

  test.each(['refused', 'certificate'])('of %s that says nothing is refused', (kind) => {
    expect(faultSchema.safeParse({ ...WHEN, kind, target: {}, trouble: 'expired' }).success).toBe(false);
  });

  test('of names leaves out a name that other Regions serve too, unless it is asked for', () => {
    const hosts = (target: object) =>
      plan({ kind: 'certificate', target, trouble: 'other-name' }).orders.flatMap((order) =>
        'hosts' in order.fault ? order.fault.hosts : [],
      );
    expect(hosts({ region: 'us-east-1' })).toEqual(['sts.us-east-1.amazonaws.com']);
    expect(hosts({ endpoint: 'global' })).toEqual(['sts.amazonaws.com']);
  });

  test('of callers is probed for someone who takes the link and whose keys are known there', () => {
    const { probes, links } = plan({ kind: 'names', target: { region: 'eu-west-1' }, trouble: 'stale' });
    // Seen from there, the global name is the Region's too; seen by all callers it is not.
    expect(links).toEqual([EU, US_TO_EU]);
    expect(probes.map(({ asCallers }) => asCallers)).toMatchObject([
      { locations: ['eu-west-1'], groups: ['app'] },
      { locations: ['us-east-1'], groups: ['batch'] },
    ]);
    const skewed = (group: object) => {
      const groups = VIEW.groups.map((known) => ({ ...known, ...group }));
      return planFault(fault({ kind: 'clock-skew', offset: '1h' }), { ...VIEW, groups }).links;
    };
    expect(skewed({ partition: 'aws-cn' })).toEqual([]);
    expect(skewed({ hosts: ['sts.amazonaws.com'] })).toEqual([EU_GLOBAL, 'us-east-1->sts.amazonaws.com']);
  });
});

describe('a kind on its own', () => {
  test('slow waits in its probes long enough to see the late answer', () => {
    const { probes } = plan({ kind: 'slow', target: { endpoint: 'us-east-1' }, addedMs: 2_000 });
    for (const probe of probes) {
      expect(probe.during).toEqual({ kind: 'slower', byMs: 1_600 });
      expect(probe.timeLimitMs).toBeGreaterThan(6_000);
    }
  });

  test('region-deactivated shows the blind health check: issuing fails while GetCallerIdentity answers', () => {
    const { probes, links } = plan({ kind: 'region-deactivated', ...inEurope });
    // The global endpoint has no switch.
    expect(links).toEqual([EU, US_TO_EU]);
    for (const id of links) {
      const own = probes.filter((probe) => probe.link === id);
      expect(own.map((probe) => [probe.operation, probe.during])).toEqual([
        ['AssumeRole', { kind: 'error', codes: ['RegionDisabledException'] }],
        ['GetCallerIdentity', { kind: 'ok' }],
      ]);
    }
  });

  test('control-plane-down is one order for its partition, and hits nothing where nobody asks one', () => {
    expect(plan({ kind: 'control-plane-down' })).toMatchObject({
      links: ['eu-west-1->iam.amazonaws.com'],
      regions: [],
    });
    const { links } = plan({ kind: 'control-plane-down', target: { partition: 'aws-cn' } });
    expect(links).toEqual([]);
    const moon = { ...WHEN, kind: 'control-plane-down', target: { partition: 'aws-moon' } };
    expect(faultSchema.safeParse(moon).success).toBe(false);
  });

  test('keys-deleted of another user is seen with the keys of that user', () => {
    expect(plan({ kind: 'keys-deleted', user: 'admin' }).probes[0]).toMatchObject({
      operation: 'GetCallerIdentity',
      user: 'admin',
    });
  });

  test('replica-stale is seen once for its Region, with time for a key to arrive', () => {
    const { probes, lookMs } = plan({ kind: 'replica-stale', ...inEurope });
    expect(probes).toHaveLength(1);
    expect(probes[0]?.timeLimitMs).toBeGreaterThan(VIEW.replicaDelayMsMax);
    expect(lookMs).toBe(probes[0]?.timeLimitMs);
  });

  test('token-version is seen where opt-in Regions are asked from a place that reaches the global endpoint', () => {
    expect(plan({ kind: 'token-version' }).links).toEqual([HONG_KONG]);
  });

  test.for<[kind: string, fields: object, place: string]>([
    ['region-deactivated', { target: { region: 'us-east-1' } }, 'target.region'],
    ['region-deactivated', { target: { region: 'ap-east-1' } }, 'target.region'],
    ['opt-in-withdrawn', { target: { region: 'eu-west-1' } }, 'target.region'],
    ['service-error', { ...inEurope, code: 'Trottling' }, 'code'],
    ['narrow', { ...inEurope, bytesPerSecond: 1_000_000 }, 'bytesPerSecond'],
    ['cut-short', { ...inEurope, afterBytes: 100_000 }, 'afterBytes'],
    ['clock-skew', { offset: '15m' }, 'offset'],
    ['clock-skew', { offset: '-900s' }, 'offset'],
    ['clock-skew', { offset: '15.01m' }, 'offset'],
    ['clock-skew', { offset: '90000h' }, 'offset'],
    ['slow', inEurope, 'addedMs'],
    ['slow', { ...inEurope, addedMs: 19 }, 'addedMs'],
    ['slow', { ...inEurope, addedMs: 50, jitterMs: 51 }, 'jitterMs'],
    ['slow', { ...inEurope, addedMs: 50, quantiles: [{ share: 1, addedMs: 50 }] }, 'addedMs'],
    ['service-slow', { ...inEurope, quantiles: [{ share: 0.9, addedMs: 50 }] }, 'quantiles'],
  ])('%s with %j is refused with the reason', ([kind, fields, place]) => {
    expect(checkFault(fault({ kind, ...fields }))).toMatchObject([{ place }]);
  });
});
