/**
 * What the conductor tells the guardian, one JSON object a line, and what the guardian knows from it. Pure.
 * The end of the pipe without `done` is the message that matters: the conductor is dead.
 */

import type { ProcessMark } from '../process/process-identity.ts';

export interface WatchedProcess extends ProcessMark {
  readonly name: string;
}

export type GuardianMessage =
  | { readonly watch: WatchedProcess }
  | { readonly unwatch: number }
  | { readonly fault: string }
  | { readonly faultLifted: string }
  | { readonly folder: string }
  | { readonly done: true };

export interface GuardianState {
  readonly watched: ReadonlyMap<number, WatchedProcess>;
  /** Names of faults in force. */
  readonly faults: readonly string[];
  /** Run folder, for the last word in its journal. */
  readonly folder: string | undefined;
  readonly done: boolean;
}

export const GUARDIAN_START: GuardianState = {
  watched: new Map(),
  faults: [],
  folder: undefined,
  done: false,
};

export function guardianLearns(state: GuardianState, message: GuardianMessage): GuardianState {
  if ('watch' in message) {
    return { ...state, watched: new Map(state.watched).set(message.watch.pid, message.watch) };
  }
  if ('unwatch' in message) {
    const watched = new Map(state.watched);
    watched.delete(message.unwatch);
    return { ...state, watched };
  }
  if ('fault' in message) return { ...state, faults: [...state.faults, message.fault] };
  if ('faultLifted' in message) {
    return { ...state, faults: state.faults.filter((name) => name !== message.faultLifted) };
  }
  if ('folder' in message) return { ...state, folder: message.folder };
  return { ...state, done: true };
}

/** Complete lines of a stream that may end anywhere, and the rest to keep. A line that is cut or foreign is skipped. */
export function readMessages(text: string): {
  readonly messages: readonly GuardianMessage[];
  readonly rest: string;
} {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  return { messages: lines.flatMap(parseLine), rest };
}

function parseLine(line: string): readonly GuardianMessage[] {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null ? [message as GuardianMessage] : [];
  } catch {
    return [];
  }
}
