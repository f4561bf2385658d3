/** Random requests of callers of every kind, most of them about what the policies speak of. */

import type { Random } from '../../time/random.ts';
import { ACCOUNTS, ISSUER, KEYS, OTHERS, pick, ROLES, SAVED, SERVICE } from './case-pools.fixture.ts';
import type { NaiveCaller, NaivePolicies, NaiveRequest } from './naive-evaluator.fixture.ts';

export function randomRequest(random: Random, { trust }: NaivePolicies): NaiveRequest {
  const forTrust = trust.length > 0;
  const resource = forTrust ? pick(random, ROLES) : pick(random, [...OTHERS, ...ROLES]);
  const caller = randomCaller(random, forTrust);
  const [, partition = '', , , account = ''] = resource.split(':');
  const action = forTrust
    ? pick(random, ['sts:AssumeRole', 'sts:AssumeRole', 'sts:TagSession'])
    : pick(random, ['s3:GetObject', 's3:ListBucket', 'iam:GetRole']);
  return {
    caller,
    action,
    resource,
    resourcePartition: partition,
    resourceAccount: forTrust ? account : caller.account,
    keys: randomKeys(random, caller),
    saved: SAVED,
  };
}

function randomCaller(random: Random, strangers: boolean): NaiveCaller {
  const account = pick(random, ACCOUNTS);
  const caller = { partition: random.next() < 0.02 ? 'aws-cn' : 'aws', account, behind: '', id: '' };
  const arn = (service: string, resource: string) =>
    `arn:${caller.partition}:${service}::${account}:${resource}`;
  // Now and then somebody new under an old name.
  const idOf = (name: string) => `${name}${random.next() < 0.1 ? '999999999999' : account}`;
  switch (random.below(strangers ? 9 : 7)) {
    case 0:
      return { ...caller, sort: 'root', self: arn('iam', 'root') };
    case 1:
    case 2:
      return { ...caller, sort: 'user', self: arn('iam', 'user/ann'), id: idOf('AIDAANN') };
    case 3:
      return { ...caller, sort: 'user', self: arn('iam', 'user/team/bob'), id: idOf('AIDABOB') };
    case 4:
    case 5: {
      const [name, path, prefix] = pick(random, [
        ['worker', '', 'AROAWORKER'],
        ['clerk', 'team/', 'AROACLERK'],
      ] as const);
      const self = arn('sts', `assumed-role/${name}/${pick(random, ['day', 'night'])}`);
      return {
        ...caller,
        sort: 'session',
        self,
        behind: arn('iam', `role/${path}${name}`),
        id: idOf(prefix),
      };
    }
    case 6:
      return { ...caller, sort: 'federated', self: arn('sts', 'federated-user/eve'), id: idOf('AIDAANN') };
    case 7:
      return { ...caller, partition: 'aws', account: '', sort: 'provider', self: ISSUER };
    default:
      return { ...caller, partition: 'aws', account: '', sort: 'service', self: SERVICE };
  }
}

function randomKeys(random: Random, { sort }: NaiveCaller): NaiveRequest['keys'] {
  return KEYS.filter(
    ({ key }) => random.next() < (key === 'aws:username' && sort !== 'user' ? 0.3 : 0.75),
  ).map(
    ({ key, request }) => [random.next() < 0.2 ? key.toUpperCase() : key, pick(random, request)] as const,
  );
}
