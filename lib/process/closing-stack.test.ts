import { describe, expect, test } from 'vitest';
import { ClosingStack } from './closing-stack.ts';

describe('a closing stack', () => {
  test('closes in reverse, once', async () => {
    const closed: string[] = [];
    const stack = new ClosingStack();
    stack.defer(() => void closed.push('first'));
    const opened = { [Symbol.asyncDispose]: async () => void closed.push('second') };
    expect(stack.use(opened)).toBe(opened);
    await stack[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
    expect(closed).toEqual(['second', 'first']);
  });

  test('waits for one before it closes the next', async () => {
    const closed: string[] = [];
    const stack = new ClosingStack();
    stack.defer(() => void closed.push('first'));
    stack.defer(() =>
      new Promise<void>((resolve) => setImmediate(resolve)).then(() => void closed.push('second')),
    );
    await stack[Symbol.asyncDispose]();
    expect(closed).toEqual(['second', 'first']);
  });

  test('closes everything whatever fails, and tells every error as AsyncDisposableStack does', async () => {
    const closed: string[] = [];
    const failing = <Stack extends { defer(close: () => void): void }>(stack: Stack): Stack => {
      stack.defer(() => void closed.push('first'));
      stack.defer(() => {
        throw new Error('a');
      });
      stack.defer(() => {
        throw new Error('b');
      });
      return stack;
    };
    const told = (stack: AsyncDisposable) => stack[Symbol.asyncDispose]().then(undefined, (error) => error);
    const ours = await told(failing(new ClosingStack()));
    const native = await told(failing(new AsyncDisposableStack()));
    expect(closed).toEqual(['first', 'first']);
    expect([ours.name, ours.error.message, ours.suppressed.message]).toEqual([
      native.name,
      native.error.message,
      native.suppressed.message,
    ]);
  });

  test('that was moved leaves the closing to its heir', async () => {
    const closed: string[] = [];
    const stack = new ClosingStack();
    stack.defer(() => void closed.push('first'));
    const heir = stack.move();
    await stack[Symbol.asyncDispose]();
    expect(closed).toEqual([]);
    await heir[Symbol.asyncDispose]();
    expect(closed).toEqual(['first']);
  });
});
