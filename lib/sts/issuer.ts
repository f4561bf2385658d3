/** Makes credentials for a session, and nothing else: who may have them has been decided. */

import { randomUUID } from 'node:crypto';
import { makeAccessKeyId } from '../aws/access-key.ts';
import { ACCESS_KEY_MARK } from '../identity/marks.ts';
import { createRandom } from '../time/random.ts';
import { timestamp } from './answer.ts';
import { type Session, sealSession } from './token.ts';

export interface SessionOrder
  extends Pick<Session, 'account' | 'kind' | 'principalId' | 'sessionName' | 'issuedSeconds'> {
  readonly durationSeconds: number;
}

export interface Issuer {
  /** The Credentials element, indented to stand in a result. */
  credentials(order: SessionOrder): string;
}

/**
 * @param region Serves the call, and stands in the token.
 * @param tokenKey The partition's key for session tokens.
 */
export function createIssuer(region: string, tokenKey: Uint8Array): Issuer {
  // Key ids need not be unguessable: they are worth nothing without the token and the secret.
  const random = createRandom(randomUUID());
  return {
    credentials: ({ durationSeconds, ...order }) => {
      const accessKeyId = makeAccessKeyId({
        prefix: 'ASIA',
        account: order.account,
        random,
        mark: ACCESS_KEY_MARK,
      });
      const expiresSeconds = order.issuedSeconds + durationSeconds;
      const session: Session = { ...order, accessKeyId, issuingRegion: region, expiresSeconds };
      const { sessionToken, secretAccessKey } = sealSession(session, tokenKey);
      return `    <Credentials>
      <AccessKeyId>${accessKeyId}</AccessKeyId>
      <SecretAccessKey>${secretAccessKey.reveal()}</SecretAccessKey>
      <SessionToken>${sessionToken}</SessionToken>
      <Expiration>${timestamp(expiresSeconds)}</Expiration>
    </Credentials>
`;
    },
  };
}
