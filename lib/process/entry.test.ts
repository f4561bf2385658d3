import { describe, expect, test } from 'vitest';
import { entryUrl } from './entry.ts';

describe('the address of an entry', () => {
  test.for([
    ['./guardian.ts', 'file:///r/lib/chaos/client.ts', 'file:///r/lib/chaos/guardian.ts'],
    ['./guardian.ts', 'file:///r/lib/chaos/client.js', 'file:///r/lib/chaos/guardian.js'],
    ['../load/process.ts', 'file:///a.ts/lib/run/callers.js', 'file:///a.ts/lib/load/process.js'],
    ['./preload.cjs', 'file:///r/lib/world/files.js', 'file:///r/lib/world/preload.cjs'],
    ['../', 'file:///r/lib/k6/bundle.js', 'file:///r/lib/'],
    ['./x.ts', 'file:///r/lib/a.ts?v=1', 'file:///r/lib/x.ts'],
  ] as const)('of %s in %s ends as the modules there do', ([path, base, url]) => {
    expect(entryUrl(path, base).href).toBe(url);
  });
});
