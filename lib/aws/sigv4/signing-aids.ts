/**
 * What requests that are signed in the same words need alike, made for the first of them: the text around the values of
 * their signed headers, and the block to hash for their signature with room for what differs. Kept with the words
 * themselves, see kept-claims.ts.
 */

import { hash } from 'node:crypto';
import { headerTexts } from './canonical-request.ts';
import { outerHash, type PaddedKey, type SigningIdentity, signingKey } from './signature.ts';
import { ALGORITHM, type CredentialScope, scopeText } from './string-to-sign.ts';

/** The key that one identity signs with in one scope. */
interface Prepared {
  readonly identity: SigningIdentity;
  readonly scope: CredentialScope;
  readonly key: PaddedKey;
  /** The key's inner block and the string to sign, in which date and digest are written over. */
  readonly message: Buffer;
}

export class SigningAids {
  readonly signedHeaders: readonly string[];
  readonly headerTexts: readonly string[];
  #prepared: Prepared | undefined;

  constructor({ signedHeaders }: { readonly signedHeaders: readonly string[] }) {
    this.signedHeaders = signedHeaders;
    // Each in one piece: text that was joined stays in its pieces until somebody reads it.
    this.headerTexts = headerTexts(signedHeaders).map((text) => Buffer.from(text).toString());
  }

  /** As `signatureOf`. @param amzDate In basic format. */
  signatureOf(
    canonicalRequest: string,
    amzDate: string,
    scope: CredentialScope,
    identity: SigningIdentity,
  ): string {
    let prepared = this.#prepared;
    if (prepared === undefined || !isFor(prepared, scope, identity)) {
      prepared = prepare(scope, identity);
      this.#prepared = prepared;
    }
    const { message, key } = prepared;
    message.write(amzDate, DATE_AT, 'latin1');
    message.write(hash('sha256', canonicalRequest, 'hex'), message.length - DIGEST_CHARACTERS, 'latin1');
    return outerHash(key, hash('sha256', message, 'hex'));
  }
}

const BLOCK_BYTES = 64;
const DATE_AT = BLOCK_BYTES + ALGORITHM.length + 1;
const DATE = '20260131T120000Z';
const DIGEST_CHARACTERS = 64;

function prepare(scope: CredentialScope, identity: SigningIdentity): Prepared {
  const key = signingKey(scope, identity);
  const text = `${ALGORITHM}\n${DATE}\n${scopeText(scope)}\n${'0'.repeat(DIGEST_CHARACTERS)}`;
  const { date, region, service } = scope;
  const { accessKeyId, secretAccessKey } = identity;
  return {
    scope: { date, region, service },
    identity: { accessKeyId, secretAccessKey },
    key,
    message: Buffer.concat([key.inner, Buffer.from(text)]),
  };
}

function isFor({ scope, identity }: Prepared, others: CredentialScope, other: SigningIdentity): boolean {
  return (
    identity.secretAccessKey === other.secretAccessKey &&
    identity.accessKeyId === other.accessKeyId &&
    scope.date === others.date &&
    scope.region === others.region &&
    scope.service === others.service
  );
}
