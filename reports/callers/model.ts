/** What callers did in each fault, and what they gave away. Pure. */
import type { ServiceTable } from '../../lib/journal/sample-table.ts';
import { type ClientRow, clientsByFault } from '../../lib/measure/client-by-fault.ts';
import type { History } from '../../lib/measure/history.ts';
import { type Revelations, revelationsOf } from '../../lib/measure/revelations.ts';

export interface CallersModel {
  readonly clients: readonly ClientRow[];
  readonly revelations: Revelations;
}

export function callersModel(history: History, requests: ServiceTable | undefined): CallersModel {
  const clients = clientsByFault(history, requests);
  return { clients, revelations: revelationsOf(history, clients) };
}
