/** Where the service's process comes from: started by us, or had from a host in another container. */

import { entryUrl } from '../process/entry.ts';

/** What runs in it, for whoever starts it. */
export const SERVICE_ENTRY = entryUrl('../service/process.ts', import.meta.url);

export const SERVICE_SOCKET_VARIABLE = 'REGIONFALL_SERVICE_SOCKET';

/** Path of the Unix socket on which `regionfall serve` stands ready; undefined where the environment names none. */
export function givenServiceSocket(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const given = env[SERVICE_SOCKET_VARIABLE];
  return given === '' ? undefined : given;
}
