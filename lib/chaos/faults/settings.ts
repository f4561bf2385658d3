/** What faults of an account's settings share: which account, how long a change travels, and a probe over each way. */

import type { LinkRecord } from '../../journal/event.ts';
import type { Probe, ServiceFault } from '../control.ts';
import {
  DEFAULT_PROVE_WITHIN_MS,
  type FaultPlan,
  HITS_NOTHING,
  type ProbePlan,
  probeTimeLimitMs,
  type WorldView,
} from '../fault-kind.ts';
import { linksOfAccount } from '../target.ts';

const HEAL_WITHIN_MS = 5_000;

/** A change of an account is seen in a Region when its replica has it, and as late it is seen to be undone. */
export function timesOfChange(
  view: WorldView,
): Pick<FaultPlan, 'proveWithinMs' | 'healWithinMs' | 'leastMs'> {
  return {
    proveWithinMs: DEFAULT_PROVE_WITHIN_MS + view.replicaDelayMsMax,
    healWithinMs: HEAL_WITHIN_MS + view.replicaDelayMsMax,
    leastMs: view.replicaDelayMsMax,
  };
}

export interface AccountFaultMeaning {
  readonly fault: (account: string) => ServiceFault;
  readonly operation: Probe['operation'];
  /** Whose keys sign the probe. */
  readonly user?: string;
  readonly codes: readonly string[];
}

/** One order for each account meant, seen in every Region of its partition. */
export function planOnAccounts(
  target: { readonly account?: string | undefined },
  view: WorldView,
  { fault, operation, user, codes }: AccountFaultMeaning,
): FaultPlan {
  const hit = view.accounts
    .filter(({ id }) => target.account === undefined || id === target.account)
    .map(({ id }) => ({ id, links: linksOfAccount(id, view) }))
    .filter(({ links }) => links.length > 0);
  if (hit.length === 0) return HITS_NOTHING;
  const links = hit.flatMap((account) => account.links);
  return {
    links: links.map((link) => link.id),
    regions: [...new Set(links.map((link) => link.servingRegion))],
    orders: hit.map(({ id }) => ({ to: 'service', fault: fault(id) })),
    probes: hit.flatMap(({ id, links }) =>
      links.map((link) => ({
        ...errorProbe(link, operation, codes),
        account: id,
        ...(user === undefined ? {} : { user }),
      })),
    ),
    ...timesOfChange(view),
  };
}

export function errorProbe(
  link: LinkRecord,
  operation: Probe['operation'],
  codes: readonly string[],
): ProbePlan {
  return {
    link: link.id,
    operation,
    during: { kind: 'error', codes },
    looksToHeal: 1,
    timeLimitMs: probeTimeLimitMs(link.roundTripMs),
  };
}
