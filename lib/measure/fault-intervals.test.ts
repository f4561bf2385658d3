import { describe, expect, it } from 'vitest';
import type { EventBody, JournalEvent } from '../journal/event.ts';
import { faultsOf } from './fault-intervals.ts';

const ORIGIN_US = 1_000_000_000;

/** A fault from its plan to its last probe, in seconds of the run. */
function life(
  fault: string,
  fromS: number,
  toS: number | null,
  { group, proved = true }: { group?: string; proved?: boolean } = {},
): readonly JournalEvent[] {
  const at = (seconds: number, body: EventBody): JournalEvent => ({
    monoUs: ORIGIN_US + seconds * 1e6,
    wallMs: 0,
    ...body,
  });
  const planned = {
    kind: 'fault.planned',
    fault,
    faultKind: 'refused',
    title: `${fault} bites`,
    ...(group === undefined ? {} : { group }),
    fromUs: fromS * 1e6,
    toUs: (toS ?? 60) * 1e6,
    links: [`x->${fault}`],
    regions: [],
  } as const;
  return [
    at(fromS - 3, planned),
    at(fromS + 0.01, { kind: 'fault.applied', fault, requestedUs: ORIGIN_US + fromS * 1e6 }),
    at(fromS + 0.1, { kind: 'fault.probed', fault, phase: 'during', proved, probes: [] }),
    ...(toS === null
      ? []
      : [
          at(toS + 0.01, { kind: 'fault.lifted', fault, requestedUs: ORIGIN_US + toS * 1e6 }),
          at(toS + 0.1, { kind: 'fault.healed', fault, healed: true }),
        ]),
  ];
}

describe('the faults of a run', () => {
  it('are one under the name of their group, on from the first part to the last', () => {
    const events = [
      ...life('outage/names', 10, 20, { group: 'outage' }),
      ...life('outage/refused', 12, 30, { group: 'outage' }),
      ...life('other', 5, 6),
    ];
    const faults = faultsOf(events, ORIGIN_US);
    expect(faults.map(({ name }) => name)).toEqual(['other', 'outage']);
    expect(faults[1]).toMatchObject({
      faultKind: 'group',
      title: 'outage: 2 faults together',
      plannedFromUs: 10e6,
      plannedToUs: 30e6,
      appliedRequestedUs: 10e6,
      appliedUs: 10.01e6,
      liftedRequestedUs: 30e6,
      liftedUs: 30.01e6,
      links: ['x->outage/names', 'x->outage/refused'],
      proved: true,
      healed: true,
    });
    expect(faults[1]?.parts.map(({ name }) => name)).toEqual(['outage/names', 'outage/refused']);
  });

  it('count as a group only as proved as the least proved part, and as lifted when the last one is', () => {
    const events = [
      ...life('outage/one', 10, null, { group: 'outage' }),
      ...life('outage/other', 12, 30, { group: 'outage', proved: false }),
    ];
    expect(faultsOf(events, ORIGIN_US)).toMatchObject([{ proved: false, healed: false, liftedUs: null }]);
    expect(faultsOf(events.toReversed(), ORIGIN_US)[0]?.name).toBe('outage');
  });

  it('that come again are faults of their own', () => {
    const events = [...life('outage', 10, 12), ...life('outage/2', 20, 22)];
    expect(faultsOf(events, ORIGIN_US).map(({ name, parts }) => [name, parts.length])).toEqual([
      ['outage', 0],
      ['outage/2', 0],
    ]);
  });
});
