/** A test process that starts a world and breaks it, tells where a file of that world lies, and waits to be killed. */

import { startWorld } from '../lib/testing/index.ts';

const world = await startWorld({ regions: ['eu-west-1'] });
await world.fault({ kind: 'silence', region: 'eu-west-1' });
process.send?.(world.environment()['AWS_CA_BUNDLE']);
setInterval(() => {}, 1_000);
