/** For tests: keys of a root user. */

import { makeAccessKeyId } from '../../aws/access-key.ts';
import { type Credentials, Secret } from '../../aws/credentials.ts';
import type { AccountConfig } from '../../identity/accounts.ts';
import { ACCESS_KEY_MARK } from '../../identity/marks.ts';
import { createRandom } from '../../time/random.ts';
import { HOME } from './test-accounts.ts';

export function rootKeys(account = HOME): NonNullable<AccountConfig['root']> {
  const accessKeyId = makeAccessKeyId({
    prefix: 'AKIA',
    account,
    random: createRandom(1),
    mark: ACCESS_KEY_MARK,
  });
  return { accessKeyId, secretAccessKey: 'r'.repeat(40) };
}

export function rootCredentials(account = HOME): Credentials {
  const { accessKeyId, secretAccessKey } = rootKeys(account);
  return { accessKeyId, secretAccessKey: new Secret(secretAccessKey) };
}
