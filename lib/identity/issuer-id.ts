/** The issuer of an account's own web identity tokens: a UUID that never changes, so that its host name is known early. */

import { createHash } from 'node:crypto';

/** Made of the account's id: unlike AWS's, which is drawn, but a UUID of version 4 in form. */
export function issuerIdOf(account: string): string {
  const digits = createHash('sha256').update(`regionfall token issuer ${account}`).digest('hex');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
