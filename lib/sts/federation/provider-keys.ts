/**
 * Finds the key that an issuer's token was signed with: in the provider's configuration, or in a key set fetched from
 * a loopback address and kept for a while. Answers at once when the keys are at hand and promises only when it must
 * fetch. Opens no socket itself: fetching is handed in, so that a fault can break it and tests need no network.
 */

import type { Clock } from '../../time/monotonic.ts';
import type { StsError } from '../errors.ts';
import type { JwsAlgorithm } from './compact-jws.ts';
import { IDP_UNREACHABLE, NO_VERIFICATION_KEY, NOT_A_JWT } from './federation-errors.ts';
import { type JsonWebKey, type KeySet, keySetOf, parseKeySet, type VerifyingKey } from './key-set.ts';

/** Where a provider's keys are; without either of them no token of it can be verified. */
export interface KeySource {
  /** They win over `keysUrl`. */
  readonly keys?: readonly JsonWebKey[];
  /** The key set itself, at a loopback address: http or https. Any other address is never fetched. */
  readonly keysUrl?: string;
}

export type FoundKey = VerifyingKey | StsError;

export interface ProviderKeys {
  keyFor(source: KeySource, algorithm: JwsAlgorithm, keyId: string | undefined): FoundKey | Promise<FoundKey>;
}

/** The text at an address. Rejects when there is none, with an error named TimeoutError when it took too long. */
export type FetchText = (url: string) => Promise<string>;

export interface ProviderKeysOptions {
  /** Absent: keys come from configuration only. */
  readonly fetchText?: FetchText;
  readonly clock: Clock;
  /** How long a fetched set is used. Default 5 minutes; what STS does is not known. */
  readonly lifetimeSeconds?: number;
  /** An unknown key id asks for a new set at most this often. Default 10. */
  readonly renewalPauseSeconds?: number;
  /** After a failure the next attempt waits so long. Default 1. */
  readonly failurePauseSeconds?: number;
}

export function createProviderKeys(options: ProviderKeysOptions): ProviderKeys {
  const { fetchText, clock } = options;
  const lifetimeUs = (options.lifetimeSeconds ?? 300) * 1e6;
  const renewalPauseUs = (options.renewalPauseSeconds ?? 10) * 1e6;
  const failurePauseUs = (options.failurePauseSeconds ?? 1) * 1e6;
  const fetched = new Map<string, Fetched>();

  /** Everybody who asks meanwhile waits for the same answer. */
  const renew = (entry: Fetched, url: string, fetch: FetchText): Promise<KeySet | StsError> => {
    entry.pending ??= fetchKeySet(url, fetch).then((answer) => {
      entry.pending = undefined;
      entry.answer = answer;
      entry.answeredUs = clock();
      return answer;
    });
    return entry.pending;
  };

  return {
    keyFor: ({ keys, keysUrl }, algorithm, keyId) => {
      if (keys !== undefined) return chosen(keySetOf(keys)?.find(algorithm, keyId));
      if (keysUrl === undefined || fetchText === undefined || !isLoopbackUrl(keysUrl))
        return NO_VERIFICATION_KEY;
      const entry = fetched.get(keysUrl) ?? { answer: undefined, answeredUs: 0, pending: undefined };
      fetched.set(keysUrl, entry);
      const { answer } = entry;
      const ageUs = clock() - entry.answeredUs;
      if (answer !== undefined && isError(answer)) {
        if (ageUs < failurePauseUs) return answer;
      } else if (answer !== undefined && ageUs < lifetimeUs) {
        const found = answer.find(algorithm, keyId);
        if (found !== undefined || ageUs < renewalPauseUs) return chosen(found);
      }
      return renew(entry, keysUrl, fetchText).then((set) =>
        isError(set) ? set : chosen(set.find(algorithm, keyId)),
      );
    },
  };
}

/** Names that the resolver could be talked into sending elsewhere are not among them, `localhost` apart. */
export function isLoopbackUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(url.hostname);
}

interface Fetched {
  answer: KeySet | StsError | undefined;
  /** Meaningless before the first answer. */
  answeredUs: number;
  pending: Promise<KeySet | StsError> | undefined;
}

async function fetchKeySet(url: string, fetch: FetchText): Promise<KeySet | StsError> {
  try {
    return parseKeySet(await fetch(url)) ?? NO_VERIFICATION_KEY;
  } catch (error) {
    // What was recorded for an issuer that cannot be reached is the missing key; the model's own error for it is
    // kept for one that does not answer in time.
    return error instanceof Error && error.name === 'TimeoutError' ? IDP_UNREACHABLE : NO_VERIFICATION_KEY;
  }
}

function chosen(found: VerifyingKey | 'unusable' | undefined): FoundKey {
  if (found === undefined) return NO_VERIFICATION_KEY;
  return found === 'unusable' ? NOT_A_JWT : found;
}

function isError(value: KeySet | StsError): value is StsError {
  return 'status' in value;
}
