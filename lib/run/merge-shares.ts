/** The shares of a load that parts have, as k6 writes its execution segments: do they lie side by side, and are all there? Pure. */

/** From 0 to 1; fractions stay fractions, since thirds must meet. */
export interface Share {
  readonly from: Fraction;
  readonly to: Fraction;
}

type Fraction = readonly [over: number, under: number];

const ALL: Share = { from: [0, 1], to: [1, 1] };

/** `1/4:1/2`; empty is all of it. Undefined for what is no segment. */
export function shareOf(segment: string): Share | undefined {
  if (segment === '') return ALL;
  const [from, to, ...more] = segment.split(':').map(fractionOf);
  if (from === undefined || to === undefined || more.length > 0 || !isBelow(from, to)) return undefined;
  return { from, to };
}

/** Those that overlap, and what none of them has, as k6 would write it. */
export function tile<Part extends { readonly share: Share }>(
  parts: readonly Part[],
): { readonly overlapping?: readonly [Part, Part]; readonly missing: readonly string[] } {
  const inOrder = parts.toSorted(({ share: one }, { share: other }) => difference(one.from, other.from));
  const missing: string[] = [];
  let reached: Fraction = ALL.from;
  let last: Part | undefined;
  for (const part of inOrder) {
    const { from, to } = part.share;
    if (last !== undefined && isBelow(from, reached)) return { overlapping: [last, part], missing };
    if (isBelow(reached, from)) missing.push(`${textOf(reached)}:${textOf(from)}`);
    reached = to;
    last = part;
  }
  if (isBelow(reached, ALL.to)) missing.push(`${textOf(reached)}:${textOf(ALL.to)}`);
  return { missing };
}

function fractionOf(text: string): Fraction | undefined {
  const [, over = '', under = '1'] = /^(\d{1,7})(?:\/([1-9]\d{0,6}))?$/.exec(text) ?? [];
  if (over === '' || Number(over) > Number(under)) return undefined;
  return [Number(over), Number(under)];
}

function difference([over, under]: Fraction, [otherOver, otherUnder]: Fraction): number {
  return over * otherUnder - otherOver * under;
}

function isBelow(one: Fraction, other: Fraction): boolean {
  return difference(one, other) < 0;
}

function textOf([over, under]: Fraction): string {
  return under === 1 ? String(over) : `${over}/${under}`;
}
