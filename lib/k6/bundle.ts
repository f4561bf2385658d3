/**
 * Makes one file that k6 takes of a script and all that it imports. k6 strips types by itself and resolves no packages,
 * so esbuild does: what `regionfall/k6` and `regionfall/failover` mean is found wherever the script lies.
 */

import { builtinModules } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildFailure, build, type Message, type Plugin } from 'esbuild';
import { UsageError } from '../errors/regionfall-error.ts';
import { entryUrl } from '../process/entry.ts';
import type { K6Plan } from './script/config.ts';

export interface Bundle {
  /** JavaScript, as k6 runs it. */
  readonly code: string;
  readonly bytes: number;
}

/** The script of a scenario without one of its own. */
export const GENERATED_SCRIPT = file('./script/generated.ts');

/**
 * @param plan Of an exported load, which the script then carries in itself.
 * @param conducted Whether the script waits for the word of whoever conducts the run before it begins.
 * @throws UsageError with file and line when the script cannot be bundled.
 */
export async function bundleScript(
  entry: string,
  { conducted = false, plan = null }: { readonly conducted?: boolean; readonly plan?: K6Plan | null } = {},
): Promise<Bundle> {
  try {
    const { outputFiles } = await build({
      ...(conducted
        ? {
            stdin: {
              contents: conductedScript(entry),
              resolveDir: dirname(entry),
              sourcefile: 'conducted.js',
            },
          }
        : { entryPoints: [entry] }),
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      // What both lines of k6 understand.
      target: 'es2022',
      mainFields: ['module', 'main'],
      conditions: ['import', 'default'],
      external: ['k6', 'k6/*'],
      define: { REGIONFALL_PLAN: JSON.stringify(plan) },
      inject: [file('./script/surroundings.ts')],
      plugins: [ours],
      legalComments: 'none',
      sourcemap: entry === GENERATED_SCRIPT ? false : 'inline',
      charset: 'utf8',
      logLevel: 'silent',
    });
    const code = outputFiles[0]?.text ?? '';
    return { code, bytes: Buffer.byteLength(code) };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new UsageError(
      [`the k6 script ${entry} cannot be bundled:`, ...error.errors.map(describe)].join('\n'),
      {
        code: 'RF-SCRIPT-UNUSABLE',
        hint: 'a script may import k6, regionfall/k6, regionfall/failover, and files or packages that need neither Node nor a browser',
        cause: error,
      },
    );
  }
}

/** A user's script as it is, but for a `setup` that waits before it does what theirs does. */
function conductedScript(entry: string): string {
  const script = JSON.stringify(entry);
  return `
import * as script from ${script};
import { waitForStart } from ${JSON.stringify(file('./script/start.ts'))};
export * from ${script};
// Not every script has one: scenarios may name functions of their own.
export default script['default'];
export function setup() {
  waitForStart();
  return script['setup']?.();
}
`;
}

/** Our own modules, and a plain word for what k6 cannot have. */
const ours: Plugin = {
  name: 'regionfall',
  setup: (scripts) => {
    scripts.onResolve({ filter: /^regionfall\/(k6|failover)$/ }, ({ path }) => ({
      path: path === 'regionfall/k6' ? file('./script/index.ts') : file('../failover/index.ts'),
    }));
    scripts.onResolve({ filter: /^node:crypto$/ }, ({ importer }) =>
      importer.startsWith(OUR_FILES)
        ? { path: file('./script/node-crypto.ts') }
        : { errors: [{ text: 'k6 has no node:crypto; use k6/crypto' }] },
    );
    scripts.onResolve({ filter: NODE_MODULES }, ({ path }) =>
      path === 'node:crypto' ? undefined : { errors: [{ text: `k6 has no ${path}: it is no Node` }] },
    );
    // An unknown extension would have k6 ask a build service for a binary of its own.
    scripts.onResolve({ filter: /^k6\/x\// }, ({ path }) => ({
      errors: [{ text: `${path} is an extension, and Regionfall runs k6 as it comes` }],
    }));
  },
};

const NODE_MODULES = new RegExp(
  `^(?:node:.*|${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`,
);
const OUR_FILES = file('../');

function file(path: string): string {
  return fileURLToPath(entryUrl(path, import.meta.url));
}

function describe({ text, location }: Message): string {
  return location === null
    ? `  ${text}`
    : `  ${location.file}:${location.line}:${location.column + 1}: ${text}`;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}
