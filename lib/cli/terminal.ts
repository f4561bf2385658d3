/**
 * Where a command reads its surroundings and writes: results to standard output, everything else to standard error.
 * A value rather than `process`, so that tests hold both streams in their hands.
 */

import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  /** A result, for people or programs: a line on standard output. */
  result(line: string): void;
  /** A message: a line on standard error. */
  say(line: string): void;
  /** Raw text on standard error, for what redraws itself. */
  draw(text: string): void;
  /** Whether standard error is a screen that a cursor can move on. */
  readonly canDraw: boolean;
  size(): { readonly columns: number; readonly rows: number };
  /** Columns of standard output; undefined where it is no screen. */
  readonly resultColumns: number | undefined;
  /** Styled for standard output or error where that is a screen and neither NO_COLOR nor a pipe forbids it. */
  paint(style: Style, text: string, stream?: 'out' | 'err'): string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function terminalOf(host: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>): Terminal {
  const { stdout, stderr, env } = host;
  for (const stream of [stdout, stderr]) {
    // A reader that went away (`| head`, a closed window) is no reason to stop what is under way.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
  return {
    result: (line) => {
      stdout.write(`${line}\n`);
    },
    say: (line) => {
      stderr.write(`${line}\n`);
    },
    draw: (text) => {
      stderr.write(text);
    },
    canDraw: stderr.isTTY === true && !isSet(env['CI']) && env['TERM'] !== 'dumb',
    size: () => ({ columns: stderr.columns ?? 80, rows: stderr.rows ?? 24 }),
    resultColumns: stdout.isTTY === true ? stdout.columns : undefined,
    paint: (style, text, stream = 'err') =>
      styleText(style, text, { stream: stream === 'out' ? stdout : stderr }),
    env,
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}
