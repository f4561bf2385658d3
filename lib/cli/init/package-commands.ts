/** What each package manager is told: on the user's machine, and on a fresh one. */

import { VERSION } from '../../version.ts';
import type { PackageManager } from './repository.ts';

export interface PackageCommands {
  /** Brings Regionfall into the repository. */
  readonly add: string;
  /** Lines that install on a fresh machine exactly what the lock file says. */
  readonly install: readonly string[];
  /** Begins every command. */
  readonly regionfall: string;
}

export const PACKAGE_COMMANDS: Readonly<Record<PackageManager, PackageCommands>> = {
  // Without scripts: Regionfall needs none, and what a dependency would run at install time is left out of CI.
  npm: {
    add: 'npm install --save-dev regionfall',
    install: ['npm ci --ignore-scripts'],
    regionfall: 'npx regionfall',
  },
  pnpm: {
    add: 'pnpm add --save-dev regionfall',
    install: ['corepack enable', 'pnpm install --frozen-lockfile --ignore-scripts'],
    regionfall: 'pnpm exec regionfall',
  },
  // In CI, Yarn from version 2 on leaves the lock file alone by itself.
  yarn: {
    add: 'yarn add --dev regionfall',
    install: ['corepack enable', 'yarn install'],
    regionfall: 'yarn run regionfall',
  },
  // No package.json, no lock file: the version stands in the command instead.
  none: { add: '', install: [], regionfall: `npx --yes regionfall@${VERSION}` },
};
