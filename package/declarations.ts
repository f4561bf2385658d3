/**
 * Makes declarations fit for others: only those that an entry leads to, and with the file endings that are there. (The
 * compiler rewrites `./x.ts` to `./x.js` in what it runs, and leaves declarations as they are.)
 */

const SPECIFIER = /(\bfrom\s+|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"]+)\.ts\2/g;

/** `./x.ts` → `./x.js`, wherever a declaration names a file of ours. */
export function withRuntimeEndings(declaration: string): string {
  return declaration.replaceAll(SPECIFIER, '$1$2$3.js$2');
}

/**
 * Paths of all declarations that `entries` lead to, themselves included.
 * @param entries Such as `lib/index.d.ts`.
 * @param textOf A declaration's text, by its path. Throws where there is none.
 */
export function reachable(entries: readonly string[], textOf: (path: string) => string): ReadonlySet<string> {
  const found = new Set<string>();
  const ahead = [...entries];
  for (let path = ahead.pop(); path !== undefined; path = ahead.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const [, , , stem = ''] of textOf(path).matchAll(SPECIFIER)) {
      ahead.push(new URL(`${stem}.d.ts`, `file:///${path}`).pathname.slice(1));
    }
  }
  return found;
}
