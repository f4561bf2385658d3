/**
 * The environment in which an unmodified program lives inside a world: the proxy of its location, the authority to
 * trust, the keys of a principal, and nothing of the operator's own AWS settings. Pure; which variable each client
 * honours was tried with real ones (AWS CLI 1 and 2, boto3, the SDKs for JavaScript and Go, curl).
 */

import { partitionOfRegion } from '../aws/partitions.ts';
import { nearestName } from '../aws/regions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { UpJson } from './up-json.ts';

export interface ProgramOptions {
  /** Where the program stands; the world must have an edge there. */
  readonly location: string;
  /** User of the account in the location's partition. */
  readonly principal: string;
  /** Absolute path of the file that Node programs load first, because their SDK ignores proxy variables. */
  readonly preloadPath: string;
  /** An empty file for AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE. */
  readonly emptyFile: string;
  readonly inherited: Readonly<Record<string, string | undefined>>;
}

const KEPT =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|COLORTERM|LANG|LC_\w+|TZ|TMPDIR|PWD|NO_COLOR|FORCE_COLOR|VIRTUAL_ENV|PYENV_\w+|JAVA_HOME|GOPATH|GOROOT|SYSTEMROOT|COMSPEC|PATHEXT|TEMP|TMP)$/;

/** @throws UsageError when the world has no such location or principal. */
export function programEnvironment(world: UpJson, options: ProgramOptions): Record<string, string> {
  const edge = world.edges[options.location];
  if (edge === undefined) throw unknown('location', options.location, Object.keys(world.edges));
  const partition = partitionOfRegion(options.location)?.name;
  const account = world.accounts.find((candidate) => candidate.partition === partition) ?? world.accounts[0];
  const principals = account?.principals ?? [];
  const principal = principals.find((candidate) => candidate.name === options.principal);
  if (principal === undefined) {
    throw unknown(
      'principal',
      options.principal,
      principals.map((candidate) => candidate.name),
    );
  }
  const kept = Object.fromEntries(
    Object.entries(options.inherited).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && KEPT.test(entry[0]),
    ),
  );
  const bypass = '127.0.0.1,localhost,::1';
  return {
    ...kept,
    HTTPS_PROXY: edge,
    https_proxy: edge,
    HTTP_PROXY: edge,
    http_proxy: edge,
    NO_PROXY: bypass,
    no_proxy: bypass,
    AWS_CA_BUNDLE: world.ca,
    REQUESTS_CA_BUNDLE: world.ca,
    CURL_CA_BUNDLE: world.ca,
    SSL_CERT_FILE: world.ca,
    NODE_EXTRA_CA_CERTS: world.ca,
    NODE_OPTIONS: [options.inherited['NODE_OPTIONS'], `--require=${options.preloadPath}`]
      .filter(Boolean)
      .join(' '),
    AWS_REGION: options.location,
    AWS_DEFAULT_REGION: options.location,
    AWS_ACCESS_KEY_ID: principal.accessKeyId,
    AWS_SECRET_ACCESS_KEY: principal.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: options.emptyFile,
    AWS_SHARED_CREDENTIALS_FILE: options.emptyFile,
  };
}

function unknown(what: string, value: string, known: readonly string[]): UsageError {
  const nearest = nearestName(value, known);
  return new UsageError(`this world has no ${what} '${value}'`, {
    code: what === 'location' ? 'RF-LOCATION-UNKNOWN' : 'RF-PRINCIPAL-UNKNOWN',
    hint: nearest === undefined ? `it has ${known.join(', ')}` : `did you mean '${nearest}'?`,
  });
}
