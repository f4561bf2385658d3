/**
 * The environment in which an unmodified program lives inside a world: the proxy of its location, the authority to
 * trust, the keys of a principal, and nothing of the operator's own AWS settings. Pure; which variable each client
 * honours was tried with real ones (AWS CLI 1 and 2, boto3, the SDKs for JavaScript, Go and Java, curl).
 */

import { partitionOfRegion } from '../aws/partitions.ts';
import { nearestName } from '../aws/regions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import { TRUST_STORE_PASSWORD } from './java-trust-store.ts';
import { PRELOAD_PATH, type ProgramFiles } from './program-files.ts';
import type { UpJson } from './up-json.ts';

export interface ProgramOptions {
  /** The Region where the program stands. */
  readonly location: string;
  /**
   * `proxy`: by the edge of this name. `names`: host names lead to the endpoints by themselves, so that nothing but the
   * authority needs to be told.
   */
  readonly way: { readonly by: 'proxy'; readonly edge: string } | { readonly by: 'names' };
  /** AWS partition whose account it belongs to; the location's own without it. */
  readonly partition?: string;
  /** User of the account in that partition. */
  readonly principal: string;
  readonly files: ProgramFiles;
  readonly inherited: Readonly<Record<string, string | undefined>>;
}

const KEPT =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|COLORTERM|LANG|LC_\w+|TZ|TMPDIR|PWD|NO_COLOR|FORCE_COLOR|VIRTUAL_ENV|PYENV_\w+|JAVA_HOME|GOPATH|GOROOT|SYSTEMROOT|COMSPEC|PATHEXT|TEMP|TMP)$/;

/** @throws UsageError when the world has no such edge or principal. */
export function programEnvironment(world: UpJson, options: ProgramOptions): Record<string, string> {
  const { location, way, files, inherited } = options;
  const edge = way.by === 'proxy' ? edgeNamed(world, way.edge) : undefined;
  const partition = options.partition ?? partitionOfRegion(location)?.name;
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
    Object.entries(inherited).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && KEPT.test(entry[0]),
    ),
  );
  return {
    ...kept,
    ...(edge === undefined ? {} : proxyVariables(edge)),
    AWS_CA_BUNDLE: files.ca,
    REQUESTS_CA_BUNDLE: files.ca,
    CURL_CA_BUNDLE: files.ca,
    SSL_CERT_FILE: files.ca,
    NODE_EXTRA_CA_CERTS: files.ca,
    ...listOf('NODE_OPTIONS', [
      inherited['NODE_OPTIONS'],
      ...(edge === undefined ? [] : [`--require=${quotedForNode(PRELOAD_PATH)}`]),
    ]),
    ...listOf('JAVA_TOOL_OPTIONS', [inherited['JAVA_TOOL_OPTIONS'], ...javaOptions(edge, files.trustStore)]),
    AWS_REGION: location,
    AWS_DEFAULT_REGION: location,
    ...credentialVariables(principal),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: files.empty,
    AWS_SHARED_CREDENTIALS_FILE: files.empty,
  };
}

/** How AWS clients are told their keys. */
export function credentialVariables(credentials: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
  };
}

function edgeNamed(world: UpJson, name: string): string {
  const edge = world.edges[name];
  if (edge === undefined) throw unknown('location', name, Object.keys(world.edges));
  return edge;
}

function proxyVariables(edge: string): Record<string, string> {
  return {
    HTTPS_PROXY: edge,
    https_proxy: edge,
    HTTP_PROXY: edge,
    http_proxy: edge,
    NO_PROXY: BYPASS,
    no_proxy: BYPASS,
  };
}

const BYPASS = '127.0.0.1,localhost,::1';

/** Ours behind the operator's own, so that an agent or a heap of theirs stays and a proxy of theirs does not. */
function listOf(name: string, options: readonly (string | undefined)[]): Record<string, string> {
  const given = options.filter(Boolean).join(' ');
  return given === '' ? {} : { [name]: given };
}

/**
 * Proxy and trust as system properties. Version 1 of the SDK goes by `https.`, version 2 by `http.` even where it
 * speaks TLS; a JVM announces on its standard error that it picked them up.
 */
function javaOptions(edge: string | undefined, trustStorePath: string): readonly string[] {
  const properties = {
    'javax.net.ssl.trustStore': trustStorePath,
    'javax.net.ssl.trustStoreType': 'JKS',
    'javax.net.ssl.trustStorePassword': TRUST_STORE_PASSWORD,
    ...(edge === undefined ? {} : javaProxy(new URL(edge))),
  };
  return Object.entries(properties).map(([name, value]) => quotedForJava(`-D${name}=${value}`));
}

function javaProxy({ hostname, port }: URL): Record<string, string> {
  return {
    'https.proxyHost': hostname,
    'https.proxyPort': port,
    'http.proxyHost': hostname,
    'http.proxyPort': port,
    'http.nonProxyHosts': '127.0.0.1|localhost|[::1]',
  };
}

/** NODE_OPTIONS splits at spaces outside double quotes, inside which a backslash escapes. */
export function quotedForNode(path: string): string {
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
