import { describe, expect, test } from 'vitest';
import { validScenario } from './valid.fixture.ts';
import { validate } from './validate.ts';

const act = { name: 'activate', kind: 'region-switch', at: '5s', region: 'eu-west-1', active: true } as const;

function problemsOf(acts: readonly object[], expect_: readonly object[] = []) {
  const { problems } = validate({ ...validScenario(), acts, expect: expect_ });
  return problems.map(({ place, nearest }) => [place, nearest]);
}

describe('the acts of a scenario', () => {
  test('that are right are in order, expected or not', () => {
    expect(problemsOf([act])).toEqual([]);
    expect(problemsOf([act], [{ name: 'done', kind: 'act', act: 'activate', outcome: 'done' }])).toEqual([]);
  });

  test('are told all that is wrong with them at once', () => {
    expect(
      problemsOf(
        [
          { ...act, at: '30s' },
          { ...act, region: 'us-east-1' },
          { ...act, name: 'abroad', as: 'root', location: 'eu-wst-1' },
        ],
        [{ name: 'done', kind: 'act', act: 'activat', outcome: 'done' }],
      ),
    ).toEqual([
      ['acts[0].at', undefined],
      ['acts[1].region', undefined],
      ['acts[2].as', undefined],
      ['acts[2].location', 'eu-west-1'],
      ['acts[1].name', undefined],
      ['expect[0].act', 'activate'],
    ]);
  });

  test('cannot switch a Region that the scenario does not have', () => {
    expect(problemsOf([{ ...act, region: 'eu-central-1' }])).toEqual([['acts[0].region', undefined]]);
  });
});

test('a control plane that nobody here belongs to cannot be taken down', () => {
  const fault = { name: 'down', kind: 'control-plane-down', at: '5s', for: '5s' };
  const withFault = (target: object) =>
    validate({ ...validScenario(), faults: [{ ...fault, target }], expect: [] }).problems;
  expect(withFault({})).toEqual([]);
  expect(withFault({ partition: 'aws-cn' })).toMatchObject([
    { place: 'faults[0].target', hint: 'write one of aws' },
  ]);
});
