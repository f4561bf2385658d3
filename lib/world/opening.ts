/** What may happen while a world opens: the machine lacks something, or a person does not want the world any more. */

import { EnvironmentError, RegionfallError } from '../errors/regionfall-error.ts';
import type { ProcessError } from '../process/rpc.ts';

/** The world was not wanted any more before it was open. */
export class CalledOff extends Error {
  constructor(reason: unknown) {
    super(`the world was called off while it opened: ${reason instanceof Error ? reason.message : reason}`);
    this.name = 'CalledOff';
  }
}

/**
 * One step of the opening. An error of it is the machine's: a port, a missing part, a child that ended.
 * @throws EnvironmentError; CalledOff as soon as the signal comes, whatever becomes of the step.
 */
export async function opening<Value>(step: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  const calledOff = Promise.withResolvers<never>();
  const callOff = (): void => calledOff.reject(new CalledOff(signal?.reason));
  if (signal?.aborted) callOff();
  else signal?.addEventListener('abort', callOff, { once: true });
  try {
    return await Promise.race([step, calledOff.promise]);
  } catch (cause) {
    if (cause instanceof CalledOff || cause instanceof RegionfallError) throw cause;
    const { message, code, hint } = cause as ProcessError;
    throw new EnvironmentError(`the world did not open: ${message}`, {
      code: code?.startsWith('RF-') ? (code as `RF-${string}`) : 'RF-WORLD-NOT-OPEN',
      hint: hint ?? 'regionfall doctor',
      cause,
    });
  } finally {
    signal?.removeEventListener('abort', callOff);
    // What is abandoned may still fail, and that is nobody's business any more.
    step.catch(() => {});
  }
}
