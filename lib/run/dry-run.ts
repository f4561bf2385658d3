/** What a run would do, without doing any of it: links, arrivals, faults and expectations, from the same code. */

import { hostOfEndpointName } from '../aws/endpoints.ts';
import { timelineOf } from '../chaos/timeline.ts';
import { endpointsOf } from '../failover/spec.ts';
import { planArrivals } from '../load/arrival-plan.ts';
import { titleOfAct } from '../scenario/act-spec.ts';
import type { LoadedScenario } from '../scenario/load-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';
import { describeService, serviceFactsOf } from '../scenario/service-facts.ts';
import { titleOfStop } from '../scenario/stop-spec.ts';
import { durationUs, formatDurationUs } from '../time/duration.ts';
import { createRandom } from '../time/random.ts';
import { plannedView } from './scenario-world.ts';

export interface RunPlan {
  readonly json: object;
  readonly text: string;
}

export function describePlan({ scenario, hash, path }: LoadedScenario, seed: number): RunPlan {
  const loadUs = durationUs(scenario.load.duration);
  const view = plannedView(scenario, seed);
  const { links } = view;
  const arrivals = planArrivals(scenario.load.groups, loadUs, createRandom(seed).fork('arrivals'));
  const timeline = timelineOf(scenario.faults, loadUs, view);
  const groups = scenario.load.groups.map((group, index) => ({
    name: group.name,
    location: group.location,
    callers: group.callers,
    policy: group.policy.kind,
    endpoints: endpointsOf(group.policy).map(hostOfEndpointName),
    arrivals: arrivals.filter((arrival) => arrival.group === index).length,
  }));
  const faults = timeline.faults.map(({ name, faultKind, title, fromUs, toUs, plan }) => ({
    name,
    kind: faultKind,
    title,
    fromMs: fromUs / 1_000,
    toMs: toUs / 1_000,
    links: plan.links,
  }));
  const acts = scenario.acts.map((act) => ({
    name: act.name,
    title: titleOfAct(act),
    atMs: durationUs(act.at) / 1_000,
  }));
  const service = serviceFactsOf(scenario, seed);
  const json = {
    schema: 1,
    scenario: scenario.name,
    hash,
    seed,
    durationMs: loadUs / 1_000,
    planned: arrivals.length,
    era: scenario.era,
    service: service.regions,
    accounts: scenario.accounts,
    links: links.map(({ id, servingRegion, roundTripMs, modelled }) => ({
      id,
      servingRegion,
      roundTripMs,
      modelled,
    })),
    groups,
    faults,
    acts,
    stop: scenario.stop,
    expect: scenario.expect.map(({ name, kind }) => ({ name, kind })),
  };
  const text = [
    `${scenario.name}: ${scenario.question}`,
    `  ${path}, sha-256 ${hash.slice(0, 12)}, seed ${seed}`,
    `  ${arrivals.length} arrivals in ${formatDurationUs(loadUs)}`,
    `service, STS as of ${scenario.era}`,
    ...describeService(service).map(([subject, text]) => `  ${subject}: ${text}`),
    ...describeAccounts(scenario).map((text) => `  ${text}`),
    'links',
    ...links.map(
      (link) =>
        `  ${link.id}  served in ${link.servingRegion}, round trip ${link.roundTripMs} ms${link.modelled ? ' (modelled)' : ''}`,
    ),
    'callers',
    ...groups.map(
      (group) =>
        `  ${group.name}: ${group.callers} in ${group.location}, ${group.policy} ${group.endpoints.join(' → ')}, ${group.arrivals} arrivals`,
    ),
    'faults',
    ...(faults.length === 0 ? ['  none'] : []),
    ...faults.map(
      (fault) =>
        `  ${formatDurationUs(fault.fromMs * 1_000)} to ${formatDurationUs(fault.toMs * 1_000)}  ${fault.name}: ${fault.title} (${fault.links.length} links)`,
    ),
    ...(acts.length === 0 ? [] : ['acts']),
    ...acts.map(({ name, title, atMs }) => `  ${formatDurationUs(atMs * 1_000)}  ${name}: ${title}`),
    ...(scenario.stop.length === 0 ? [] : ['ends early at']),
    ...scenario.stop.map((condition) => `  ${titleOfStop(condition)}`),
    'expectations',
    ...scenario.expect.map((expectation) => `  ${expectation.kind}: ${expectation.name}`),
  ].join('\n');
  return { json, text };
}

/** Sentences for what differs from accounts that nobody has touched. */
function describeAccounts({ accounts }: Scenario): readonly string[] {
  const { activatedRegions, deactivatedRegions, optedOutRegions, globalTokenVersion } = accounts;
  const listed = (subject: string, regions: readonly string[]): readonly string[] =>
    regions.length === 0 ? [] : [`${subject}: ${regions.join(', ')}`];
  return [
    ...listed('STS activated', activatedRegions),
    ...listed('STS switched off', deactivatedRegions),
    ...listed('Regions not enabled', optedOutRegions),
    ...(globalTokenVersion === undefined ? [] : [`Global tokens: version ${globalTokenVersion}`]),
  ];
}
