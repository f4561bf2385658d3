/** What shows that an id was made by the emulator, and keeps keys that AWS might accept out of it. */

import { UsageError } from '../errors/regionfall-error.ts';

/** The last characters of every emulated access key id, long-term or temporary. */
export const ACCESS_KEY_MARK = 'RGF';

/** Begins the random part of emulated user and role ids. */
export const UNIQUE_ID_MARK = 'REGNFALL';

/** Judged by form alone; nobody is asked. @throws {UsageError} RF-REAL-KEY. The id is named, the secret never. */
export function refuseUnmarkedKey(accessKeyId: string): void {
  if (accessKeyId.endsWith(ACCESS_KEY_MARK)) return;
  throw new UsageError(`${accessKeyId} could be a key of a real AWS account: the emulator takes none`, {
    code: 'RF-REAL-KEY',
    hint: `emulated access key ids end in ${ACCESS_KEY_MARK}; leave keys out and let the world make them`,
  });
}
