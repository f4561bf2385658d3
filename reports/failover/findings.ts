/** What the failover figures say, in sentences. */
import { count, duration, listOf, percent, plural } from '../../lib/measure/wording.ts';
import type { FailoverModel, GroupLosses, GroupShares, Journey } from './model.ts';

export function failoverHeadline(model: FailoverModel): string {
  const { journeys, losses, complete } = model;
  if (journeys.length === 0) return `${noJourney(losses)} ${lostSentence(model)}`;
  return `${journeys.map((journey) => journeySentence(journey, severalFaults(journeys), complete)).join(' ')} ${lostSentence(model)}`;
}

function noJourney(losses: readonly GroupLosses[]): string {
  return losses.length === 0
    ? ''
    : 'No fault took the first choice of any caller, so nobody had to fail over.';
}

function journeySentence(journey: Journey, faultNamed: boolean, complete: boolean): string {
  const step = (name: string) => journey.steps.find(({ milestone }) => milestone.name === name);
  const told = (name: string, text: string): string[] => {
    const us = step(name)?.afterUs;
    return us == null ? [] : [`${text} ${us < 0 ? 'at once' : `after ${duration(us)}`}`];
  };
  const during = [
    ...told('firstFailure', 'saw the first failure'),
    ...told('detected', 'turned elsewhere'),
    ...told('failedOver', 'were served there'),
  ];
  const name = faultNamed
    ? `Callers of ${journey.group} (fault ${journey.fault})`
    : `Callers of ${journey.group}`;
  if (during.length === 0) return `${name} ${complete ? 'saw no failure' : 'have no failure on record'}.`;
  const stranded = step('failedOver') === undefined ? ' and were never served elsewhere' : '';
  return `${name} ${hung(journey)}${listOf(during)}${stranded}; ${homecoming(journey)}.`;
}

/** From this long on, a wait is told. */
const HUNG_US = 1_000_000;

function hung({ wait, unlimited }: Journey): string {
  if (wait === null || wait.longestUs < HUNG_US) return '';
  const waited = duration(wait.longestUs);
  return unlimited
    ? `hung for up to ${waited}, having no time limit; they `
    : `waited up to ${waited} for an answer; they `;
}

export function severalFaults(journeys: readonly Journey[]): boolean {
  return new Set(journeys.map(({ fault }) => fault)).size > 1;
}

const GROUPS_TOLD = 3;

/** Less load than this after a lift says nothing about the way home. */
const WATCHED_US = 1_000_000;

/** The two figures most asked for, of each group's slowest caller: until served elsewhere, until home again. */
export function journeyFinding(journeys: readonly Journey[]): string {
  const hit = journeys.filter(wasHit);
  if (hit.length === 0) return 'No caller whose first choice the fault reached saw a failure';
  const lastUs = ({ steps }: Journey, name: string): number | undefined => {
    const step = steps.find(({ milestone }) => milestone.name === name);
    return step?.callersAfterUs.at(-1) ?? step?.afterUs ?? undefined;
  };
  const told = (name: string): string => {
    const each = hit.slice(0, GROUPS_TOLD).map((journey) => {
      const us = lastUs(journey, name);
      return us === undefined ? `${journey.group} never` : `${journey.group} after ${duration(us)}`;
    });
    const more = hit.length - each.length;
    return listOf(more > 0 ? [...each, plural(more, 'further group')] : each);
  };
  const away = hit.some((journey) => lastUs(journey, 'failedOver') !== undefined)
    ? `Slowest caller served elsewhere: ${told('failedOver')}`
    : 'Nobody was served elsewhere';
  const lifted = hit.some(
    ({ liftedUs, loadEndedUs }) => liftedUs !== null && loadEndedUs - liftedUs >= WATCHED_US,
  );
  return lifted
    ? `${away}; back home after the lift: ${told('failedBack')}`
    : `${away}; the load ended with the fault, so nobody saw the way home`;
}

/** Whether the fault made an attempt of the group fail. */
export function wasHit({ steps }: Journey): boolean {
  return steps.some(({ milestone }) => milestone.name === 'firstFailure');
}

function homecoming({ steps, liftedUs, loadEndedUs }: Journey): string {
  if (liftedUs === null) return 'the fault was not lifted while the load went on';
  if (loadEndedUs - liftedUs < WATCHED_US) return 'the load ended with the fault';
  const backUs = steps.find(({ milestone }) => milestone.name === 'failedBack')?.afterUs;
  const steadyUs = steps.find(({ milestone }) => milestone.name === 'steady')?.afterUs;
  const parts = [
    backUs == null ? 'no success at home was seen again' : `back home ${duration(backUs)} after the lift`,
    steadyUs == null ? 'not seen steady again' : `steady after ${duration(steadyUs)}`,
  ];
  return listOf(parts);
}

/** Where no fault reached anyone, a refusal may be just what the scenario asks for, and is no loss. */
export function lostSentence({ journeys, losses, complete }: FailoverModel): string {
  const harmed = journeys.length > 0;
  const sent = losses.reduce((sum, { planned, dropped }) => sum + planned - dropped, 0);
  const lost = losses.reduce((sum, { failed, indeterminate }) => sum + failed + indeterminate, 0);
  if (sent === 0) return 'No request was sent.';
  if (lost === 0 && !harmed) return `All of ${plural(sent, 'request')} succeeded.`;
  if (lost === 0 && !complete) {
    return `None of the ${plural(sent, 'request')} on record was lost; those under way when it broke off are not on it.`;
  }
  if (lost === 0) return `None of ${plural(sent, 'request')} was lost.`;
  return `${count(lost)} of ${plural(sent, 'request')} (${percent(lost / sent)}) ${!harmed ? 'did not succeed' : `${lost === 1 ? 'was' : 'were'} lost`}.`;
}

export function shareFinding(groups: readonly GroupShares[]): string {
  const moved = groups.filter(({ buckets }) => servingRegions(buckets).size > 1).map(({ group }) => group);
  if (groups.length === 0) return 'There was no load';
  if (moved.length === 0) return 'No group of callers was served by more than one Region';
  const rest = groups.length - moved.length;
  return `${listOf(moved)} moved between Regions${rest === 0 ? '' : `; ${rest === 1 ? 'the other group' : `the other ${rest} groups`} stayed where ${rest === 1 ? 'it was' : 'they were'}`}`;
}

function servingRegions(buckets: GroupShares['buckets']): ReadonlySet<string> {
  return new Set(buckets.flatMap(({ byRegion }) => Object.keys(byRegion)));
}

export function retriesFinding(losses: readonly GroupLosses[]): string {
  const more = losses.map(({ group, byAttempts }) => ({
    group,
    more: byAttempts.slice(1).reduce((sum, amount) => sum + amount, 0),
  }));
  const total = more.reduce((sum, entry) => sum + entry.more, 0);
  if (total === 0) return 'Every request needed one attempt';
  const most = more
    .filter((entry) => entry.more > 0)
    .map(({ group, more: amount }) => `${count(amount)} of ${group}`);
  return `${plural(total, 'request')} needed more than one attempt: ${listOf(most)}`;
}
