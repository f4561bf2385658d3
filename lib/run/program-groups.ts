/**
 * Groups of a scenario whose callers are programs: each group has a door of its own into the network, so that what its
 * program dials can be told apart, an environment that leads through that door, and files for both.
 */

import { hostOfEndpointName } from '../aws/endpoints.ts';
import { endpointsOf } from '../failover/spec.ts';
import type { EdgeDialled } from '../journal/event.ts';
import type { EdgeConfig, EdgeDials } from '../network/network-config.ts';
import { ClosingStack } from '../process/closing-stack.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { World } from '../world/local-world.ts';
import { programEnvironment } from '../world/program-environment.ts';
import { privateProgramFiles } from '../world/program-files.ts';
import { upJson } from '../world/up-json.ts';

/** The doors that the scenario's programs need; named like their groups. */
export function programEdges({ load }: Scenario): readonly EdgeConfig[] {
  return programsOf(load).map(({ name, location }) => ({ name, location }));
}

export interface ProgramEnvironments extends AsyncDisposable {
  /** By group; holds the keys of each group's principal, whatever its credential. */
  readonly of: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/**
 * What the program of each group is started with, and nothing else. Disposing takes away the private folder of the files
 * that it names: to be done when the last program has ended.
 * @param world Opened with {@link programEdges}.
 * @param inherited The operator's own environment, of which little is passed on.
 */
export async function environmentsOf(
  world: World,
  { load }: Scenario,
  inherited: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ProgramEnvironments> {
  const groups = programsOf(load);
  if (groups.length === 0) return { of: new Map(), [Symbol.asyncDispose]: async () => {} };
  await using opened = new ClosingStack();
  const files = opened.use(await privateProgramFiles(world.caPem));
  const described = upJson(world, files.ca);
  const environments = groups.map(({ name, location, partition, principal }) => {
    const way = { by: 'proxy', edge: name } as const;
    const options = { location, way, partition, principal, files, inherited };
    return [name, programEnvironment(described, options)] as const;
  });
  const closing = opened.move();
  return { of: new Map(environments), [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose]() };
}

/** What the programs asked their doors for until now; nothing for a scenario without programs. */
export async function dialledEvents(world: World, scenario: Scenario): Promise<readonly EdgeDialled[]> {
  const groups = programsOf(scenario.load);
  if (groups.length === 0) return [];
  const edges = await world.network.call<readonly EdgeDials[]>('dialled', undefined);
  return groups.flatMap(({ name, location, policy }) => {
    const allowed = endpointsOf(policy).map(hostOfEndpointName);
    const dials = edges.find(({ edge }) => edge === name)?.dials ?? [];
    return dials.map(({ host, port, times }) => ({
      kind: 'edge.dialled' as const,
      group: name,
      location,
      host,
      port,
      allowed: port === 443 && allowed.includes(host.toLowerCase()),
      times,
    }));
  });
}

function programsOf({ groups }: Scenario['load']): Scenario['load']['groups'] {
  return groups.filter(({ client }) => client.kind === 'program');
}
