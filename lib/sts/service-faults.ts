/**
 * What faults do to the requests that come to the Regions' STS: answer them with an error or a load balancer's page, let
 * them leave late, or use up their account's quota. Each falls on all matching requests or on a share drawn from its own
 * seed, and stands until whoever placed it releases it.
 */

import { UsageError } from '../errors/regionfall-error.ts';
import { type Delay, delayProblem, drawDelayMs } from '../time/delay.ts';
import type { Clock } from '../time/monotonic.ts';
import { createRandom, type Random } from '../time/random.ts';
import { type Answer, type AnswerForm, failure } from './answer.ts';
import { recordedError } from './fault-messages.ts';
import { htmlPage } from './html-page.ts';
import { createLeavings, type Leavings } from './used-up-quota.ts';

/** Requests that a fault is for; every field narrows. */
export interface RequestChoice {
  /** Serving Regions. */
  readonly regions: readonly string[];
  /** Names that callers asked by; all without it. */
  readonly hosts?: readonly string[];
  /** Action names; all without it. */
  readonly operations?: readonly string[];
  /** Only requests signed with keys of this account; everyone's without it. */
  readonly account?: string;
  /** Share of matching requests, 0 to 1. */
  readonly share: number;
}

/** One and the same `id` placed again goes on where its draws had come to. */
export type RequestFault = { readonly id: string } & (
  | {
      readonly kind: 'error';
      readonly requests: RequestChoice;
      readonly code: string;
      /** HTTP status, 400 to 599. */
      readonly status: number;
      /** Without it: the code's recorded wording, or none. */
      readonly message?: string;
      readonly seed: number | string;
    }
  | {
      readonly kind: 'html';
      readonly requests: RequestChoice;
      readonly status: number;
      readonly seed: number | string;
    }
  | {
      readonly kind: 'late';
      readonly requests: RequestChoice;
      readonly delay: Delay;
      readonly seed: number | string;
    }
  | {
      readonly kind: 'quota-used-up';
      readonly regions: readonly string[];
      readonly account?: string;
      /** What is left for the account in each Region; 0: nothing. */
      readonly leavesPerSecond: number;
    }
);

export interface FaultTarget {
  /** Region that serves the request. */
  readonly region: string;
  readonly operation: string;
  /** The account that the access key id names, or empty; read only when a fault wants to know. */
  readonly account: () => string;
  /** The name that the caller asked by, in lower case. */
  readonly host: () => string;
}

export interface ServiceFaults {
  /** Returns what releases it. @throws {UsageError} RF-SERVICE-FAULT. */
  place(fault: RequestFault): () => void;
  /** Whether there is any fault at all: what the path without one costs. */
  any(): boolean;
  /** What the latest fault that applies answers instead of STS. */
  answerTo(target: FaultTarget, form: AnswerForm, nowMs: number): Answer | undefined;
  /** How much later the answer leaves, all faults that apply added up; milliseconds. */
  lateMs(target: FaultTarget): number;
  /** False when somebody else has used up what the account may have now. */
  leaves(region: string, account: string, global: boolean): boolean;
}

interface Placed {
  readonly fault: RequestFault;
  /** Which requests the share falls on. */
  readonly choice: Random;
  readonly delays: Random;
  readonly leavings: Leavings;
}

/** @param regions Those that the service runs; a fault for another is refused. */
export function createServiceFaults(regions: readonly string[], clock: Clock): ServiceFaults {
  const placed = new Set<Placed>();
  return {
    place: (fault) => {
      check(fault, regions);
      const one = placing(fault, [...placed].findLast(continues(fault)), clock);
      placed.add(one);
      return () => void placed.delete(one);
    },
    any: () => placed.size > 0,
    answerTo: (target, form, nowMs) => {
      let latest: RequestFault | undefined;
      for (const { fault, choice } of placed) {
        if (fault.kind !== 'error' && fault.kind !== 'html') continue;
        // Each fault draws for itself, so that one fault's share never shifts another's.
        if (applies(fault.requests, target) && choice.next() < fault.requests.share) latest = fault;
      }
      if (latest?.kind === 'html') return htmlPage(latest.status);
      if (latest?.kind !== 'error') return undefined;
      const { operation, account } = target;
      const recorded = recordedError(latest.code, { operation, account: account(), nowMs });
      const { code, status, message } = latest;
      return failure({ ...recorded, code, status, ...(message === undefined ? {} : { message }) }, form);
    },
    lateMs: (target) => {
      let addedMs = 0;
      for (const { fault, choice, delays } of placed) {
        if (fault.kind !== 'late' || !applies(fault.requests, target)) continue;
        if (choice.next() < fault.requests.share) addedMs += drawDelayMs(fault.delay, delays);
      }
      return addedMs;
    },
    leaves: (region, account, global) => {
      for (const { fault, leavings } of placed) {
        if (fault.kind !== 'quota-used-up' || !fault.regions.includes(region)) continue;
        if (fault.account !== undefined && fault.account !== account) continue;
        if (!leavings.take(region, account, global)) return false;
      }
      return true;
    },
  };
}

/** A fault that grows is placed anew at each step, and its draws must not begin from the start each time. */
function continues(fault: RequestFault): (other: Placed) => boolean {
  return ({ fault: other }) => other.id === fault.id && seedOf(other) === seedOf(fault);
}

function placing(fault: RequestFault, before: Placed | undefined, clock: Clock): Placed {
  const leavesPerSecond = fault.kind === 'quota-used-up' ? fault.leavesPerSecond : 0;
  if (before !== undefined) {
    before.leavings.leave(leavesPerSecond);
    return { ...before, fault };
  }
  const random = createRandom(seedOf(fault)).fork(`service fault ${fault.id}`);
  return {
    fault,
    choice: random.fork('requests'),
    delays: random.fork('delays'),
    leavings: createLeavings(leavesPerSecond, clock),
  };
}

function seedOf(fault: RequestFault): number | string {
  return fault.kind === 'quota-used-up' ? '' : fault.seed;
}

function applies({ regions, hosts, operations, account }: RequestChoice, target: FaultTarget): boolean {
  if (!regions.includes(target.region)) return false;
  if (operations !== undefined && !operations.includes(target.operation)) return false;
  if (hosts !== undefined && !hosts.includes(target.host())) return false;
  return account === undefined || account === target.account();
}

function check(fault: RequestFault, regions: readonly string[]): void {
  const wanted = fault.kind === 'quota-used-up' ? fault.regions : fault.requests.regions;
  const stranger = wanted.find((region) => !regions.includes(region));
  if (stranger !== undefined) {
    throw refusal(`no Region '${stranger}' in this world`, `it has ${regions.join(', ')}`);
  }
  if (fault.kind === 'quota-used-up') {
    if (fault.leavesPerSecond >= 0 && Number.isFinite(fault.leavesPerSecond)) return;
    throw refusal(`${fault.leavesPerSecond} a second cannot be left`, '0 leaves nothing');
  }
  const { share } = fault.requests;
  if (!(share >= 0 && share <= 1)) {
    throw refusal(`share ${share} is not between 0 and 1`, '1 means every request');
  }
  if (fault.kind === 'late') {
    const problem = delayProblem(fault.delay);
    if (problem !== undefined) throw refusal(problem, 'give milliseconds');
  } else if (!Number.isInteger(fault.status) || fault.status < 400 || fault.status > 599) {
    throw refusal(`status ${fault.status} is no error`, 'give one from 400 to 599');
  }
}

function refusal(message: string, hint: string): UsageError {
  return new UsageError(message, { code: 'RF-SERVICE-FAULT', hint });
}
