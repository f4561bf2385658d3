/**
 * What Node is told while it imports a scenario: that `regionfall` is the Regionfall that imports it, and, where Node
 * strips no types (before 22.18, and inside of node_modules), what stands in a TypeScript file. The functions are in the
 * shape of Node's module hooks, in-thread and off-thread alike, so they neither await nor share anything.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Loaded {
  readonly format: 'module';
  readonly source: string;
  readonly shortCircuit: true;
}

const require = createRequire(import.meta.url);

/** A package may name itself: asked for from here, `regionfall` is this one, wherever the scenario lies. */
export function resolve<Context, Next>(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Next,
): Next {
  const ours = /^regionfall(?:\/[a-z0-9]+)?$/.test(specifier);
  return next(specifier, ours ? { ...context, parentURL: import.meta.url } : context);
}

/**
 * TypeScript files are modules, whatever the package.json around them says: `npm init` writes "commonjs" into it. Where
 * Node does not strip types, esbuild does, with a map that keeps line numbers.
 */
export function load<Context, Next>(
  url: string,
  context: Context,
  next: (url: string, context: Context) => Next,
): Next | Loaded {
  if (!isTypeScript(url)) return next(url, context);
  if (nodeStrips(url)) return next(url, { ...context, format: 'module-typescript' });
  const path = fileURLToPath(url);
  const { transformSync } = require('esbuild') as typeof import('esbuild');
  const { code } = transformSync(readFileSync(path, 'utf8'), {
    sourcefile: path,
    loader: 'ts',
    format: 'esm',
    target: `node${process.versions.node}`,
    sourcemap: 'inline',
    // Node takes out no import by itself either.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    logLevel: 'silent',
  });
  return { format: 'module', source: code, shortCircuit: true };
}

function isTypeScript(url: string): boolean {
  return url.startsWith('file:') && /\.m?ts$/.test(new URL(url).pathname);
}

function nodeStrips(url: string): boolean {
  return Boolean(process.features.typescript) && !url.includes('/node_modules/');
}
