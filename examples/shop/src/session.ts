/** How the shop gets its session: with the policy, and, to see what that is worth, as the SDK comes. */

import {
  AssumeRoleCommand,
  type AssumeRoleCommandOutput,
  STSClient,
  type STSClientConfig,
} from '@aws-sdk/client-sts';
import { failoverClient } from 'regionfall/failover';
import { POLICY } from './policy.ts';

/** What differs between production, where it is empty, and a test. */
export type Surroundings = (region: string) => STSClientConfig;

export interface Sessions {
  /** A new session of the role. */
  open(role: string): Promise<AssumeRoleCommandOutput>;
}

export function sessions(surroundings: Surroundings = () => ({})): Sessions {
  const clients = new Map<string, STSClient>();
  const sts = failoverClient({
    policy: POLICY,
    // One client for each Region: a request is signed for the Region that it goes to. The policy does the retries.
    clientFor: (region) => {
      const client =
        clients.get(region) ?? new STSClient({ ...surroundings(region), region, maxAttempts: 1 });
      clients.set(region, client);
      return client;
    },
  });
  return { open: async (role) => (await sts.send(assume(role))) as AssumeRoleCommandOutput };
}

/** One Region, and no time limit: what `new STSClient({ region })` means. */
export function plainSessions(region: string, surroundings: Surroundings = () => ({})): Sessions {
  const client = new STSClient({ ...surroundings(region), region });
  return { open: (role) => client.send(assume(role)) };
}

function assume(role: string): AssumeRoleCommand {
  return new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'shop' });
}
