/**
 * Entry of the network process. It owns every link and edge of a run, and Toxiproxy as its child; when the
 * conductor goes away it ends, and Toxiproxy with it.
 */

import { serveParent } from '../process/rpc.ts';
import { createRandom } from '../time/random.ts';
import type { LinkFault } from './link-effect.ts';
import { type Network, openNetwork } from './network.ts';
import type { NetworkConfig } from './network-config.ts';

let network: Network | undefined;

const opened = (): Network => {
  if (network === undefined) throw new Error('the network is not open yet');
  return network;
};

const { tell } = serveParent({
  open: async (config: NetworkConfig) => {
    if (network !== undefined) throw new Error('the network is open already');
    network = await openNetwork(config, {
      // Two runs of one seed may run side by side: where they look for ports must differ.
      random: createRandom(`${config.seed}/${process.pid}`),
      news: {
        expired: (faults) => tell('expired', faults),
        replaced: (news) => tell('replaced', news),
        tampered: (sentence) => tell('tampered', sentence),
        lost: (reason) => tell('lost', reason),
      },
    });
    return network.ready;
  },
  setFault: async (fault: LinkFault) => {
    await opened().setFault(fault);
    return {};
  },
  renewFault: (renewal: { id: string; leaseMs: number }) => opened().renewFault(renewal),
  clearFault: (fault: { id: string }) => opened().clearFault(fault),
  observe: () => opened().observe(),
  dialled: () => opened().dialled(),
  // A Toxiproxy that was given to us outlives us, and nothing of ours may stay on it.
  close: async () => {
    await network?.close();
  },
});

// Toxiproxy is killed when this process exits, which a bare signal would skip.
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
