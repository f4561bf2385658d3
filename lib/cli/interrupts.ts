/**
 * What a Ctrl-C means: the first asks for an orderly end, the second leaves at once. SIGTERM, SIGHUP and the death of
 * the launcher ask for the same orderly end.
 */

import type { Clock } from '../time/monotonic.ts';

export interface Interrupts {
  /** Aborted by the first interrupt; its reason says what arrived. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  [Symbol.dispose](): void;
}

export interface InterruptOptions {
  /** The part of `process` that brings interrupts. */
  readonly source: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
  readonly clock: Clock;
  readonly onFirst: (cause: string) => void;
  /** Ends the process at once; never called for the first interrupt. */
  readonly onSecond: () => void;
}

/**
 * One Ctrl-C may arrive several times: from the terminal's process group, from npm, which passes it on, and from the
 * launcher. What arrives this soon after the first is the first.
 */
const SAME_INTERRUPT_US = 500_000;

export function listenForInterrupts({ source, clock, onFirst, onSecond }: InterruptOptions): Interrupts {
  const controller = new AbortController();
  let firstUs: number | undefined;
  const interrupt = (cause: string): void => {
    if (firstUs === undefined) {
      firstUs = clock();
      onFirst(cause);
      controller.abort(cause);
    } else if (clock() - firstUs > SAME_INTERRUPT_US) onSecond();
  };
  const listeners: readonly (readonly [event: string, listener: (value: unknown) => void])[] = [
    ['SIGINT', () => interrupt('Ctrl-C')],
    ['SIGTERM', () => interrupt('SIGTERM')],
    ['SIGHUP', () => interrupt('SIGHUP')],
    ['disconnect', () => interrupt('the launcher ended')],
    ['message', (message) => isSignal(message) && interrupt('Ctrl-C')],
  ];
  for (const [event, listener] of listeners) source.on(event, listener);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const [event, listener] of listeners) source.off(event, listener);
    },
  };
}

/** What the launcher sends when it alone received a SIGINT. */
function isSignal(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'signal' in message && message.signal === 'SIGINT'
  );
}
