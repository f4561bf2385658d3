import { describe, expect, it } from 'vitest';
import { EnvironmentError, UsageError } from '../errors/regionfall-error.ts';
import { explainDiskTrouble } from './disk-trouble.ts';

const errno = (code: string): Error => Object.assign(new Error(`${code}: no`), { code });

describe('trouble with the disk', () => {
  it.each([
    ['ENOSPC', 'the disk is full', "df -h '/runs/one'"],
    ['EROFS', 'the file system is read-only', "ls -ld '/runs/one'"],
    ['EACCES', 'it is not ours to write in', "ls -ld '/runs/one'"],
  ])('of the kind %s is the machine’s, and is told with what to type next', (code, meaning, next) => {
    const told = explainDiskTrouble(errno(code), '/runs/one');
    expect(told).toBeInstanceOf(EnvironmentError);
    expect(told).toMatchObject({ code: 'RF-NOT-WRITABLE', exitCode: 3 });
    expect((told as EnvironmentError).message).toContain(meaning);
    expect((told as EnvironmentError).hint).toContain(next);
  });

  it.each([
    ['a bug', new TypeError('undefined is not a function')],
    ['a usage error', new UsageError('no such thing', { code: 'RF-NO-RUN' })],
    ['no error at all', 'thrown text'],
  ])('is not seen in %s', (_, error) => {
    expect(explainDiskTrouble(error, '/runs/one')).toBe(error);
  });
});
