/**
 * What answers under the host names of the control plane, by the Region that serves them. Touches no socket; loaded
 * only by a service that has a control plane to show, for IAM alone is a hundred files.
 */

import type { PartitionName } from '../aws/partitions.ts';
import { createAccountService } from '../iam/account/account-service.ts';
import { createIamService } from '../iam/iam-service.ts';
import type { Identity } from '../identity/identity.ts';
import type { Federation } from '../sts/federation/federation.ts';
import { createIssuerDocuments } from '../sts/federation/issuer-documents.ts';
import { createRandom } from '../time/random.ts';
import { type ControlPlaneName, type ControlPlaneOwner, controlPlaneNames } from './control-plane-names.ts';
import type { Host } from './request-listener.ts';

export interface FrontOptions {
  readonly identity: Identity;
  readonly federation: Federation;
  readonly accounts: readonly ControlPlaneOwner[];
  /** Decides the ids and secrets that IAM makes. */
  readonly seed: number | string;
}

/** Leader Region → host name → what answers. */
export function controlPlaneHosts(options: FrontOptions): ReadonlyMap<string, ReadonlyMap<string, Host>> {
  const { identity, accounts } = options;
  const answers = createAnswers(options);
  const regions = new Map<string, Map<string, Host>>();
  for (const name of controlPlaneNames(accounts, identity.era)) {
    const hosts = regions.get(name.region) ?? new Map<string, Host>();
    regions.set(name.region, hosts);
    hosts.set(name.host, {
      signingRegion: name.region,
      // Nothing is signed for an issuer's documents.
      signingService: name.service === 'issuer' ? 'sts' : name.service,
      global: false,
      answer: answers(name),
    });
  }
  return regions;
}

/** One service for all names of a partition: what it remembers of an account must not depend on the name. */
function createAnswers({
  identity,
  federation,
  seed,
}: FrontOptions): (name: ControlPlaneName) => Host['answer'] {
  const services = new Map<string, Host['answer']>();
  const create = (name: ControlPlaneName): Host['answer'] => {
    const { partition, region } = name;
    switch (name.service) {
      case 'iam':
        return iamAnswers(identity, federation, partition, seed);
      case 'account':
        return createAccountService({ identity, partition }).answer;
      case 'issuer':
        return createIssuerDocuments(name.account, identity.view(region, partition), federation).answer;
      default:
        return name satisfies never;
    }
  };
  return (name) => {
    const key = `${name.service} ${name.service === 'issuer' ? name.account : name.partition}`;
    const answer = services.get(key) ?? create(name);
    services.set(key, answer);
    return answer;
  };
}

/** IAM, which says that tokens can be issued once the keys for them are made: no request waits for RSA later. */
function iamAnswers(
  identity: Identity,
  { outboundKeysOf }: Federation,
  partition: PartitionName,
  seed: number | string,
): Host['answer'] {
  const iam = createIamService({ identity, partition, random: createRandom(seed).fork(`iam ${partition}`) });
  return (request) => {
    const served = iam.answer(request);
    const enabled =
      served.operation === 'EnableOutboundWebIdentityFederation' && served.answer.status === 200;
    if (!enabled) return served;
    return outboundKeysOf(served.account)
      .prepare()
      .then(() => served);
  };
}
