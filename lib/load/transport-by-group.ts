/** The transport of a load whose groups call by different means: each order goes to that of its group. */

import type { ResolvedGroup } from './resolved-group.ts';
import type { Transport } from './transport.ts';

export type ClientKind = ResolvedGroup['client']['kind'];

export function transportByGroup(
  groups: readonly ResolvedGroup[],
  transports: Readonly<Partial<Record<ClientKind, Transport>>>,
): Transport {
  const byGroup = groups.map(({ name, client }) => {
    const transport = transports[client.kind];
    if (transport === undefined)
      throw new Error(`nothing carries the calls of group '${name}': ${client.kind}`);
    return transport;
  });
  return {
    isFull: (group) => byGroup[group]?.isFull?.(group) ?? false,
    send: (order, settle) => {
      const transport = byGroup[order.group];
      if (transport === undefined) throw new RangeError(`the load has no group ${order.group}`);
      return transport.send(order, settle);
    },
  };
}

/** Whether any group calls by that means. */
export function uses(groups: readonly ResolvedGroup[], kind: ClientKind): boolean {
  return groups.some(({ client }) => client.kind === kind);
}
