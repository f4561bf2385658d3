/** What a user's own tests import as `regionfall/testing`, name by name: a world to test an application in. */

// Declarations below name what only Node has, and who imports them need not know that.
/// <reference types="node" preserve="true" />
/// <reference lib="esnext.disposable" preserve="true" />

export type { TestFault } from './fault-order.ts';
export type { HeldFault } from './held-faults.ts';
export {
  type ClientConfig,
  type Standing,
  startWorld,
  type TestWorld,
  type TestWorldOptions,
} from './start-world.ts';
