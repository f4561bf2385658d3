/** What the federated actions keep between calls: key sets of registered issuers, and the keys of our own tokens. */

import type { Clock } from '../../time/monotonic.ts';
import { createOutboundKeys, type OutboundKeysOf } from './outbound-keys.ts';
import { createProviderKeys, type FetchText, type ProviderKeys } from './provider-keys.ts';

export interface Federation {
  readonly keys: ProviderKeys;
  readonly outboundKeysOf: OutboundKeysOf;
}

/**
 * One for all Regions of a process, so that an account's tokens are signed alike wherever they are asked for.
 *
 * @param clock Monotonic: key sets age by it.
 * @param fetchText Absent: nothing is ever fetched, and keys come from configuration only.
 */
export function createFederation(clock: Clock, fetchText?: FetchText): Federation {
  return {
    keys: createProviderKeys({ clock, ...(fetchText === undefined ? {} : { fetchText }) }),
    outboundKeysOf: createOutboundKeys(),
  };
}
