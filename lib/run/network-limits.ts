/** Refuses what the chosen network cannot carry out, before anything is opened. Pure. */

import { timelineOf } from '../chaos/timeline.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import { cannot } from '../network/abilities.ts';
import type { Scenario } from '../scenario/schema.ts';
import { durationUs } from '../time/duration.ts';
import type { WorldOptions } from '../world/local-world.ts';
import { plannedView } from './scenario-world.ts';

/** @throws UsageError RF-NETWORK-CANNOT, with every fault that is too much for it. */
export function refuseWhatNetworkCannot(
  scenario: Scenario,
  seed: number,
  network: WorldOptions['network'],
): void {
  const { faults } = timelineOf(
    scenario.faults,
    durationUs(scenario.load.duration),
    plannedView(scenario, seed),
  );
  const problems = faults.flatMap(({ name, plan }) =>
    plan.orders.flatMap((order) => {
      if (order.to !== 'network') return [];
      const reason = cannot(network, order.fault.effect, order.fault.connections);
      return reason === undefined ? [] : [`fault '${name}': ${reason}`];
    }),
  );
  if (problems.length === 0) return;
  const sentences = [...new Set(problems)];
  throw new UsageError(
    `the ${network} network cannot do what ${scenario.name} asks of it: ${sentences.join('; ')}`,
    {
      code: 'RF-NETWORK-CANNOT',
      hint: network === 'embedded' ? 'take another kind of fault' : '--network embedded',
    },
  );
}
