/**
 * A queue that keeps order: what was pushed first is released first, also when the delay shrinks while
 * something is still under way. Pure: it is told every time and holds no timer.
 */

export interface DelayLine<Item> {
  /** Releases `item` at `releaseUs`, or with the item before it where that one takes longer. */
  push(item: Item, releaseUs: number): void;
  /** Takes the next item that is due. */
  take(nowUs: number): Item | undefined;
  /** When the next item is due. */
  nextUs(): number | undefined;
  clear(): void;
}

export function createDelayLine<Item>(): DelayLine<Item> {
  let queue: { readonly item: Item; readonly releaseUs: number }[] = [];
  let head = 0;
  return {
    push: (item, releaseUs) => {
      queue.push({ item, releaseUs });
    },
    take: (nowUs) => {
      const next = queue[head];
      if (next === undefined || next.releaseUs > nowUs) return undefined;
      head += 1;
      if (head === queue.length) {
        queue = [];
        head = 0;
      }
      return next.item;
    },
    nextUs: () => queue[head]?.releaseUs,
    clear: () => {
      queue = [];
      head = 0;
    },
  };
}
