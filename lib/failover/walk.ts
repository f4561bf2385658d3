/**
 * Makes one call by a policy, over whatever carries its attempts: an SDK's clients, k6, a script. The load engine walks
 * policies by itself, by the same rules, because it must not wait on promises.
 */

import type { LivePolicyAttempt, PolicyAttempt, TryEndpoint } from './policy.ts';
import type { RememberingPolicy } from './remembering.ts';

export interface Carrier<Answer> {
  /** Microseconds of any one clock that does not step. */
  nowUs(): number;
  /** Begins an attempt; its time limit is the carrier's to keep. @param attempt From 1, in the order of beginning. */
  send(step: TryEndpoint, attempt: number): Sent<Answer>;
  /** Resolves after that long, or a little later. */
  sleep(us: number): Promise<void>;
}

export interface Sent<Answer> {
  /** Never rejects: what went wrong is an outcome. */
  readonly ended: Promise<Ended<Answer>>;
  /** Another attempt won, or the call is over: `ended` need not resolve any more. */
  abandon(): void;
}

export interface Ended<Answer> {
  readonly attempt: PolicyAttempt;
  readonly answer: Answer;
}

export interface Walked<Answer> {
  /** Of the last attempt; `ok` too for a call that was served from the cache, `failed` for one without an attempt. */
  readonly outcome: 'ok' | 'failed' | 'indeterminate';
  /** Attempts that ended, in that order. */
  readonly ended: readonly PolicyAttempt[];
  /** Of the last attempt; undefined for a call without one. */
  readonly answer: Answer | undefined;
  /** Served by what the caller still holds. */
  readonly cached: boolean;
}

interface Live<Answer> extends LivePolicyAttempt {
  readonly sent: Sent<Answer>;
  readonly ended: Promise<{ readonly live: Live<Answer>; readonly end: Ended<Answer> }>;
}

export async function walk<Answer>(
  policy: RememberingPolicy,
  carrier: Carrier<Answer>,
): Promise<Walked<Answer>> {
  const ended: PolicyAttempt[] = [];
  const live: Live<Answer>[] = [];
  let answer: Answer | undefined;
  for (;;) {
    const nowUs = carrier.nowUs();
    const step = policy.next({ ended, live }, nowUs);
    switch (step.kind) {
      case 'try':
        live.push(begin(carrier, step, ended.length + live.length + 1, nowUs));
        break;
      case 'wait': {
        const first = await firstOf(carrier, live, step.untilUs === null ? null : step.untilUs - nowUs);
        if (first === undefined) break;
        live.splice(live.indexOf(first.live), 1);
        ended.push(first.end.attempt);
        answer = first.end.answer;
        policy.learn(first.end.attempt, carrier.nowUs());
        break;
      }
      case 'useCached':
      case 'giveUp': {
        for (const { sent, endpoint, startedUs } of live) {
          sent.abandon();
          const times = { endpoint, startedUs, endedUs: nowUs };
          policy.learn({ ...times, outcome: 'indeterminate', status: 0, errorCode: 'SUPERSEDED' }, nowUs);
        }
        const cached = step.kind === 'useCached';
        const outcome = cached ? 'ok' : (ended.at(-1)?.outcome ?? 'failed');
        return { outcome, ended, answer, cached };
      }
      default: {
        const unknown: never = step;
        throw new RangeError(`unknown step: ${JSON.stringify(unknown)}`);
      }
    }
  }
}

function begin<Answer>(
  carrier: Carrier<Answer>,
  step: TryEndpoint,
  attempt: number,
  startedUs: number,
): Live<Answer> {
  const sent = carrier.send(step, attempt);
  const live: Live<Answer> = {
    endpoint: step.endpoint,
    startedUs,
    sent,
    ended: sent.ended.then((end) => ({ live, end })),
  };
  return live;
}

/** The first attempt to end; undefined when the time is over before. */
async function firstOf<Answer>(
  carrier: Carrier<Answer>,
  live: readonly Live<Answer>[],
  withinUs: number | null,
): Promise<Awaited<Live<Answer>['ended']> | undefined> {
  const ends: Promise<Awaited<Live<Answer>['ended']> | undefined>[] = live.map((one) => one.ended);
  if (withinUs !== null) ends.push(carrier.sleep(Math.max(0, withinUs)).then(() => undefined));
  if (ends.length === 0) throw new RangeError('a policy waits for an attempt that nobody makes');
  return Promise.race(ends);
}
