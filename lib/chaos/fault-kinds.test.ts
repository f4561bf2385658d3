import { describe, expect, test } from 'vitest';
import { checkFault, FAULT_KINDS, faultSchema, planFault, titleOfFault } from './fault-kinds.ts';
import { VIEW } from './view.fixture.ts';

const WHEN = { name: 'outage', at: '5s', for: '10s' };

function plan(fault: object) {
  return planFault(faultSchema.parse({ ...WHEN, ...fault }), VIEW);
}

describe('a target', () => {
  test('that names a Region takes everything the Region serves, the global name included', () => {
    const { links, regions } = plan({ kind: 'refused', target: { region: 'eu-west-1' } });
    expect(links).toEqual([
      'eu-west-1->sts.eu-west-1.amazonaws.com',
      'eu-west-1->sts.amazonaws.com',
      'us-east-1->sts.eu-west-1.amazonaws.com',
    ]);
    expect(regions).toEqual(['eu-west-1']);
  });

  test("that names the endpoint 'global' takes that name everywhere and harms no Region as a whole", () => {
    const { links, regions } = plan({ kind: 'silence', target: { endpoint: 'global' } });
    expect(links).toEqual(['eu-west-1->sts.amazonaws.com', 'us-east-1->sts.amazonaws.com']);
    expect(regions).toEqual([]);
  });

  test.each(['us-east-1', 'sts.us-east-1.amazonaws.com'])('may name an endpoint as %s', (endpoint) => {
    expect(plan({ kind: 'refused', target: { endpoint } }).links).toEqual([
      'eu-west-1->sts.us-east-1.amazonaws.com',
      'us-east-1->sts.us-east-1.amazonaws.com',
    ]);
  });

  test('is narrowed by a location', () => {
    expect(plan({ kind: 'refused', target: { region: 'eu-west-1', location: 'us-east-1' } }).links).toEqual([
      'us-east-1->sts.eu-west-1.amazonaws.com',
    ]);
  });

  test('that matches nothing gives an empty plan without orders', () => {
    for (const kind of ['refused', 'silence']) {
      expect(plan({ kind, target: { region: 'ap-south-1' } })).toMatchObject({
        links: [],
        orders: [],
        probes: [],
      });
    }
    for (const fault of [{ kind: 'region-deactivated' }, { kind: 'service-error', code: 'Throttling' }]) {
      expect(plan({ ...fault, target: { region: 'ap-south-1' } })).toMatchObject({ links: [], orders: [] });
      const stranger = { region: 'eu-west-1', account: '999999999999' };
      expect(plan({ ...fault, target: stranger })).toMatchObject({ links: [], orders: [] });
    }
  });

  test('that says nothing is refused', () => {
    expect(faultSchema.safeParse({ ...WHEN, kind: 'refused', target: {} }).success).toBe(false);
  });
});

describe('the kinds', () => {
  test('of the table are told apart by their name and give each a title', () => {
    expect(Object.keys(FAULT_KINDS)).toEqual([
      'refused',
      'silence',
      'slow',
      'service-error',
      'region-deactivated',
      'control-plane-down',
    ]);
    const spec = faultSchema.parse({ ...WHEN, kind: 'slow', target: { endpoint: 'global' }, addedMs: 300 });
    expect(titleOfFault(spec)).toBe('sts.amazonaws.com answers 300 ms later');
  });

  test('of links are proved by an AssumeRole over every link hit', () => {
    const { probes, links } = plan({ kind: 'refused', target: { region: 'eu-west-1' } });
    expect(probes.map((probe) => probe.link)).toEqual(links);
    for (const probe of probes)
      expect(probe).toMatchObject({ operation: 'AssumeRole', during: { kind: 'refused' } });
  });

  test('slow waits in its probes long enough to see the late answer', () => {
    const { probes } = plan({ kind: 'slow', target: { endpoint: 'us-east-1' }, addedMs: 2_000 });
    for (const probe of probes) {
      expect(probe.during).toEqual({ kind: 'slower', byMs: 1_600 });
      expect(probe.timeLimitMs).toBeGreaterThan(8_000);
    }
  });

  test('service-error brings the status of a known code and asks for it where the code is unknown', () => {
    const fault = { ...WHEN, kind: 'service-error', target: { region: 'eu-west-1' } };
    expect(plan({ ...fault, code: 'Throttling' }).orders).toMatchObject([
      { fault: { status: 400, share: 1 } },
    ]);
    expect(checkFault(faultSchema.parse({ ...fault, code: 'Throttling' }))).toEqual([]);
    expect(checkFault(faultSchema.parse({ ...fault, code: 'Trottling' }))).toMatchObject([{ place: 'code' }]);
  });

  test('region-deactivated shows the blind health check: issuing fails while GetCallerIdentity answers', () => {
    const { probes, orders, links } = plan({ kind: 'region-deactivated', target: { region: 'eu-west-1' } });
    expect(orders).toEqual([{ to: 'switch', account: '111122223333', region: 'eu-west-1' }]);
    // The global endpoint has no switch.
    expect(links).toEqual([
      'eu-west-1->sts.eu-west-1.amazonaws.com',
      'us-east-1->sts.eu-west-1.amazonaws.com',
    ]);
    for (const id of links) {
      expect(
        probes.filter((probe) => probe.link === id).map((probe) => [probe.operation, probe.during]),
      ).toEqual([
        ['AssumeRole', { kind: 'error', code: 'RegionDisabledException' }],
        ['GetCallerIdentity', { kind: 'ok' }],
      ]);
    }
  });

  test.each(['us-east-1', 'ap-east-1'])(
    'region-deactivated is refused for %s, which has no switch',
    (region) => {
      const spec = faultSchema.parse({ ...WHEN, kind: 'region-deactivated', target: { region } });
      expect(checkFault(spec)).toMatchObject([{ place: 'target.region', value: region }]);
    },
  );
});
