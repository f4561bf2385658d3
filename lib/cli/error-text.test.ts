import { describe, expect, test } from 'vitest';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import { reportError } from './error-text.ts';
import { testTerminal } from './test-terminal.ts';

describe('an error', () => {
  test('says what, the next thing to type, and its code', () => {
    const terminal = testTerminal();
    const error = new EnvironmentError('port 4443 is taken', { code: 'RF-PORT-TAKEN', hint: 'ss -ltnp' });
    expect(reportError(terminal, error)).toBe(3);
    expect(terminal.messages).toEqual([
      'error port 4443 is taken',
      '  next ss -ltnp',
      '  RF-PORT-TAKEN (regionfall explain RF-PORT-TAKEN)',
    ]);
  });

  test('of our own making shows its stack, the causes behind it and how to report it', () => {
    const terminal = testTerminal();
    const error = new Error('the plan is not sorted', { cause: new RangeError('-1') });
    expect(reportError(terminal, error)).toBe(70);
    const text = terminal.messages.join('\n');
    expect(text).toMatch(/Error: the plan is not sorted\n +at /);
    expect(text).toContain('caused by RangeError: -1');
    expect(text).toContain('regionfall doctor --json');
  });
});
