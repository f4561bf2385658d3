import { describe, expect, test } from 'vitest';
import { faultSchema, planFault, titleOfFault } from '../fault-kinds.ts';
import { VIEW } from '../view.fixture.ts';

const FAULT = { name: 'down', kind: 'control-plane-down', at: '5s', for: '10s' };
const IAM = 'eu-west-1->iam.amazonaws.com';

const view = {
  ...VIEW,
  links: [
    ...VIEW.links,
    {
      id: IAM,
      location: 'eu-west-1',
      host: 'iam.amazonaws.com',
      servingRegion: 'us-east-1',
      partition: 'aws',
      service: 'iam',
      roundTripMs: 70,
      modelled: false,
    },
  ],
} as const;

describe('a control plane that is down', () => {
  test('is one order for its partition, proved over the ways to IAM', () => {
    const plan = planFault(faultSchema.parse(FAULT), view);
    expect(plan).toMatchObject({
      links: [IAM],
      regions: [],
      orders: [{ to: 'control-plane', partition: 'aws' }],
      probes: [
        { link: IAM, operation: 'ControlPlaneRead', during: { kind: 'error', code: 'ServiceUnavailable' } },
      ],
    });
    expect(titleOfFault(faultSchema.parse(FAULT))).toBe('the control plane of aws is down');
  });

  test('of a partition that nobody asks hits nothing', () => {
    const spec = faultSchema.parse({ ...FAULT, target: { partition: 'aws-cn' } });
    expect(planFault(spec, view)).toMatchObject({ links: [], orders: [], probes: [] });
  });

  test('belongs to one of the eight partitions', () => {
    expect(faultSchema.safeParse({ ...FAULT, target: { partition: 'aws-moon' } }).success).toBe(false);
  });
});
