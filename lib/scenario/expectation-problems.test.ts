import { describe, expect, test } from 'vitest';
import { validScenario } from './valid.fixture.ts';
import { validate } from './validate.ts';

const outage = { name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '2s', for: '2s' };
const repeated = { ...outage, repeat: { times: 3, every: '5s' } };
const group = {
  name: 'outage',
  kind: 'group',
  at: '2s',
  for: '2s',
  parts: [{ kind: 'silence', target: { region: 'eu-west-1' } }],
};

function problemsOf(fault: object, asked: string) {
  const served = { name: 'served', kind: 'success-ratio', group: 'app', phase: 'during', atLeast: 0.9 };
  const { problems } = validate({
    ...validScenario(),
    faults: [fault],
    expect: [{ ...served, fault: asked }],
  });
  return problems
    .filter(({ place }) => place.startsWith('expect'))
    .map(({ place, nearest }) => [place, nearest]);
}

describe('an expectation about a fault', () => {
  test.each([
    ['by its name', outage, 'outage'],
    ['that comes again, the first time', repeated, 'outage'],
    ['that comes again, a later time', repeated, 'outage/3'],
    ['that is a group', group, 'outage'],
    ['that cannot be read, whatever the occurrence', { ...repeated, for: 'long' }, 'outage/7'],
  ])('may name one %s', (_, fault, asked) => {
    expect(problemsOf(fault, asked)).toEqual([]);
  });

  test.each([
    ['once more than it comes', repeated, 'outage/4', 'outage/2'],
    ['again where it comes once', outage, 'outage/2', 'outage'],
    ['by a part of a group', group, 'outage/silence', undefined],
  ])('may not name one %s', (_, fault, asked, nearest) => {
    expect(problemsOf(fault, asked)).toEqual([['expect[0].fault', nearest]]);
  });
});
