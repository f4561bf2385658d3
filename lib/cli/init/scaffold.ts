/** What `init` writes into a repository, and what to type afterwards: all of it as values. */

import { withRunsIgnored } from './gitignore.ts';
import { PACKAGE_COMMANDS } from './package-commands.ts';
import type { Repository } from './repository.ts';
import { scenarioText } from './scenario-text.ts';
import { workflowText } from './workflow-text.ts';

export interface Scaffold {
  /** In the order in which they are written: what is easiest to take back comes last. */
  readonly files: readonly ScaffoldFile[];
  /** Two lines to type in the repository. */
  readonly next: readonly [string, string];
}

export interface ScaffoldFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  /** Whether the file must not be there, or keeps what it has. */
  readonly action: 'create' | 'append';
  /** Of the whole new file, or what is added at its end. */
  readonly text: string;
}

export function scaffoldFor(repository: Repository): Scaffold {
  const { language, packageManager, gitignore } = repository;
  const commands = PACKAGE_COMMANDS[packageManager];
  const scenario = `regionfall/region-outage.scenario.${language === 'typescript' ? 'ts' : 'js'}`;
  const added = withRunsIgnored(gitignore ?? '');
  return {
    files: [
      { path: scenario, action: 'create', text: scenarioText(language) },
      { path: '.github/workflows/regionfall.yml', action: 'create', text: workflowText(commands) },
      ...(added === ''
        ? []
        : [
            {
              path: '.gitignore',
              action: gitignore === undefined ? 'create' : 'append',
              text: added,
            } as const,
          ]),
    ],
    next: [
      packageManager === 'none' || repository.hasRegionfall
        ? `${commands.regionfall} validate ${scenario}`
        : commands.add,
      `${commands.regionfall} run ${scenario}`,
    ],
  };
}
