import { expect, it } from 'vitest';
import { isOrphan, ownPrefix } from './owner-names.ts';

const nobody = 2 ** 22 + 1; // Beyond the highest process id that Linux gives.

it('a proxy belongs to the process that named it, for as long as that process lives', () => {
  expect(ownPrefix()).toBe(ownPrefix());
  expect(isOrphan(`${ownPrefix()}1`)).toBe(false);
  expect(isOrphan(`${ownPrefix({ pid: nobody, started: 'long ago' })}1`)).toBe(true);
});

it('a later process of the same number is not its owner', () => {
  expect(isOrphan(`${ownPrefix({ pid: process.pid, started: 'long ago' })}1`)).toBe(true);
});

it('what does not bear a name of that form is no orphan of ours', () => {
  for (const name of [
    'theirs',
    'regionfall',
    'regionfall-1',
    `regionfall-${nobody}-zz-1`,
    'regionfall-0123456789abcdef',
  ]) {
    expect(isOrphan(name)).toBe(false);
  }
});
