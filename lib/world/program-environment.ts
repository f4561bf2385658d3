/**
 * The environment in which an unmodified program lives inside a world: the proxy of its location, the authority to
 * trust, the keys of a principal, and nothing of the operator's own AWS settings. Pure; which variable each client
 * honours was tried with real ones (AWS CLI 1 and 2, boto3, the SDKs for JavaScript, Go and Java, curl).
 */

import { partitionOfRegion } from '../aws/partitions.ts';
import { nearestName } from '../aws/regions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import { TRUST_STORE_PASSWORD } from './java-trust-store.ts';
import type { UpJson } from './up-json.ts';

export interface ProgramOptions {
  /** Where the program stands; the world must have an edge there. */
  readonly location: string;
  /** User of the account in the location's partition. */
  readonly principal: string;
  /** Absolute path of the file that Node programs load first, because their SDK ignores proxy variables. */
  readonly preloadPath: string;
  /** Absolute path of the world's authority as a Java trust store. */
  readonly trustStorePath: string;
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
  return {
    ...kept,
    HTTPS_PROXY: edge,
    https_proxy: edge,
    HTTP_PROXY: edge,
    http_proxy: edge,
    NO_PROXY: BYPASS,
    no_proxy: BYPASS,
    AWS_CA_BUNDLE: world.ca,
    REQUESTS_CA_BUNDLE: world.ca,
    CURL_CA_BUNDLE: world.ca,
    SSL_CERT_FILE: world.ca,
    NODE_EXTRA_CA_CERTS: world.ca,
    NODE_OPTIONS: afterOwn(
      options.inherited['NODE_OPTIONS'],
      `--require=${quotedForNode(options.preloadPath)}`,
    ),
    JAVA_TOOL_OPTIONS: afterOwn(
      options.inherited['JAVA_TOOL_OPTIONS'],
      ...javaOptions(edge, options.trustStorePath),
    ),
    AWS_REGION: options.location,
    AWS_DEFAULT_REGION: options.location,
    AWS_ACCESS_KEY_ID: principal.accessKeyId,
    AWS_SECRET_ACCESS_KEY: principal.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: options.emptyFile,
    AWS_SHARED_CREDENTIALS_FILE: options.emptyFile,
  };
}

const BYPASS = '127.0.0.1,localhost,::1';

/** Ours behind the operator's own, so that an agent or a heap of theirs stays and a proxy of theirs does not. */
function afterOwn(own: string | undefined, ...ours: readonly string[]): string {
  return [...(own ? [own] : []), ...ours].join(' ');
}

/**
 * Proxy and trust as system properties. Version 1 of the SDK goes by `https.`, version 2 by `http.` even where it
 * speaks TLS; a JVM announces on its standard error that it picked them up.
 */
function javaOptions(edge: string, trustStorePath: string): readonly string[] {
  const { hostname, port } = new URL(edge);
  const properties = {
    'javax.net.ssl.trustStore': trustStorePath,
    'javax.net.ssl.trustStoreType': 'JKS',
    'javax.net.ssl.trustStorePassword': TRUST_STORE_PASSWORD,
    'https.proxyHost': hostname,
    'https.proxyPort': port,
    'http.proxyHost': hostname,
    'http.proxyPort': port,
    'http.nonProxyHosts': '127.0.0.1|localhost|[::1]',
  };
  return Object.entries(properties).map(([name, value]) => quotedForJava(`-D${name}=${value}`));
}

/** NODE_OPTIONS splits at spaces outside double quotes, inside which a backslash escapes. */
function quotedForNode(path: string): string {
  return /[\s"\\]/.test(path) ? `"${path.replaceAll(/["\\]/g, '\\$&')}"` : path;
}

/** JAVA_TOOL_OPTIONS splits at spaces outside quotes of either kind, inside which nothing escapes. */
function quotedForJava(option: string): string {
  return /[\s'"]/.test(option)
    ? option.replaceAll(/[^']+|'+/g, (run) => (run.startsWith("'") ? `"${run}"` : `'${run}'`))
    : option;
}

function unknown(what: string, value: string, known: readonly string[]): UsageError {
  const nearest = nearestName(value, known);
  return new UsageError(`this world has no ${what} '${value}'`, {
    code: what === 'location' ? 'RF-LOCATION-UNKNOWN' : 'RF-PRINCIPAL-UNKNOWN',
    hint: nearest === undefined ? `it has ${known.join(', ')}` : `did you mean '${nearest}'?`,
  });
}
