/** Options of k6 under which a script can reach the world and nothing else. */

import { addresses, refuseWithoutWorld } from './config.ts';
import { EVERYTHING_ELSE } from './loopback-only.ts';

export interface WorldOptions {
  readonly hosts: Readonly<Record<string, string>>;
  readonly blacklistIPs: readonly string[];
  readonly setupTimeout: string;
}

/** To be spread into a script's own `options`. @throws when there is no world. */
export function options(): WorldOptions {
  refuseWithoutWorld();
  return { hosts: addresses(), blacklistIPs: EVERYTHING_ELSE, setupTimeout: '1h' };
}
