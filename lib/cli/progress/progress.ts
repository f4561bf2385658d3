/** Shows a run as it happens, in the way that fits where standard error goes. Draws and times; decides nothing. */

import type { JournalEvent } from '../../journal/event.ts';
import type { Clock } from '../../time/monotonic.ts';
import type { Terminal } from '../terminal.ts';
import { HEARTBEAT_US, heartbeatLine, plainLine } from './plain-lines.ts';
import { advance, INITIAL_STATUS } from './run-status.ts';
import { statusBlock } from './status-block.ts';

export const PROGRESS_MODES = ['auto', 'tty', 'plain', 'quiet'] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];

export interface Progress {
  event(event: JournalEvent): void;
  /** A message above or between what the progress shows. */
  message(text: string): void;
  [Symbol.dispose](): void;
}

export function openProgress(mode: ProgressMode, terminal: Terminal, clock: Clock): Progress {
  const chosen = mode === 'auto' ? (terminal.canDraw ? 'tty' : 'plain') : mode;
  switch (chosen) {
    case 'tty':
      return drawnProgress(terminal, clock);
    case 'plain':
      return plainProgress(terminal);
    case 'quiet':
      return { event: () => {}, message: terminal.say, [Symbol.dispose]: () => {} };
    default:
      return chosen satisfies never;
  }
}

function plainProgress(terminal: Terminal): Progress {
  let status = INITIAL_STATUS;
  let spokenUs = 0;
  return {
    event: (event) => {
      status = advance(status, event);
      const line =
        plainLine(status, event) ??
        (event.kind === 'load.progress' && event.monoUs - spokenUs >= HEARTBEAT_US
          ? heartbeatLine(status, event.monoUs)
          : undefined);
      if (line === undefined) return;
      spokenUs = event.monoUs;
      terminal.say(line);
    },
    message: terminal.say,
    [Symbol.dispose]: () => {},
  };
}

/** What a person should read even when the next redraw comes at once. */
function staysOnScreen(event: JournalEvent): boolean {
  switch (event.kind) {
    case 'leftovers.healed':
      return true;
    case 'note':
      return event.level === 'warning';
    case 'run.aborted':
      return event.by === 'stop-condition';
    default:
      return false;
  }
}

const REDRAW_MS = 250;
/** Cursor to the start of the line N lines up, then everything below it erased. */
const eraseLines = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}F\u001b[0J`);
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

function drawnProgress(terminal: Terminal, clock: Clock): Progress {
  let status = INITIAL_STATUS;
  let drawnLines = 0;
  const draw = (above: string): void => {
    const block = status.scenario === '' ? [] : statusBlock(status, clock(), terminal.size());
    const text = block.map(
      (line) =>
        `${line.map((span) => (span.style === undefined ? span.text : terminal.paint(span.style, span.text))).join('')}\n`,
    );
    // One write, so that a half-drawn block is never seen.
    terminal.draw(`${eraseLines(drawnLines)}${above}${text.join('')}`);
    drawnLines = block.length;
  };
  terminal.draw(HIDE_CURSOR);
  const timer = setInterval(() => draw(''), REDRAW_MS);
  timer.unref();
  return {
    event: (event) => {
      status = advance(status, event);
      if (staysOnScreen(event)) {
        draw(`${plainLine(status, event)?.trim()}\n`);
      } else if (event.kind !== 'process.started') draw('');
    },
    message: (text) => draw(`${text}\n`),
    [Symbol.dispose]: () => {
      clearInterval(timer);
      // What comes next says how it ended; a block of zeros above it would only puzzle.
      terminal.draw(`${eraseLines(drawnLines)}${SHOW_CURSOR}`);
    },
  };
}
