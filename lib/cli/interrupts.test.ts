import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { listenForInterrupts } from './interrupts.ts';

function listening() {
  const source = new EventEmitter();
  let nowUs = 0;
  const onFirst = vi.fn();
  const onSecond = vi.fn();
  const interrupts = listenForInterrupts({ source, clock: () => nowUs, onFirst, onSecond });
  return {
    source,
    interrupts,
    onFirst,
    onSecond,
    pass: (us: number) => {
      nowUs += us;
    },
  };
}

describe('an interrupt', () => {
  test('asks for an orderly end the first time', () => {
    const { source, interrupts, onFirst, onSecond } = listening();
    source.emit('SIGINT');
    expect(interrupts.signal.aborted).toBe(true);
    expect(interrupts.signal.reason).toBe('Ctrl-C');
    expect(onFirst).toHaveBeenCalledOnce();
    expect(onSecond).not.toHaveBeenCalled();
  });

  test('that arrives by several ways at once is one', () => {
    const { source, onFirst, onSecond, pass } = listening();
    source.emit('SIGINT');
    source.emit('SIGINT');
    pass(100_000);
    source.emit('message', { signal: 'SIGINT' });
    expect(onFirst).toHaveBeenCalledOnce();
    expect(onSecond).not.toHaveBeenCalled();
  });

  test('leaves at once the second time', () => {
    const { source, onSecond, pass } = listening();
    source.emit('SIGINT');
    pass(600_000);
    source.emit('SIGINT');
    expect(onSecond).toHaveBeenCalledOnce();
  });

  test('is also a launcher that died', () => {
    const { source, interrupts } = listening();
    source.emit('disconnect');
    expect(interrupts.signal.reason).toBe('the launcher ended');
  });

  test('is nobody’s business once listening has ended', () => {
    const { source, interrupts, onFirst } = listening();
    interrupts[Symbol.dispose]();
    source.emit('SIGINT');
    source.emit('message', { other: 'news' });
    expect(onFirst).not.toHaveBeenCalled();
  });
});
