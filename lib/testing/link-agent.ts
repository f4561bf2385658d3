/**
 * Leads the HTTPS connections of a test's own process into its world: every AWS host name to the link that leads there,
 * and every other name nowhere. Without a proxy in between, so that refused, silent and reset look as they do outside.
 */

import { Agent, type AgentOptions } from 'node:https';
import type { WorldLink } from '../world/topology.ts';

export interface LinkAgentOptions {
  /** From where the process stands. */
  readonly links: readonly WorldLink[];
  readonly caPem: string;
}

export function createLinkAgent({ links, caPem }: LinkAgentOptions): Agent {
  return new LinkAgent(new Map(links.map(({ host, port }) => [host, port])), {
    ca: caPem,
    // As the AWS SDKs do.
    keepAlive: true,
  });
}

type CreateConnection = Agent['createConnection'];

class LinkAgent extends Agent {
  readonly #ports: ReadonlyMap<string, number>;

  constructor(ports: ReadonlyMap<string, number>, options: AgentOptions) {
    super(options);
    this.#ports = ports;
  }

  override createConnection(
    ...[options, callback]: Parameters<CreateConnection>
  ): ReturnType<CreateConnection> {
    const host = options.host ?? '';
    const port = this.#ports.get(host.toLowerCase());
    if (port === undefined) {
      // What a resolver says that knows only this world: nothing of a test ever leaves the machine by this agent.
      const error = Object.assign(new Error(`no such name in this world: ${host}`), {
        code: 'ENOTFOUND',
        syscall: 'getaddrinfo',
        hostname: host,
      });
      callback?.(error, undefined as never);
      return undefined;
    }
    return super.createConnection({ ...options, host: '127.0.0.1', port, servername: host }, callback);
  }
}
