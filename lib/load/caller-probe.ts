/**
 * A single look at a path through the eyes of a caller: how a fault of the callers' own surroundings is proved to bite
 * and to have healed. Nothing of it goes into the samples or the counts.
 */

import { deadline } from '../process/rpc.ts';
import type { Clock } from '../time/monotonic.ts';
import { type CallerChoice, isChosen } from './caller-choice.ts';
import { OPERATIONS, type Operation } from './load-spec.ts';
import { callerName, type ResolvedGroup } from './resolved-group.ts';
import type { SignedTransport } from './signed-transport.ts';
import type { AttemptOrder, AttemptResult } from './transport.ts';

export interface CallerProbe {
  /** Id of a link, `{location}->{host}`. */
  readonly link: string;
  readonly operation: Operation;
  /** The fault's own choice: the probe asks in the name of a caller whom it hits. */
  readonly asCallers: CallerChoice & { readonly seed: number };
  readonly timeLimitMs: number;
}

export interface CallerProbeResult {
  /** `unreachable`: not even a connection within the limit. `silent`: a connection, and no answer within the limit. */
  readonly observed: 'ok' | 'refused' | 'unreachable' | 'silent' | 'reset' | 'error';
  readonly status?: number;
  /** Of STS, or of the machine; `NO_CALLER_CHOSEN` when the fault hits nobody who takes this link. */
  readonly errorCode?: string;
  readonly elapsedMs: number;
}

export interface CallerProber {
  /** Never rejects for what it sees. Throws on what no caller can ask. */
  probe(probe: CallerProbe): Promise<CallerProbeResult>;
}

export interface CallerProberOptions {
  readonly groups: readonly ResolvedGroup[];
  readonly send: SignedTransport['sendAlone'];
  readonly now: Clock;
}

export function createCallerProber({ groups, send, now }: CallerProberOptions): CallerProber {
  /** Of a choice and a link, who asks: the same caller each time, or before and after would not compare. */
  const askers = new Map<string, Asker | undefined>();
  return {
    probe: async ({ link, operation, asCallers, timeLimitMs }) => {
      if (!OPERATIONS.includes(operation)) throw new Error(`no caller can ask for ${operation}`);
      const key = JSON.stringify([link, asCallers]);
      if (!askers.has(key)) askers.set(key, findAsker(groups, link, asCallers));
      const asker = askers.get(key);
      if (asker === undefined) return { observed: 'error', errorCode: 'NO_CALLER_CHOSEN', elapsedMs: 0 };
      const startedUs = now();
      const result = await new Promise<AttemptResult>((resolve) => {
        const live = send({ ...asker, operation }, (settled) => {
          cancelLimit();
          resolve(settled);
        });
        // What has arrived by then is read first: a busy process must not take its own lateness for a silence.
        const cancelLimit = deadline(timeLimitMs, () => live.abandon('ETIMEDOUT'));
      });
      return { ...seenIn(result), elapsedMs: (now() - startedUs) / 1_000 };
    },
  };
}

type Asker = Pick<AttemptOrder, 'group' | 'caller' | 'host'>;

/** The first caller who takes the link, and stands therefore where it begins, and whom the choice hits. */
function findAsker(
  groups: readonly ResolvedGroup[],
  link: string,
  { seed, ...choice }: CallerProbe['asCallers'],
): Asker | undefined {
  for (const [index, group] of groups.entries()) {
    const target = group.targets.find(({ linkId }) => linkId === link);
    if (target === undefined) continue;
    for (let caller = 0; caller < group.callers; caller += 1) {
      const identity = { name: callerName(group, caller), group: group.name, location: group.location };
      if (isChosen(choice, seed, identity)) return { group: index, caller, host: target.host };
    }
  }
  return undefined;
}

function seenIn({
  outcome,
  status,
  errorCode,
  connectUs,
}: AttemptResult): Omit<CallerProbeResult, 'elapsedMs'> {
  if (outcome === 'ok') return { observed: 'ok', status };
  if (status > 0) return { observed: 'error', status, errorCode };
  switch (errorCode) {
    case 'ETIMEDOUT':
      return { observed: connectUs < 0 ? 'unreachable' : 'silent', errorCode };
    case 'ECONNREFUSED':
      return { observed: 'refused', errorCode };
    case 'ECONNRESET':
      return { observed: 'reset', errorCode };
    default:
      return { observed: 'error', errorCode };
  }
}
