import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Share, shareOf, tile } from './merge-shares.ts';

const part = (segment: string): { segment: string; share: Share } => {
  const share = shareOf(segment);
  if (share === undefined) throw new Error(`no segment: ${segment}`);
  return { segment, share };
};

describe('shares of a load', () => {
  it('are the whole for any cut of it, in any order, however k6 shortens the fractions', () => {
    const cuts = fc.integer({ min: 1, max: 40 }).chain((pieces) =>
      fc.tuple(
        fc.constant(pieces),
        fc.shuffledSubarray(
          Array.from({ length: pieces }, (_, index) => index),
          { minLength: pieces },
        ),
      ),
    );
    fc.assert(
      fc.property(cuts, ([pieces, order]) => {
        const parts = order.map((index) =>
          part(`${shortened(index, pieces)}:${shortened(index + 1, pieces)}`),
        );
        expect(tile(parts)).toEqual({ missing: [] });
      }),
    );
  });

  it('are missing by name', () => {
    expect(tile([part('1/4:1/2'), part('3/4:1')]).missing).toEqual(['0:1/4', '1/2:3/4']);
    expect(tile([part('0:1/3')]).missing).toEqual(['1/3:1']);
    expect(tile([]).missing).toEqual(['0:1']);
  });

  it('overlap when one is there twice, or belongs to another cut', () => {
    const twice = tile([part('0:1/2'), part('1/2:1'), part('0:1/2')]).overlapping;
    expect(twice?.map(({ segment }) => segment)).toEqual(['0:1/2', '0:1/2']);
    const other = tile([part('0:1/2'), part('1/3:2/3'), part('2/3:1')]).overlapping;
    expect(other?.map(({ segment }) => segment)).toEqual(['0:1/2', '1/3:2/3']);
    expect(tile([part(''), part('0:1/4')]).overlapping).toBeDefined();
  });

  it.each(['1/2', '1/2:1/4', '0:2', '-1:1', '0:1/0', 'a:b', '0:1:1'])('are none of the text %s', (text) => {
    expect(shareOf(text)).toBeUndefined();
  });
});

/** As k6 does. */
function shortened(over: number, under: number): string {
  if (over === 0 || over === under) return over === 0 ? '0' : '1';
  const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other));
  const by = divisor(over, under);
  return `${over / by}/${under / by}`;
}
