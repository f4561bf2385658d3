import { describe, expect, test } from 'vitest';
import type { StopCondition } from './stop-spec.ts';
import { titleOfStop } from './stop-spec.ts';
import { validScenario } from './valid.fixture.ts';
import { validate } from './validate.ts';

function problemsOf(...stop: readonly object[]) {
  const { problems } = validate({ ...validScenario(), stop });
  return problems.map(({ place, nearest }) => [place, nearest]);
}

describe('stop conditions', () => {
  test('that are right are in order, and their windows are five seconds unless told otherwise', () => {
    const validation = validate({
      ...validScenario(),
      stop: [
        { measure: 'success-ratio', below: 0.5, group: 'app' },
        { measure: 'latency', above: '3s', over: '10s' },
        { measure: 'leak', above: 0 },
        { measure: 'generator-lag', above: '500ms' },
      ],
    });
    if (!validation.valid) throw new Error(JSON.stringify(validation.problems));
    expect(validation.scenario.stop.map(titleOfStop)).toEqual([
      "success ratio of 'app' below 0.5 over 5s",
      'latency p99 above 3s over 10s',
      'leak above 0 over 5s',
      'generator lag above 500ms over 5s',
    ] satisfies string[]);
    expect(validation.scenario.stop[0]).toMatchObject({ over: '5s' } satisfies Partial<StopCondition>);
  });

  test('are told all that is wrong with them at once', () => {
    expect(
      problemsOf(
        { measure: 'succes-ratio', below: 0.5 },
        { measure: 'success-ratio', below: 1.5 },
        { measure: 'latency', above: '0s', group: 'ap' },
        { measure: 'leak', above: 0.1, over: '1500ms' },
        { measure: 'generator-lag', above: '1s', over: '30s' },
        { measure: 'leak', above: 0.1, group: 'app' },
      ),
    ).toEqual([
      ['stop[0].measure', 'success-ratio'],
      ['stop[1].below', undefined],
      ['stop[5].group', undefined],
      ['stop[2].group', 'app'],
      ['stop[2].above', undefined],
      ['stop[3].over', undefined],
      ['stop[4].over', undefined],
    ]);
  });
});
