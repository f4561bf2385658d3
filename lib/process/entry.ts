/**
 * Where the files are that are loaded by their address: entries of processes and threads, what goes into a k6 bundle.
 * Named as sources, they end in .ts here and in .js in the package that is published, where nothing strips types.
 */

/**
 * @param path Of a source, relative to the module that names it, such as `./guardian.ts`.
 * @param base `import.meta.url` of that module: its own ending tells which of the two this is.
 */
export function entryUrl(path: string, base: string): URL {
  const url = new URL(path, base);
  if (new URL(base).pathname.endsWith('.js')) url.pathname = url.pathname.replace(/\.ts$/, '.js');
  return url;
}
