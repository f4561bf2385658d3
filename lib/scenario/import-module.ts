/** Imports a scenario's module, TypeScript or JavaScript, on every Node that Regionfall runs on. */

import module from 'node:module';
import { pathToFileURL } from 'node:url';
import { entryUrl } from '../process/entry.ts';
import { load, resolve } from './typescript-hooks.ts';

/** @throws whatever the module throws, its stack in lines of the file as it was written. */
export async function importModule(path: string): Promise<object> {
  // Maps are read of what is loaded from now on; those of our own modules would cost each start its time.
  if (!process.features.typescript) process.setSourceMapsEnabled(true);
  const hooks = registerHooks();
  try {
    return (await import(pathToFileURL(path).href)) as object;
  } finally {
    hooks?.deregister();
  }
}

let registered = false;

/** In this thread where Node can (22.15), since the other way is deprecated; otherwise once and for good. */
function registerHooks(): { deregister(): void } | undefined {
  if (module.registerHooks !== undefined) {
    return module.registerHooks({ resolve, load } as module.RegisterHooksOptions);
  }
  if (!registered) module.register(entryUrl('./typescript-hooks.ts', import.meta.url));
  registered = true;
  return undefined;
}
