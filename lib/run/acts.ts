/**
 * Performs what a scenario has an administrator do: each act at its planned moment, by a signed call over a real link,
 * and into the journal with what came of it. Nothing that an act meets ends the run.
 */

import type { ActPerformed, EventBody } from '../journal/event.ts';
import { type Act, titleOfAct } from '../scenario/act-spec.ts';
import { durationUs } from '../time/duration.ts';
import type { Clock } from '../time/monotonic.ts';
import type { CallOutcome } from '../world/prober.ts';

export interface ActsStage {
  /** One signed call to the control plane of the Region's partition; never rejects. */
  readonly call: (act: Act, order: ActOrder) => Promise<CallOutcome>;
  /** Resolves after so long, or at once when the signal comes. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  /** Zero of the run on the clock. */
  readonly originUs: number;
  readonly journal: (body: EventBody) => void;
}

export interface ActOrder {
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly timeLimitMs: number;
}

/** An administrator's patience: the emulated control plane answers within milliseconds or not at all. */
const TIME_LIMIT_MS = 3_000;

/** Resolves when every act has been performed, or when the run is called off: the rest is then left undone. */
export async function performActs(
  acts: readonly Act[],
  stage: ActsStage,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(acts.map((act) => perform(act, stage, signal)));
}

async function perform(act: Act, stage: ActsStage, signal: AbortSignal): Promise<void> {
  const plannedUs = durationUs(act.at);
  await stage.wait((stage.originUs + plannedUs - stage.clock()) / 1_000, signal);
  if (signal.aborted) return;
  const requestedUs = stage.clock();
  const { observed, status, errorCode } = await stage.call(act, {
    action: 'RegionfallSetStsRegionStatus',
    parameters: { Region: act.region, Status: act.active ? 'Active' : 'Inactive' },
    timeLimitMs: TIME_LIMIT_MS,
  });
  stage.journal({
    kind: 'act.performed',
    act: act.name,
    title: titleOfAct(act),
    plannedUs,
    requestedUs,
    outcome: outcomeOf(observed, status),
    status,
    code: observed === 'ok' ? '' : errorCode,
  });
}

/** A call that was sent and never answered may have been carried out. */
function outcomeOf(observed: CallOutcome['observed'], status: number): ActPerformed['outcome'] {
  if (observed === 'ok') return 'done';
  if (observed === 'error' && status > 0) return 'refused';
  return observed === 'refused' ? 'unreachable' : 'unknown';
}
