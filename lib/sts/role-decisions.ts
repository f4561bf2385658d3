/**
 * Whether the holder of long-term keys may assume a role, kept for the next time. What is kept holds for as long as
 * caller and role are the same objects, and those are made anew whenever a Region learns of a change to an account: its
 * policies, its organization's, its keys or its roles. Only what was decided without a look at the request is kept, for
 * then any other request would be decided alike.
 */

import type { Role } from '../identity/state.ts';
import type { Caller } from './caller.ts';

interface Kept {
  readonly allowed: boolean;
  readonly implicitSelfTrust: boolean;
}

const decisions = new WeakMap<Caller, WeakMap<Role, Kept>>();

/** `undefined` when it has to be decided. */
export function recallDecision(caller: Caller, role: Role, implicitSelfTrust: boolean): boolean | undefined {
  const kept = decisions.get(caller)?.get(role);
  return kept?.implicitSelfTrust === implicitSelfTrust ? kept.allowed : undefined;
}

export function keepDecision(caller: Caller, role: Role, implicitSelfTrust: boolean, allowed: boolean): void {
  // The caller of a session is another object for every request: it could never be found again.
  if (caller.session !== undefined || caller.account === undefined) return;
  let ofCaller = decisions.get(caller);
  if (ofCaller === undefined) {
    ofCaller = new WeakMap();
    decisions.set(caller, ofCaller);
  }
  ofCaller.set(role, { allowed, implicitSelfTrust });
}
