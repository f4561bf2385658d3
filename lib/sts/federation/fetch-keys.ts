/**
 * Fetches a small text from this very machine: loopback only, no redirect, 100 KiB, 2 seconds. The only place where
 * the service opens a connection because of what somebody sent it, which is why it can reach nothing else.
 */

import type { RequestOptions } from 'node:http';
import { get as getSecure } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isLoopbackUrl } from './provider-keys.ts';

// Not imported: see lib/service/admin-server.ts.
const { get: getPlain } = process.getBuiltinModule('node:http');

const MOST_BYTES = 100 * 1024;
const DEADLINE_MS = 2000;

/** Rejects with an error named TimeoutError after two seconds, and with any other for every other reason. */
export function fetchKeys(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!isLoopbackUrl(url)) throw new Error(`'${url}' is no address of this machine`);
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const fail = (error: unknown): void => reject(signal.aborted ? signal.reason : error);
    const options: RequestOptions = { agent: false, lookup, signal, headers: { accept: 'application/json' } };
    const get = url.startsWith('https:') ? getSecure : getPlain;
    const request = get(url, options, (response) => {
      if (response.statusCode !== 200) {
        request.destroy(new Error(`'${url}' answered ${response.statusCode}`));
        return;
      }
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > MOST_BYTES) request.destroy(new Error(`'${url}' sent more than ${MOST_BYTES} bytes`));
        else parts.push(part);
      });
      response.once('error', fail);
      response.once('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    });
    request.once('error', fail);
  });
}

/** `localhost` is 127.0.0.1 here, whatever a resolver would say. */
const lookup: LookupFunction = (_name, options, answer) => {
  if (options.all === true) answer(null, [{ address: '127.0.0.1', family: 4 }]);
  else answer(null, '127.0.0.1', 4);
};
