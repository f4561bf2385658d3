import { describe, expect, it } from 'vitest';
import type { Sample } from '../journal/sample.ts';
import { tableOfSamples } from '../journal/sample-table.ts';
import type { Expectation } from './expectation.ts';
import { fixtureWalls } from './fixture-walls.ts';
import { judge } from './verdict.ts';
import { wallsOf } from './walls.ts';

const WALL: Expectation = { name: 'the wall holds', kind: 'partition-wall' };

describe('the wall between partitions', () => {
  it('holds when every ordered pair was tried and none accepted', () => {
    const judged = judge(fixtureWalls(), [WALL]);
    expect(judged.verdict).toBe('pass');
    expect(judged.expectations[0]).toMatchObject({ value: 0, n: 120 });
    const cells = wallsOf(fixtureWalls());
    expect(cells).toHaveLength(9);
    for (const cell of cells) expect(cell.answeredByKind).toEqual({ 'long-term': 10, session: 10 });
  });

  it('has a hole as soon as one request goes through, which is named', () => {
    const judged = judge(fixtureWalls({ hole: { credentials: 'aws', endpoint: 'aws-us-gov' } }), [WALL]);
    expect(judged.verdict).toBe('fail');
    expect(judged.reasons[0]).toMatch(
      /^The wall between partitions has 1 hole: aws-us-gov accepted credentials of aws 1 time \(first: GetCallerIdentity by aws-at-aws-us-gov-session-1 at sts\.us-gov-west-1\.amazonaws\.com, request wall-\d+\)\.$/,
    );
  });

  it('is unknown where nobody tried', () => {
    const judged = judge(fixtureWalls({ untried: { credentials: 'aws-cn', endpoint: 'aws' } }), [WALL]);
    expect(judged.verdict).toBe('inconclusive');
    expect(judged.reasons).toEqual([
      'No attempt was answered for aws-cn at aws, so that part of the wall is unknown.',
    ]);
  });

  it('is unknown for credentials that are refused at home too', () => {
    const history = fixtureWalls();
    const broken = Array.from({ length: history.samples.length }, (_, row) => history.samples.row(row)).map(
      (sample): Sample =>
        sample.caller.startsWith('aws-cn-at-aws-cn') ? { ...sample, outcome: 'failed', status: 403 } : sample,
    );
    const judged = judge({ ...history, samples: tableOfSamples(broken) }, [WALL]);
    expect(judged.expectations[0]?.sentence).toContain('aws-cn were not accepted at home either');
  });
});
