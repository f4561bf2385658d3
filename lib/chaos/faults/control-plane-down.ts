/**
 * The control plane of a partition is down: nothing about accounts can be changed, and Regions go on with what they
 * know. Issuing credentials is untouched, which is what makes it easy to overlook: a Region that was not activated
 * beforehand cannot be activated now. Source: AWS Fault Isolation Boundaries, control planes and data planes.
 */

import { z } from 'zod';
import { controlPlaneHost } from '../../aws/control-plane-endpoints.ts';
import { PARTITIONS, type PartitionName } from '../../aws/partitions.ts';
import { COMMON_FIELDS, DEFAULT_PROVE_WITHIN_MS, defineFaultKind, probeTimeLimitMs } from '../fault-kind.ts';

const partition = z
  .enum(PARTITIONS.map(({ name }) => name) as [PartitionName, ...PartitionName[]])
  .default('aws')
  .describe('The AWS partition whose control plane is down.');

export const controlPlaneDown = defineFaultKind({
  kind: 'control-plane-down',
  schema: z
    .strictObject({
      kind: z.literal('control-plane-down'),
      ...COMMON_FIELDS,
      target: z.strictObject({ partition }).prefault({}),
    })
    .describe('IAM and Account Management answer 503: nothing can be changed, and issuing goes on.'),
  title: (spec) => `the control plane of ${spec.target.partition} is down`,
  plan: (spec, view) => {
    const host = controlPlaneHost('iam', spec.target.partition);
    const links = view.links.filter((link) => link.host === host);
    return {
      links: links.map((link) => link.id),
      regions: [],
      orders: links.length === 0 ? [] : [{ to: 'control-plane', partition: spec.target.partition }],
      probes: links.map((link) => ({
        link: link.id,
        operation: 'ControlPlaneRead',
        during: { kind: 'error', code: 'ServiceUnavailable' },
        timeLimitMs: probeTimeLimitMs(link.roundTripMs),
      })),
      proveWithinMs: DEFAULT_PROVE_WITHIN_MS,
    };
  },
});
