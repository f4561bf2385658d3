/**
 * A small world for the tests of this room: two caller locations with a group each, two Regions and an opt-in one, and
 * the global name of era 2026. Its control plane is asked from one location.
 */

import type { LinkRecord } from '../journal/event.ts';
import { expandFaults } from './expand-faults.ts';
import type { WorldView } from './fault-kind.ts';
import { type FaultInput, faultSchema, type SingleFault } from './fault-kinds.ts';

const HOSTS = [
  'sts.eu-west-1.amazonaws.com',
  'sts.us-east-1.amazonaws.com',
  'sts.ap-east-1.amazonaws.com',
  'sts.amazonaws.com',
];

export const VIEW: WorldView = {
  regions: ['eu-west-1', 'us-east-1', 'ap-east-1'],
  accounts: [
    { id: '111122223333', partition: 'aws' },
    { id: '444455556666', partition: 'aws-cn' },
  ],
  groups: [
    { name: 'app', location: 'eu-west-1', partition: 'aws', hosts: HOSTS },
    { name: 'batch', location: 'us-east-1', partition: 'aws', hosts: HOSTS },
  ],
  replicaDelayMsMax: 3_000,
  seed: 7,
  links: [
    link('eu-west-1', 'sts.eu-west-1.amazonaws.com', 'eu-west-1', 3),
    link('eu-west-1', 'sts.us-east-1.amazonaws.com', 'us-east-1', 70),
    link('eu-west-1', 'sts.ap-east-1.amazonaws.com', 'ap-east-1', 200),
    link('eu-west-1', 'sts.amazonaws.com', 'eu-west-1', 3),
    link('us-east-1', 'sts.eu-west-1.amazonaws.com', 'eu-west-1', 70),
    link('us-east-1', 'sts.us-east-1.amazonaws.com', 'us-east-1', 3),
    link('us-east-1', 'sts.amazonaws.com', 'us-east-1', 3),
    { ...link('eu-west-1', 'iam.amazonaws.com', 'us-east-1', 70), service: 'iam' },
  ],
};

/** A fault of one kind with every default filled in. */
export function single(input: FaultInput): SingleFault {
  const [instance] = expandFaults([faultSchema.parse(input)]);
  if (instance === undefined) throw new Error('no fault');
  return instance.spec;
}

function link(location: string, host: string, servingRegion: string, roundTripMs: number): LinkRecord {
  return {
    id: `${location}->${host}`,
    location,
    host,
    servingRegion,
    partition: 'aws',
    roundTripMs,
    modelled: false,
  };
}
