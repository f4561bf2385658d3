/** A Toxiproxy that somebody else started and wants to be used instead of a child of ours. */

import { EnvironmentError } from '../errors/regionfall-error.ts';

export const TOXIPROXY_URL_VARIABLE = 'REGIONFALL_TOXIPROXY_URL';

/**
 * The address that the environment gives, without a slash at its end: `http://127.0.0.1:8474`. Undefined where it
 * gives none. Only loopback will do: the proxies have to stand between callers and endpoints of this machine.
 *
 * @throws EnvironmentError `RF-TOXIPROXY-URL` for anything that is no http address of loopback.
 */
export function givenToxiproxyUrl(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const given = env[TOXIPROXY_URL_VARIABLE];
  if (given === undefined || given === '') return undefined;
  const url = URL.parse(given);
  if (url === null) throw refused(given, 'that is no address');
  if (url.protocol !== 'http:') throw refused(given, 'Toxiproxy speaks http');
  if (!LOOPBACK_HOST.test(url.hostname))
    throw refused(given, 'only loopback is used: 127.0.0.1, ::1, localhost');
  if (url.username !== '' || url.password !== '')
    throw refused(given, 'Toxiproxy knows no user and no password');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw refused(given, 'nothing may come after the port');
  }
  // A name can be looked up to anything.
  if (url.hostname === 'localhost') url.hostname = '127.0.0.1';
  return url.origin;
}

const LOOPBACK_HOST = /^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;

function refused(given: string, why: string): EnvironmentError {
  // Whoever put a password there does not want it printed.
  const shown = given.replace(/\/\/[^/]*@/, '//…@');
  return new EnvironmentError(`${TOXIPROXY_URL_VARIABLE} is '${shown}': ${why}`, {
    code: 'RF-TOXIPROXY-URL',
    hint: `export ${TOXIPROXY_URL_VARIABLE}=http://127.0.0.1:8474, or unset it`,
  });
}
