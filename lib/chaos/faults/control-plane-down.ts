/**
 * The control plane of a partition is down: nothing about accounts can be changed, and Regions go on with what they
 * know. Issuing credentials is untouched, which is what makes it easy to overlook: a Region that was not activated
 * beforehand cannot be activated now. Source: AWS Fault Isolation Boundaries, control planes and data planes.
 */

import { z } from 'zod';
import { controlPlaneHost } from '../../aws/control-plane-endpoints.ts';
import { PARTITIONS, type PartitionName } from '../../aws/partitions.ts';
import { DEFAULT_PROVE_WITHIN_MS, defineFaultKind, HITS_NOTHING } from '../fault-kind.ts';
import { errorProbe } from './settings.ts';

const partition = z
  .enum(PARTITIONS.map(({ name }) => name) as [PartitionName, ...PartitionName[]])
  .default('aws')
  .describe('The AWS partition whose control plane is down.');

export const controlPlaneDown = defineFaultKind({
  kind: 'control-plane-down',
  about: 'IAM and Account Management answer 503: nothing can be changed, and issuing goes on.',
  fields: { target: z.strictObject({ partition }).prefault({}) },
  title: (spec) => `the control plane of ${spec.target.partition} is down`,
  plan: (spec, view) => {
    const host = controlPlaneHost('iam', spec.target.partition);
    const links = view.links.filter((link) => link.host === host);
    if (links.length === 0) return HITS_NOTHING;
    return {
      links: links.map((link) => link.id),
      regions: [],
      orders: [{ to: 'service', fault: { kind: 'control-plane-down', partition: spec.target.partition } }],
      probes: links.map((link) => errorProbe(link, 'ControlPlaneRead', ['ServiceUnavailable'])),
      proveWithinMs: DEFAULT_PROVE_WITHIN_MS,
    };
  },
});
