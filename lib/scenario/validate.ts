/**
 * Says everything that is wrong with a scenario at once, in three layers: its shape, what its parts mean to each
 * other, and whether it stays within the endpoints of STS. Pure: opens nothing, changes nothing.
 */

import { era as eraNamed } from '../aws/eras.ts';
import { nearestName } from '../aws/nearest-name.ts';
import { REGIONS } from '../aws/regions.ts';
import { actProblems } from './act-problems.ts';
import { type Draft, draftOf } from './draft.ts';
import { eraProblems } from './era-problems.ts';
import { expectationProblems } from './expectation-problems.ts';
import { faultProblems } from './fault-problems.ts';
import type { Problem } from './problem.ts';
import { type Scenario, scenarioSchema } from './schema.ts';
import { shapeProblems } from './shape-problems.ts';
import { stopProblems } from './stop-problems.ts';
import { worldProblems } from './world-problems.ts';

export type Validation =
  | { readonly valid: true; readonly scenario: Scenario; readonly problems: readonly [] }
  | { readonly valid: false; readonly problems: readonly Problem[] };

/** @param raw Anything: the default export of a scenario file, or parsed JSON. */
export function validate(raw: unknown): Validation {
  const read = scenarioSchema.safeParse(raw);
  const draft = draftOf(raw);
  const world = { regions: regionsOf(draft), global: draft.global, era: eraNamed(draft.era) };
  const problems = [
    ...(read.success ? [] : shapeProblems(raw, read.error)),
    ...worldProblems(draft, world),
    ...eraProblems(draft, world),
    ...faultProblems(draft, world),
    ...actProblems(draft, world),
    ...stopProblems(raw, draft),
    ...expectationProblems(draft, world),
  ];
  if (read.success && problems.length === 0) return { valid: true, scenario: read.data, problems: [] };
  return { valid: false, problems };
}

/** Known Regions of the list. A misspelled one counts as what it was meant to be: one mistake, one problem. */
function regionsOf(draft: Draft): readonly string[] {
  const known = REGIONS.map((entry) => entry.id);
  return [...new Set(draft.regions.flatMap(({ id }) => nearestName(id, known) ?? []))];
}
