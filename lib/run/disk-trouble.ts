/** Tells trouble with the disk from a bug of ours: a full one, a folder that is not ours to write in. Pure. */

import { EnvironmentError } from '../errors/regionfall-error.ts';

const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: 'it is not ours to write in',
  EDQUOT: 'the quota is used up',
  EIO: 'the disk reports an error',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is no folder',
  EPERM: 'it is not ours to write in',
  EROFS: 'the file system is read-only',
};

/** @param place The folder that was written to. @returns The error itself when the disk has no part in it. */
export function explainDiskTrouble(error: unknown, place: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const meaning = MEANINGS[code];
  if (meaning === undefined) return error;
  const how = code === 'ENOSPC' || code === 'EDQUOT' ? `df -h '${place}'` : `ls -ld '${place}'`;
  return new EnvironmentError(`'${place}' cannot be written: ${meaning} (${(error as Error).message})`, {
    code: 'RF-NOT-WRITABLE',
    hint: `${how}; --out names another folder`,
    cause: error,
  });
}

/** The same trouble in the last words of another process, which come as text: `… ENOSPC: no space left on device`. */
export function diskTroubleIn(sentence: string): Error | undefined {
  const code = OF_A_DISK_ALONE.exec(sentence)?.[1];
  return code === undefined ? undefined : Object.assign(new Error(sentence), { code });
}

/** Codes that no socket and no process gives. */
const OF_A_DISK_ALONE = /\b(EDQUOT|EIO|ENOSPC|EROFS): /;
