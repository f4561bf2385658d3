import { describe, expect, it } from 'vitest';
import { fixtureHistory } from '../../lib/measure/fixture-history.ts';
import { wallsHistory } from '../page/fixture-input.ts';
import { changeOf, isolationModel } from './model.ts';
import { isolationSection, regionsFinding } from './section.ts';
import { wallsFinding } from './walls-table.ts';

describe('Regions outside a fault', () => {
  it('show no change when each interval contains none', () => {
    const model = isolationModel(fixtureHistory());
    expect(model.regions.map(({ region }) => region)).toEqual(['eu-central-1', 'us-east-1']);
    expect(regionsFinding(model)).toBe(
      'No more errors seen in eu-central-1 and us-east-1, outside the fault; up to 0.63 points may have gone unseen (95 %). ' +
        'No higher p99 seen in eu-central-1 and us-east-1, outside the fault; up to 157 µs may have gone unseen (95 %)',
    );
    expect(String(isolationSection(model))).toContain('No change seen: both intervals contain 0');
  });

  it('are not spoken of without a fault', () => {
    expect(regionsFinding(isolationModel(fixtureHistory({ outage: false })))).toMatch(
      /^No fault was planned/,
    );
  });

  it('changed only when the interval leaves zero out', () => {
    expect(changeOf({ low: -1, value: 2, high: 5 })).toBe('none');
    expect(changeOf({ low: 0.1, value: 2, high: 5 })).toBe('more');
    expect(changeOf({ low: -5, value: -2, high: -0.1 })).toBe('less');
    expect(changeOf(null)).toBe('unknown');
  });
});

describe('walls between partitions', () => {
  it('hold with an upper bound, never for certain', () => {
    const model = isolationModel(wallsHistory(false));
    expect(model.walls.cells.every(({ verdict }) => verdict === 'expected')).toBe(true);
    expect(wallsFinding(model.walls)).toBe(
      '0 of 240 answered attempts crossed from one partition into another (upper bound 1.6 %, 95 %)',
    );
    expect(String(isolationSection(model))).not.toContain('unexpected');
  });

  it('show the hole, its border and the requests that went through', () => {
    const model = isolationModel(wallsHistory(true));
    const unexpected = model.walls.cells.filter(({ verdict }) => verdict === 'unexpected');
    expect(unexpected.map(({ credentials, endpoint }) => `${credentials} in ${endpoint}`)).toEqual([
      'aws-cn in aws-us-gov',
    ]);
    expect(model.walls.leaks.length).toBe(unexpected[0]?.accepted);
    const page = String(isolationSection(model));
    expect(page.match(/<td class="unexpected">/g)?.length).toBe(1);
    expect(page).toContain(model.walls.leaks[0]?.requestId);
  });

  it('are not claimed to hold when nothing was tried', () => {
    const model = isolationModel(fixtureHistory());
    expect(wallsFinding(model.walls)).toBe('Nothing was tried across partitions');
    expect(String(isolationSection(model))).toContain('partition-wall');
  });
});
