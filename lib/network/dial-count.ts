/** Counts what an edge is asked for, by host and port: what a program depends on, whether it says so or not. Pure. */

export interface Dial {
  /** As the program wrote it; empty for all that came after the most different ones that are told apart. */
  readonly host: string;
  /** 0 where none was named. */
  readonly port: number;
  readonly times: number;
}

export interface DialCount {
  /** @param target Of a CONNECT (`host:443`) or of a plain request through a proxy (`http://host/path`). */
  count(target: string): void;
  all(): readonly Dial[];
}

/** A program that scans must not fill the memory of the network. */
const APART_MOST = 1_000;
const HOST_LENGTH_MOST = 253;

export function createDialCount(): DialCount {
  const dials = new Map<string, { host: string; port: number; times: number }>();
  return {
    count: (target) => {
      const asked = placeOf(target);
      if (asked === undefined) return;
      const place = dials.size < APART_MOST || dials.has(keyOf(asked)) ? asked : OTHERS;
      const known = dials.get(keyOf(place));
      if (known === undefined) dials.set(keyOf(place), { ...place, times: 1 });
      else known.times += 1;
    },
    all: () => [...dials.values()].map((dial) => ({ ...dial })),
  };
}

interface Place {
  readonly host: string;
  readonly port: number;
}

const OTHERS: Place = { host: '', port: 0 };

function keyOf({ host, port }: Place): string {
  return `${host}:${port}`;
}

/** Undefined for a request to the proxy itself. */
function placeOf(target: string): Place | undefined {
  if (target.startsWith('/') || target === '') return undefined;
  const [, scheme, authority = ''] = /^(?:([a-z]+):\/\/)?(?:[^/?#]*@)?([^/?#]*)/i.exec(target) ?? [];
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?/.exec(authority) ?? [];
  const host = (bracketed ?? plain ?? '').slice(0, HOST_LENGTH_MOST);
  return { host, port: Number(port ?? (scheme === undefined ? 0 : 80)) };
}
