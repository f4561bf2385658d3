/** How k6 is started: with nothing of the operator's, nothing to download or to report, and no way out of this machine. */

import { EVERYTHING_ELSE } from './script/loopback-only.ts';

export interface K6Files {
  readonly script: string;
  /** JSON of K6Config. */
  readonly config: string;
  /** JSON of k6's own options, for scripts that bring none. */
  readonly k6Config: string;
  readonly ca: string;
  /** k6 keeps settings there. */
  readonly home: string;
}

/** No summary at the end: k6 2.x knows the word of 1.x no more. */
export function withoutSummary(version: string): string {
  return Number(version.split('.')[0]) >= 2 ? '--summary-mode=disabled' : '--no-summary';
}

export function k6Arguments(
  { script, k6Config }: Pick<K6Files, 'script' | 'k6Config'>,
  version: string,
): readonly string[] {
  return [
    'run',
    '--quiet',
    withoutSummary(version),
    '--no-usage-report',
    '--no-color',
    '--address',
    '',
    '--config',
    k6Config,
    // On the command line it stands above whatever a script says.
    ...EVERYTHING_ELSE.flatMap((block) => ['--blacklist-ip', block]),
    '--out',
    'json=-',
    script,
  ];
}

export function k6Environment(files: K6Files): Record<string, string> {
  return {
    HOME: files.home,
    TZ: 'UTC',
    SSL_CERT_FILE: files.ca,
    SSL_CERT_DIR: files.home,
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    REGIONFALL_CONFIG: files.config,
  };
}
