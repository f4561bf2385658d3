/**
 * What was opened, closed in reverse: `AsyncDisposableStack` with the part of its interface that we use, for a Node
 * that has none (before 24). `await using` itself says how errors add up.
 */

export class ClosingStack implements AsyncDisposable {
  #closings: readonly (() => unknown)[] = [];

  /** Closes `opened` with the stack, and gives it back. */
  use<Opened extends AsyncDisposable>(opened: Opened): Opened {
    this.defer(() => opened[Symbol.asyncDispose]());
    return opened;
  }

  /** Calls `close` when its turn comes. */
  defer(close: () => unknown): void {
    this.#closings = [...this.#closings, close];
  }

  /** Hands all over to another stack: this one closes nothing any more. */
  move(): ClosingStack {
    const moved = new ClosingStack();
    moved.#closings = this.#closings;
    this.#closings = [];
    return moved;
  }

  /** The second time closes nothing. Rejects with the one error, or a SuppressedError that holds all. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closings = this.#closings;
    this.#closings = [];
    await closeInReverse(closings);
  }
}

async function closeInReverse([first, ...later]: readonly (() => unknown)[]): Promise<void> {
  if (first === undefined) return;
  await using _first = { [Symbol.asyncDispose]: async () => void (await first()) };
  await closeInReverse(later);
}
