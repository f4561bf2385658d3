import { describe, expect } from 'vitest';
import { isAlive, killMarked, markOf } from './process-identity.ts';
import { test } from './sleepers.fixture.ts';

describe('the mark of a process', () => {
  test('stays the same while it lives, and tells it from every other', ({ sleeper }) => {
    const one = markOf(sleeper().pid);
    expect(one).toBeDefined();
    expect(markOf(one?.pid ?? 0)).toEqual(one);
    expect(markOf(process.pid)?.started).not.toBe(one?.started);
  });

  test('never matches what ended, even before its parent took notice', async ({ sleeper }) => {
    const child = sleeper();
    const mark = markOf(child.pid);
    if (mark === undefined) throw new Error('no mark');
    expect(killMarked(mark)).toBe(true);
    await expect.poll(() => isAlive(mark)).toBe(false);
    expect(killMarked(mark)).toBe(false);
  });

  test('with another start time protects a process that merely has the same number', ({ sleeper }) => {
    const { pid } = sleeper();
    expect(killMarked({ pid, started: '12345@another-boot' })).toBe(false);
    expect(markOf(pid)).toBeDefined();
  });

  test.for([0, 1, -1, Number.NaN, 4_194_305])('does not exist for the number %d', (pid) => {
    expect(markOf(pid)).toBeUndefined();
    expect(killMarked({ pid, started: '' })).toBe(false);
  });
});
