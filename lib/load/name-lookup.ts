/**
 * Stands where the system's resolver would: tells a connection the address of the endpoint's name, or what a resolver
 * tells while names are in trouble. It never asks a real one, so no name of AWS ever leaves the machine.
 */

import type { LookupFunction } from 'node:net';
import type { NameTrouble } from './callers-faults.ts';

/** Where every link listens. */
export const LINK_ADDRESS = '127.0.0.1';

/**
 * Stands for an address that was given up, at which connects are refused. A second loopback address would say it more
 * plainly, and is there on Linux only; on port 1 only an administrator can listen, and nobody does: the service that
 * it is kept for, TCPMUX (RFC 1078), was declared historic by RFC 7805.
 */
export const GIVEN_UP_PORT = 1;

/** One lookup, for one connection. */
export interface NameLookup {
  readonly lookup: LookupFunction;
  /** The connection is given up: nothing is told any more, and no timer is left. */
  cancel(): void;
}

/**
 * As the resolver of glibc does it without a line in resolv.conf: five seconds for an answer, and two tries
 * (resolv.conf(5), `timeout` and `attempts`).
 */
const TRY_MS = 5_000;
const TRIES = 2;

/** What getaddrinfo tells (netdb.h), and what Node makes of it: the codes of libuv's errors, uv.h. */
const FAILURES = {
  // EAI_NONAME
  gone: { code: 'ENOTFOUND', errno: -3008 },
  // EAI_NODATA. Node tells it apart by the number alone.
  empty: { code: 'ENOTFOUND', errno: -3007 },
  'no-answer': { code: 'EAI_AGAIN', errno: -3001 },
} as const;

/** @param trouble What is wrong with this name now. Asked again for each try. */
export function createNameLookup(trouble: () => NameTrouble | undefined): NameLookup {
  let timer: NodeJS.Timeout | undefined;
  const lookup: LookupFunction = (host, options, callback) => {
    const tell = (): void => {
      if (options.all === true) callback(null, [{ address: LINK_ADDRESS, family: 4 }]);
      else callback(null, LINK_ADDRESS, 4);
    };
    const fail = (kind: keyof typeof FAILURES): void => callback(resolverError(kind, host), '', 0);
    const ask = (tried: number): void => {
      const now = tried < TRIES ? trouble() : undefined;
      if (tried === TRIES) fail('no-answer');
      else if (now === 'gone' || now === 'empty') fail(now);
      // The port was chosen with the first try: an address that goes stale later is as good as no answer.
      else if (now === undefined || (now === 'stale' && tried === 0)) tell();
      else timer = setTimeout(ask, TRY_MS, tried + 1);
    };
    // A resolver never answers within the call, and who asks may count on that.
    process.nextTick(ask, 0);
  };
  return { lookup, cancel: () => clearTimeout(timer) };
}

/** As Node reports what getaddrinfo says. */
function resolverError(kind: keyof typeof FAILURES, hostname: string): NodeJS.ErrnoException {
  const { code, errno } = FAILURES[kind];
  const syscall = 'getaddrinfo';
  return Object.assign(new Error(`${syscall} ${code} ${hostname}`), { code, errno, syscall, hostname });
}
