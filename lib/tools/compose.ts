/** Docker Compose in either of its forms: the plugin of today (`docker compose`), or the program of before. */

import { EnvironmentError } from '../errors/regionfall-error.ts';
import { type FindToolOptions, find } from './find-tool.ts';
import type { Tool } from './tools.ts';

export interface Compose {
  /** The program and its first arguments. */
  readonly command: readonly [string, ...string[]];
  readonly version: string;
}

const COMMON = {
  purpose: 'worlds made of containers',
  versionPattern: /(\d+\.\d+\.\d+)/,
  needed: '1.29 or later',
  suits: (version: string): boolean => {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return major > 1 || (major === 1 && minor >= 29);
  },
  line: {
    darwin: 'brew install --cask docker',
    win32: 'winget install Docker.DockerDesktop',
    other: 'sudo apt-get install docker-compose',
  },
} as const;

const PLUGIN: Tool<'docker compose'> = {
  ...COMMON,
  name: 'docker compose',
  binaries: ['docker'],
  variable: 'REGIONFALL_DOCKER',
  versionArguments: ['compose', 'version', '--short'],
};

const STANDALONE: Tool<'docker-compose'> = {
  ...COMMON,
  name: 'docker-compose',
  binaries: ['docker-compose'],
  variable: 'REGIONFALL_DOCKER_COMPOSE',
  versionArguments: ['version', '--short'],
};

/** The plugin where there is one. @throws EnvironmentError `RF-TOOL-MISSING`. */
export async function requireCompose(options: FindToolOptions = {}): Promise<Compose> {
  const plugin = await find(PLUGIN, options);
  if (plugin.found) return { command: [plugin.path, 'compose'], version: plugin.version };
  const standalone = await find(STANDALONE, options);
  if (standalone.found) return { command: [standalone.path], version: standalone.version };
  throw new EnvironmentError(`neither \`docker compose\` nor docker-compose is here: ${standalone.missing}`, {
    code: 'RF-TOOL-MISSING',
    hint: standalone.hint,
  });
}
