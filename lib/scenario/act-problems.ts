/** Second layer, the acts: whether they fall into the load, and whether what they switch has a switch. Pure. */

import { REGIONS } from '../aws/regions.ts';
import { USERS } from '../identity/world-accounts.ts';
import { parseDurationUs } from '../time/duration.ts';
import type { Draft, DraftAct } from './draft.ts';
import type { DraftWorld } from './endpoint-problems.ts';
import { switchProblems } from './era-problems.ts';
import { duplicateNames, unknownName } from './name-problems.ts';
import type { Problem } from './problem.ts';

export function actProblems(draft: Draft, world: DraftWorld): readonly Problem[] {
  return [
    ...draft.acts.flatMap((act) => [
      ...timeProblems(act, draft),
      ...(act.region === undefined
        ? []
        : switchProblems({ place: `${act.place}.region`, id: act.region }, world)),
      ...unknownName(act.as, `${act.place}.as`, USERS, 'user of an account'),
      ...unknownName(
        act.location,
        `${act.place}.location`,
        REGIONS.map(({ id }) => id),
        'location',
      ),
    ]),
    ...duplicateNames(draft.acts),
  ];
}

function timeProblems({ at, place }: DraftAct, { duration }: Draft): readonly Problem[] {
  const atUs = at === undefined ? undefined : parseDurationUs(at);
  const loadUs = duration === undefined ? undefined : parseDurationUs(duration);
  if (atUs === undefined || loadUs === undefined || atUs < loadUs) return [];
  return [
    {
      place: `${place}.at`,
      value: at,
      message: 'comes when the load has ended',
      hint: `the load lasts ${duration}: let it come before that`,
    },
  ];
}
