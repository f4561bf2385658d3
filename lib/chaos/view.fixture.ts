/** A small world for the tests of this room: two caller locations, two Regions, and the global name of era 2026. */

import type { LinkRecord } from '../journal/event.ts';
import type { WorldView } from './fault-kind.ts';

export const VIEW: WorldView = {
  regions: ['eu-west-1', 'us-east-1'],
  accounts: [
    { id: '111122223333', partition: 'aws' },
    { id: '444455556666', partition: 'aws-cn' },
  ],
  links: [
    link('eu-west-1', 'sts.eu-west-1.amazonaws.com', 'eu-west-1', 3),
    link('eu-west-1', 'sts.us-east-1.amazonaws.com', 'us-east-1', 70),
    link('eu-west-1', 'sts.amazonaws.com', 'eu-west-1', 3),
    link('us-east-1', 'sts.eu-west-1.amazonaws.com', 'eu-west-1', 70),
    link('us-east-1', 'sts.us-east-1.amazonaws.com', 'us-east-1', 3),
    link('us-east-1', 'sts.amazonaws.com', 'us-east-1', 3),
  ],
};

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
