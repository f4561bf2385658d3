/** What the failover figures say, in sentences. */
import { count, duration, listOf, percent, plural } from '../page/format.ts';
import type { FailoverModel, GroupLosses, GroupShares, Journey } from './model.ts';

export function failoverHeadline({ journeys, losses }: FailoverModel): string {
  if (journeys.length === 0) return `${noJourney(losses)} ${lostSentence(losses)}`;
  return `${journeys.map((journey) => journeySentence(journey, severalFaults(journeys))).join(' ')} ${lostSentence(losses)}`;
}

function noJourney(losses: readonly GroupLosses[]): string {
  return losses.length === 0
    ? ''
    : 'No fault took the first choice of any caller, so nobody had to fail over.';
}

function journeySentence(journey: Journey, faultNamed: boolean): string {
  const step = (name: string) => journey.steps.find(({ milestone }) => milestone.name === name);
  const told = (name: string, text: string): string[] => {
    const us = step(name)?.afterUs;
    return us == null
      ? []
      : [`${text} ${us < 0 ? 'before the fault was confirmed' : `after ${duration(us)}`}`];
  };
  const during = [
    ...told('firstFailure', 'saw the first failure'),
    ...told('detected', 'turned elsewhere'),
    ...told('failedOver', 'were served there'),
  ];
  const name = faultNamed
    ? `Callers of ${journey.group} (fault ${journey.fault})`
    : `Callers of ${journey.group}`;
  if (during.length === 0) return `${name} saw no failure.`;
  const stranded = step('failedOver') === undefined ? ' and were never served elsewhere' : '';
  return `${name} ${listOf(during)}${stranded}; ${homecoming(journey)}.`;
}

export function severalFaults(journeys: readonly Journey[]): boolean {
  return new Set(journeys.map(({ fault }) => fault)).size > 1;
}

const GROUPS_TOLD = 3;

/** The two figures most asked for, of each group's slowest caller: until served elsewhere, until home again. */
export function journeyFinding(journeys: readonly Journey[]): string {
  const told = (name: string): string => {
    const each = journeys.slice(0, GROUPS_TOLD).map(({ group, steps }) => {
      const step = steps.find(({ milestone }) => milestone.name === name);
      const us = step?.callersAfterUs.at(-1) ?? step?.afterUs;
      return us == null ? `${group} never` : `${group} after ${duration(us)}`;
    });
    const more = journeys.length - each.length;
    return listOf(more > 0 ? [...each, plural(more, 'further group')] : each);
  };
  return `Slowest caller served elsewhere: ${told('failedOver')}; back home after the lift: ${told('failedBack')}`;
}

function homecoming({ steps, liftedUs }: Journey): string {
  if (liftedUs === null) return 'the fault was never lifted';
  const backUs = steps.find(({ milestone }) => milestone.name === 'failedBack')?.afterUs;
  const steadyUs = steps.find(({ milestone }) => milestone.name === 'steady')?.afterUs;
  const parts = [
    backUs == null ? 'no success at home was seen again' : `back home ${duration(backUs)} after the lift`,
    steadyUs == null ? 'not seen steady again' : `steady after ${duration(steadyUs)}`,
  ];
  return listOf(parts);
}

export function lostSentence(losses: readonly GroupLosses[]): string {
  const sent = losses.reduce((sum, { planned, dropped }) => sum + planned - dropped, 0);
  const lost = losses.reduce((sum, { failed, indeterminate }) => sum + failed + indeterminate, 0);
  if (sent === 0) return 'No request was sent.';
  if (lost === 0) return `None of ${plural(sent, 'request')} was lost.`;
  return `${count(lost)} of ${plural(sent, 'request')} (${percent(lost / sent)}) ${lost === 1 ? 'was' : 'were'} lost.`;
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
