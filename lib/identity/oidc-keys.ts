/**
 * Where the keys of a registered issuer come from when it was registered through the IAM API, which has no place for
 * keys: from a tag of ours on the provider that names a loopback address.
 */

import type { OidcProvider } from './state.ts';

/** Holds the address of the issuer's key set (JWKS) on this machine. */
export const KEYS_URL_TAG = 'regionfall:keysUrl';

/** The provider with the tag's address, where nothing better is known. */
export function withKeysUrl(provider: OidcProvider): OidcProvider {
  const keysUrl = provider.tags.get(KEYS_URL_TAG);
  if (keysUrl === undefined || provider.keys !== undefined || provider.keysUrl !== undefined) return provider;
  return { ...provider, keysUrl };
}
