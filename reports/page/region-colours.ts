/** One colour for a serving Region on the whole page, in the order of the world's Regions. */
import type { LegendItem } from './figure.ts';

const COLOURS = 8;

export interface RegionColours {
  of(region: string): LegendItem['colour'];
  /** Place of a Region in the world's order; unknown ones come last. */
  place(region: string): number;
}

/** Beyond eight Regions colours repeat: the tables beside the figures stay exact. */
export function regionColours(regions: readonly string[]): RegionColours {
  const order = [...new Set(regions)];
  const place = (region: string): number => {
    const index = order.indexOf(region);
    return index === -1 ? order.length : index;
  };
  return { place, of: (region) => `var(--s${(place(region) % COLOURS) + 1})` };
}
