/**
 * All addresses but 127.0.0.1. k6 checks them when it dials, after names were looked up: a run on this machine cannot
 * reach AWS, whatever a script says.
 */
export const EVERYTHING_ELSE: readonly string[] = blocksBeside(0x7f00_0001).concat('::/0');

/** The blocks of IPv4 that together hold every address but one: at each bit, the half in which it is not. */
function blocksBeside(address: number): string[] {
  return Array.from({ length: 32 }, (_, bit) => {
    const size = bit + 1;
    const flipped = (address ^ (1 << (31 - bit))) >>> 0;
    const base = size === 32 ? flipped : ((flipped >>> (32 - size)) << (32 - size)) >>> 0;
    return `${[24, 16, 8, 0].map((shift) => (base >>> shift) & 255).join('.')}/${size}`;
  });
}
