/**
 * A caller inside k6: one VU with its own connections, its own policy and its own memory of what failed. Walks the
 * policy with k6's requests and tells each attempt to the journal.
 */

import type { StsAnswer } from '../../aws/sts-answer.ts';
import { callerSeed } from '../../failover/chance.ts';
import type { TryEndpoint } from '../../failover/policy.ts';
import { rememberingPolicy } from '../../failover/remembering.ts';
import { onEndpoints } from '../../failover/spec.ts';
import { type Sent, type Walked, walk } from '../../failover/walk.ts';
import { worthAnotherEndpoint } from '../../failover/worth-another.ts';
import { VERSION } from '../../version.ts';
import { type Exchange, exchange, tellAttempt } from './attempt.ts';
import type { AttemptRow } from './attempt-row.ts';
import type { K6Group, K6Operation } from './config.ts';
import { formOf, formSigner } from './sign.ts';

export interface CallPlan {
  /** See the row. */
  readonly arrival: number;
  /** Epoch microseconds. */
  readonly plannedUs: number;
  readonly operation: K6Operation;
  /** Beside those that the operation needs. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface CallResult {
  readonly outcome: 'ok' | 'failed' | 'indeterminate';
  readonly status: number;
  readonly errorCode: string;
  readonly requestId: string;
  /** Region that served the last attempt; empty when nobody answered. */
  readonly servingRegion: string;
  readonly credentials: StsAnswer['credentials'];
  /** Requests sent for it. */
  readonly attempts: number;
}

export interface Caller {
  /** Never rejects. */
  call(plan: CallPlan): Promise<CallResult>;
  /** An arrival that is not even tried. */
  drop(plan: CallPlan, errorCode: string): void;
  /** Tells what is under way as unanswered; nothing is told after that. */
  end(): void;
}

const SESSION_SECONDS = '900';

export interface CallerOptions {
  /** When k6 shall have nothing under way any more, epoch milliseconds; never without it. */
  readonly untilMs?: number;
  /** Of the moment, for the tags of requests; see phase.ts. */
  readonly phase?: () => string | undefined;
}

/** k6 ends when no request is under way: after the end was told, and not much later. */
const AFTER_THE_END_MS = 100;

