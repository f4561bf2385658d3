/**
 * Entry of the process that clock-steps.test.ts starts with a wall clock of its own: one run with two faults. While the
 * first is in force the clock is set forward by an hour and back again, while the second is, by a day. Prints the folder
 * and the verdict as JSON.
 */

import { openFaketime } from './faketime.ts';
import { runSmall, SMALL_SCENARIO } from './soak/small-run.ts';

const [place = '', library = ''] = process.argv.slice(2);
/** Long enough for whoever compares the clocks each second. */
const STEPPED_FOR_MS = 1_500;
const clock = openFaketime(library, place);

const { folder, json } = await runSmall(
  place,
  {
    sabotage: { childEnvironment: clock.environment },
    onEvent: (event) => {
      if (event.kind !== 'fault.probed' || event.phase !== 'during') return;
      clock.step(event.fault === 'outage' ? 3_600 : 86_400);
      setTimeout(() => clock.step(0), STEPPED_FOR_MS);
    },
  },
  {
    ...SMALL_SCENARIO,
    load: { ...SMALL_SCENARIO.load, duration: '10s' },
    // Each outlives a renewal of its lease, and one is held by the network, the other by the service.
    faults: [
      { name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1200ms', for: '3s' },
      {
        name: 'relapse',
        kind: 'service-error',
        target: { region: 'eu-west-1' },
        code: 'ServiceUnavailable',
        at: '5500ms',
        for: '3s',
      },
    ],
  },
);
process.stdout.write(JSON.stringify({ folder, json }));
