/** A test of a user's that is killed in the middle, with its world open and broken. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startWorld } from '../lib/testing/index.ts';
import { familyOf, isAlive } from './processes.ts';

describe('a test that dies', () => {
  test('leaves no process of its world behind, and its files to the next', async () => {
    const child = fork(new URL('./dying-test.fixture.ts', import.meta.url));
    const [file] = (await once(child, 'message')) as [string];
    const pids = familyOf(child.pid ?? 0);
    // Itself, the guardian, the service and the network.
    expect(pids.length).toBeGreaterThanOrEqual(4);
    child.kill('SIGKILL');
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    expect(existsSync(file)).toBe(true);
    await using _next = await startWorld({ regions: ['eu-west-1'] });
    expect(existsSync(file)).toBe(false);
  });
});