/** @param index Of the group, from 0. @param number Of the caller in it, from 0. */
export function createCaller(
  group: K6Group,
  seed: number,
  index: number,
  number: number,
  { untilMs = Number.POSITIVE_INFINITY, phase = () => undefined }: CallerOptions = {},
): Caller {
  const policy = rememberingPolicy(
    onEndpoints(
      group.policy,
      group.targets.map(({ host }) => host),
    ),
    callerSeed(seed, index, number),
  );
  const name = `${group.name}-${number + 1}`;
  const userAgent = `regionfall/${VERSION} caller/${name}`;
  const routes = new Map(
    group.targets.map(({ host, port, signingRegion: region }) => [
      host,
      {
        url: `https://${host}:${port}/`,
        signer: formSigner({ host, region, service: 'sts', credentials: group.credentials, userAgent }),
      },
    ]),
  );
  const forms = new Map<string, string>();
  const calls = new Set<LiveCall>();
  let ended = false;

  const formFor = ({ operation, parameters }: CallPlan): string => {
    if (parameters !== undefined) return formOf({ ...formParameters(operation), ...parameters });
    let form = forms.get(operation);
    if (form === undefined) {
      form = formOf(formParameters(operation));
      forms.set(operation, form);
    }
    return form;
  };

  const formParameters = (operation: K6Operation): Record<string, string> => ({
    Action: operation,
    Version: '2011-06-15',
    ...(operation === 'AssumeRole'
      ? { RoleArn: group.roleArn, RoleSessionName: name, DurationSeconds: SESSION_SECONDS }
      : {}),
  });

  const tell = (call: LiveCall, row: Partial<AttemptRow>): void => {
    if (ended) return;
    call.rows += 1;
    const { arrival, plannedUs, operation } = call.plan;
    tellAttempt({
      ...NOBODY,
      ...row,
      group: group.name,
      caller: number,
      arrival,
      attempt: call.rows,
      plannedUs,
      operation,
    });
  };

  /** A failed attempt is told when it is known whether another follows: a moment later, within the same turn. */
  const tellHeld = (call: LiveCall, final: boolean): void => {
    if (call.held !== undefined) tell(call, { ...call.held, final });
    call.held = undefined;
  };

  const leave = (call: LiveCall, request: LiveRequest, errorCode: string, final = false): void => {
    if (!call.live.delete(request)) return;
    const { host, startedUs } = request;
    tell(call, { host, outcome: 'indeterminate', errorCode, tookUs: nowUs() - startedUs, final });
  };

  const settle = (call: LiveCall, request: LiveRequest, got: Exchange): void => {
    if (!call.live.delete(request)) return;
    const row = { ...rowOf(got), host: request.host };
    const { outcome, status, errorCode } = got;
    const attempt = { endpoint: request.host, startedUs: 0, endedUs: 0, outcome, status, errorCode };
    if (!worthAnotherEndpoint(attempt)) {
      // What decides the call ends last: an arrival's highest attempt carries its outcome.
      for (const other of [...call.live]) leave(call, other, 'SUPERSEDED');
      tell(call, { ...row, final: true });
    } else if (call.live.size > 0) tell(call, row);
    else call.held = row;
  };

  const send = (call: LiveCall, { endpoint: host, timeLimitUs }: TryEndpoint): Sent<Exchange> => {
    if (ended) return NEVER;
    const route = routes.get(host);
    if (route === undefined) throw new Error(`the group '${group.name}' has no way to ${host}`);
    tellHeld(call, false);
    const startedUs = nowUs();
    const body = formFor(call.plan);
    const request = { host, startedUs };
    call.live.add(request);
    const nowMs = Date.now();
    const limitMs = timeLimitUs === null ? Number.POSITIVE_INFINITY : timeLimitUs / 1_000;
    const answered = exchange({
      url: route.url,
      headers: route.signer.headers(body, nowMs),
      body,
      timeLimitMs: Math.min(limitMs, untilMs + AFTER_THE_END_MS - nowMs),
      phase: phase(),
    });
    return {
      ended: answered.then((got) => {
        settle(call, request, got);
        const { outcome, status, errorCode } = got;
        const attempt = { endpoint: host, startedUs, endedUs: nowUs(), outcome, status, errorCode };
        return { attempt, answer: got };
      }),
      abandon: () => leave(call, request, 'SUPERSEDED'),
    };
  };

  const begin = (plan: CallPlan): LiveCall => ({ plan, live: new Set(), rows: 0, held: undefined });

  return {
    call: async (plan) => {
      const call = begin(plan);
      calls.add(call);
      const sleeps: ReturnType<typeof setTimeout>[] = [];
      const walked = await walk<Exchange>(policy, {
        nowUs,
        send: (step) => send(call, step),
        sleep: (us) => new Promise((resolve) => void sleeps.push(setTimeout(resolve, Math.ceil(us / 1_000)))),
      });
      // k6 takes a VU for busy as long as it has a timer, also one that nobody waits for any more.
      for (const slept of sleeps) clearTimeout(slept);
      calls.delete(call);
      tellHeld(call, !walked.cached);
      if (walked.cached) tell(call, { outcome: 'ok', final: true });
      else if (walked.answer === undefined)
        tell(call, { outcome: 'failed', errorCode: 'NOT_TRIED', final: true });
      return resultOf(walked);
    },
    drop: (plan, errorCode) => tell(begin(plan), { outcome: 'dropped', errorCode, final: true }),
    end: () => {
      for (const call of calls) {
        const live = [...call.live];
        for (const request of live) leave(call, request, 'UNANSWERED', request === live.at(-1));
      }
      ended = true;
    },
  };
}

interface LiveRequest {
  readonly host: string;
  readonly startedUs: number;
}

interface LiveCall {
  readonly plan: CallPlan;
  readonly live: Set<LiveRequest>;
  /** Told so far. */
  rows: number;
  held: Partial<AttemptRow> | undefined;
}

/** For a call that goes on when the load is over: it gets no further. */
const NEVER: Sent<Exchange> = { ended: new Promise(() => {}), abandon: () => {} };

/** k6 has no finer clock, and none that does not step. */
function nowUs(): number {
  return Date.now() * 1_000;
}

const NOBODY = {
  host: '',
  status: 0,
  errorCode: '',
  servingRegion: '',
  requestId: '',
  outcome: 'failed',
  final: false,
  tookUs: 0,
  reused: false,
  connectUs: -1,
  tlsUs: -1,
  waitUs: -1,
  servedAtMs: 0,
} as const;

function rowOf({ credentials: _secret, ...row }: Exchange): Partial<AttemptRow> {
  return row;
}

function resultOf({ outcome, answer, ended, cached }: Walked<Exchange>): CallResult {
  return {
    outcome,
    status: cached ? 0 : (answer?.status ?? 0),
    errorCode: outcome === 'ok' ? '' : (answer?.errorCode ?? 'NOT_TRIED'),
    requestId: cached ? '' : (answer?.requestId ?? ''),
    servingRegion: cached ? '' : (answer?.servingRegion ?? ''),
    credentials: answer?.credentials,
    attempts: ended.length,
  };
}
