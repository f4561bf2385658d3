/** Makes credentials for a session, and nothing else: who may have them has been decided. */

import { randomUUID } from 'node:crypto';
import { makeAccessKeyId } from '../aws/access-key.ts';
import { ACCESS_KEY_MARK } from '../identity/marks.ts';
import { createRandom } from '../time/random.ts';
import type { Session } from './session.ts';
import { type SealOptions, sealSession, type TooLarge } from './token.ts';

/** A session still without what the issuer gives it, and how its token is to look. */
export interface SessionOrder
  extends Omit<Session, 'accessKeyId' | 'issuingRegion' | 'expiresSeconds'>,
    SealOptions {
  readonly durationSeconds: number;
}

export interface IssuedCredentials {
  readonly accessKeyId: string;
  /** Revealed, for the one answer that it is made for. */
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresSeconds: number;
  /** SessionTokenSize. */
  readonly tokenBytes: number;
}

export interface Issuer {
  /** What does not fit in a token is an outcome, see `tokenTooLarge` of session-size.ts. */
  credentials(order: SessionOrder): IssuedCredentials | TooLarge;
}

/**
 * @param region Serves the call, and stands in tokens of version 2.
 * @param tokenKey The partition's key for session tokens.
 */
export function createIssuer(region: string, tokenKey: Uint8Array): Issuer {
  // Key ids need not be unguessable: they are worth nothing without the token and the secret.
  const random = createRandom(randomUUID());
  return {
    credentials: (order) => {
      const { account, issuedSeconds, durationSeconds } = order;
      const accessKeyId = makeAccessKeyId({ prefix: 'ASIA', account, random, mark: ACCESS_KEY_MARK });
      const expiresSeconds = issuedSeconds + durationSeconds;
      const session: Session = { ...order, accessKeyId, issuingRegion: region, expiresSeconds };
      const sealed = sealSession(session, tokenKey, order);
      if ('tooLargeBytes' in sealed) return sealed;
      const { sessionToken, tokenBytes } = sealed;
      const secretAccessKey = sealed.secretAccessKey.reveal();
      return { accessKeyId, secretAccessKey, sessionToken, expiresSeconds, tokenBytes };
    },
  };
}
