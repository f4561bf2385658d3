import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ABILITIES, abilitiesMarkdown, cannot, limitsOf } from './abilities.ts';

const all = { which: 'all', share: 1 } as const;

describe('the table of abilities', () => {
  it('stands in the documentation as it is', async () => {
    const page = fileURLToPath(new URL('../../docs/network-abilities.md', import.meta.url));
    await expect(abilitiesMarkdown()).toMatchFileSnapshot(page);
  });

  it('says why for all that a network cannot do, in sentences', () => {
    for (const kind of ['embedded', 'toxiproxy'] as const) {
      expect(limitsOf(kind).length).toBeGreaterThan(1);
      for (const sentence of limitsOf(kind)) expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(new Set(limitsOf(kind)).size).toBe(limitsOf(kind).length);
    }
  });

  it('lets a run be refused for what its network cannot do, and for nothing else', () => {
    const drawn = { kind: 'quantiles', points: [{ share: 1, addedMs: 5 }] } as const;
    expect(cannot('toxiproxy', { kind: 'slow', delay: drawn }, all)).toContain('table');
    expect(cannot('toxiproxy', { kind: 'stalls', share: 0.1, stallMs: 200 }, all)).toContain('stalls');
    expect(cannot('toxiproxy', { kind: 'silence' }, { which: 'new', share: 1 })).toContain('open');
    expect(cannot('toxiproxy', { kind: 'silence' }, { which: 'all', share: 0.5 })).toBeUndefined();
    for (const kind of ['refused', 'unreachable', 'silence', 'reset'] as const) {
      expect(cannot('toxiproxy', { kind }, all)).toBeUndefined();
      expect(cannot('embedded', { kind }, { ...all, which: 'new' })).toBeUndefined();
    }
    expect(Object.values(ABILITIES).filter(({ embedded }) => embedded.can === 'no')).toEqual([]);
  });
});
