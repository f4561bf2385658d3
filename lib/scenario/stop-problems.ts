/** Second layer, the stop conditions: whether their windows can ever be full, and whether their groups exist. Pure. */

import { parseDurationUs } from '../time/duration.ts';
import type { Draft } from './draft.ts';
import { namesOf, unknownName } from './name-problems.ts';
import type { Problem } from './problem.ts';
import { stopSchema } from './stop-spec.ts';

const SECOND_US = 1_000_000;

/** @param raw The scenario as it was given: what of it can be read as a condition is looked at. */
export function stopProblems(raw: unknown, draft: Draft): readonly Problem[] {
  return listIn(raw).flatMap((item, index) => {
    const condition = stopSchema.safeParse(item).data;
    if (condition === undefined) return [];
    const place = `stop[${index}]`;
    return [
      ...('group' in condition
        ? unknownName(condition.group, `${place}.group`, namesOf(draft.groups), 'group')
        : []),
      ...windowProblems(`${place}.over`, condition.over, draft.duration),
      ...('above' in condition ? limitProblems(`${place}.above`, condition.above) : []),
    ];
  });
}

function limitProblems(place: string, above: string | number): readonly Problem[] {
  if (typeof above === 'number' || parseDurationUs(above) !== 0) return [];
  return [{ place, value: above, message: 'every time is above it', hint: 'raise it' }];
}

function windowProblems(place: string, over: string, duration: string | undefined): readonly Problem[] {
  const overUs = parseDurationUs(over) ?? 0;
  const loadUs = duration === undefined ? undefined : parseDurationUs(duration);
  const problem = (message: string, hint: string): readonly Problem[] => [
    { place, value: over, message, hint },
  ];
  if (overUs === 0 || overUs % SECOND_US !== 0) {
    return problem('measures come once a second, and a window holds whole ones', 'write 1s, 2s, 5s, …');
  }
  if (loadUs === undefined || overUs < loadUs) return [];
  return problem(
    'the load ends before the window is full',
    `the load lasts ${duration}: write less than that`,
  );
}

function listIn(raw: unknown): readonly unknown[] {
  const list: unknown = typeof raw === 'object' && raw !== null && 'stop' in raw ? raw.stop : undefined;
  return Array.isArray(list) ? list : [];
}
