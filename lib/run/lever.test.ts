import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  describeLever,
  leverPath,
  pullLever,
  readLever,
  refuseWhenHalted,
  releaseLever,
  watchLever,
} from './lever.ts';

const NOON_MS = Date.UTC(2026, 10, 24, 12);

function somewhere(): string {
  const folder = mkdtempSync(join(tmpdir(), 'regionfall-lever-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return leverPath({ REGIONFALL_STATE: join(folder, 'state') });
}

describe('the lever', () => {
  test.each([
    [{ REGIONFALL_STATE: '/a', XDG_STATE_HOME: '/b', HOME: '/c' }, '/a/halted.json'],
    [{ REGIONFALL_STATE: '', XDG_STATE_HOME: '/b', HOME: '/c' }, '/b/regionfall/halted.json'],
    [{ HOME: '/c' }, '/c/.local/state/regionfall/halted.json'],
  ])('stands in the state folder: %j', (env, path) => {
    expect(leverPath(env)).toBe(path);
  });

  test('is pulled once, tells by whom and why, and is lifted', () => {
    const path = somewhere();
    expect(readLever(path)).toBeUndefined();
    refuseWhenHalted(path);
    pullLever(path, 'the demo is over', NOON_MS);
    const state = pullLever(path, 'another reason', NOON_MS + 1);
    const told = `${userInfo().username} pulled the lever at 2026-11-24T12:00:00Z: the demo is over`;
    expect(state && describeLever(state)).toBe(told);
    expect(() => refuseWhenHalted(path)).toThrow(
      expect.objectContaining({ message: `nothing is started: ${told}`, code: 'RF-HALTED', exitCode: 4 }),
    );
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(readdirSync(dirname(path))).toEqual(['halted.json']);
    expect(releaseLever(path)).toEqual(state);
    expect(releaseLever(path)).toBeUndefined();
    refuseWhenHalted(path);
  });

  test.each([
    ['empty', ''],
    ['cut', '{"schema":1,"rea'],
    ['another thing', '[1,2]'],
    ['null', 'null'],
    ['of a date that cannot be', '{"schema":1,"reason":"","by":"ada","atMs":9e15}'],
  ])('counts as pulled when its file is %s', (_, text) => {
    const path = somewhere();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    expect(() => refuseWhenHalted(path)).toThrow(/does not say by whom \(the file is damaged\)/);
    releaseLever(path);
    refuseWhenHalted(path);
  });

  test('counts as pulled when nobody can look', () => {
    const path = somewhere();
    mkdirSync(path, { recursive: true });
    expect(() => refuseWhenHalted(path)).toThrow(/EISDIR/);
    expect(() => releaseLever(path)).toThrow(expect.objectContaining({ code: 'RF-NOT-WRITABLE' }));
  });

  test.skipIf(process.getuid?.() === 0)('counts as pulled in a folder that may not be searched', () => {
    const path = somewhere();
    mkdirSync(dirname(path), { recursive: true });
    chmodSync(dirname(path), 0o000);
    onTestFinished(() => chmodSync(dirname(path), 0o700));
    expect(() => refuseWhenHalted(path)).toThrow(/EACCES/);
  });

  test('is seen by whoever watches it', async () => {
    const path = somewhere();
    using watch = watchLever(path);
    expect(watch.signal.aborted).toBe(false);
    pullLever(path, '', NOON_MS);
    await expect.poll(() => watch.signal.aborted, { timeout: 10_000 }).toBe(true);
    expect(watch.signal.reason).toMatch(/pulled the lever at 2026-11-24T12:00:00Z$/);
  });
});
