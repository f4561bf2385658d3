/** Which of the planned faults are in force at a moment. Pure. */

export interface K6Phase {
  /** Of the fault. */
  readonly name: string;
  /** Microseconds of the run; up to, and without, `toUs`. */
  readonly fromUs: number;
  readonly toUs: number;
}

/** `before` the first, the name of the one in force (`one+other` for two), `after` when none is any more. */
export function phaseAt(phases: readonly K6Phase[], runUs: number): string {
  const now = phases.filter(({ fromUs, toUs }) => fromUs <= runUs && runUs < toUs);
  if (now.length > 0) return now.map(({ name }) => name).join('+');
  return phases.some(({ fromUs }) => fromUs <= runUs) ? 'after' : 'before';
}
