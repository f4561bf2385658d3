/** A terminal that remembers; for tests. */

import type { Terminal } from './terminal.ts';

export interface TestTerminal extends Terminal {
  /** Lines on standard output. */
  readonly results: readonly string[];
  /** Lines and drawings on standard error. */
  readonly messages: readonly string[];
}

export function testTerminal(
  options: { canDraw?: boolean; columns?: number; rows?: number; env?: Record<string, string> } = {},
): TestTerminal {
  const results: string[] = [];
  const messages: string[] = [];
  return {
    results,
    messages,
    result: (line) => results.push(line),
    say: (line) => messages.push(line),
    draw: (text) => messages.push(text),
    canDraw: options.canDraw ?? false,
    size: () => ({ columns: options.columns ?? 80, rows: options.rows ?? 24 }),
    resultColumns: undefined,
    paint: (_style, text) => text,
    env: options.env ?? {},
  };
}
