/**
 * One Region behind Node's HTTP server: reads the request, hands it on, writes the answer with the headers of real
 * STS, and tells the log. Does as little per request as it can: this is the path that benchmarks measure.
 */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { EXTENDED_REQUEST_ID_HEADER, encodeExtendedRequestId } from '../aws/extended-request-id.ts';
import type { ServiceRecord } from '../journal/sample.ts';
import { type Answer, bare } from '../sts/answer.ts';
import type { ReceivedRequest, Served } from '../sts/region-service.ts';
import type { Clock } from '../time/monotonic.ts';
import { newRequestId } from './request-id.ts';

/** What answers under one host name. */
export interface Host {
  /** Region and service that signatures for the name are scoped to. */
  readonly signingRegion: string;
  readonly signingService: 'sts' | 'iam' | 'account';
  /** Whether the name is that of the global STS endpoint. */
  readonly global: boolean;
  /** Never rejects. */
  readonly answer: (request: ReceivedRequest) => Served | Promise<Served>;
}

export interface RequestListenerOptions {
  /** Region that serves whatever comes in here. */
  readonly region: string;
  /** Whether answers carry the extended request id, which names the serving Region. */
  readonly extendedRequestId: boolean;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly wallClock: () => number;
  /** Gets a row per answered request; times are those of `clock`, not yet of a run. */
  readonly record: (row: ServiceRecord) => void;
}

export function createRequestListener(options: RequestListenerOptions): RequestListener {
  const find = hostFinder(options.hosts);
  return (incoming, outgoing) => {
    const receivedUs = options.clock();
    collect(incoming, (body) => {
      const nowMs = options.wallClock();
      if (body === undefined) {
        finish({ receivedUs, nowMs, host: '', requestId: '', userAgent: '' }, TOO_LARGE, outgoing, options);
        return;
      }
      const { headers, hostCount, hostHeader, userAgent } = headersOf(incoming.rawHeaders);
      const known = hostCount === 1 ? find(hostHeader) : undefined;
      const requestId = newRequestId();
      if (known === undefined) {
        const host = hostName(hostHeader);
        finish({ receivedUs, nowMs, host, requestId, userAgent }, MISDIRECTED, outgoing, options);
        return;
      }
      const arrival: Arrival = { receivedUs, nowMs, host: known.name, requestId, userAgent };
      const served = known.host.answer(receivedOf(incoming, headers, body, known.host, nowMs, requestId));
      if (served instanceof Promise) {
        served.then(
          (answered) => finish(arrival, answered, outgoing, options),
          () => outgoing.destroy(),
        );
      } else finish(arrival, served, outgoing, options);
    });
  };
}

/** Source: probes of the real regional endpoint, which takes bodies of up to exactly this size. */
const MAXIMUM_BODY_BYTES = 10_000_000;

/** What is known of a request before anyone has served it. */
interface Arrival {
  readonly receivedUs: number;
  readonly nowMs: number;
  readonly host: string;
  readonly requestId: string;
  readonly userAgent: string;
}

interface NamedHost {
  /** Goes into the log instead of what a client wrote, which would keep the whole head of its request in memory. */
  readonly name: string;
  readonly host: Host;
}

/** Asks for the last one first, because a text that has just come in is compared faster than it is found in a map. */
function hostFinder(hosts: ReadonlyMap<string, Host>): (header: string) => NamedHost | undefined {
  const named = new Map([...hosts].map(([name, host]): [string, NamedHost] => [name, { name, host }]));
  let last: NamedHost | undefined;
  return (header) => {
    if (last?.name === header) return last;
    const found = named.get(hostName(header));
    if (found !== undefined) last = found;
    return found;
  };
}

function finish(
  { receivedUs, nowMs, host, requestId, userAgent }: Arrival,
  { answer, operation, accessKeyId, account }: Served,
  outgoing: ServerResponse,
  options: RequestListenerOptions,
): void {
  send(outgoing, answer, requestId, nowMs, options);
  options.record({
    receivedUs,
    endedUs: options.clock(),
    region: options.region,
    host,
    operation,
    status: answer.status,
    errorCode: answer.errorCode,
    accessKeyId,
    account,
    caller: callerName(userAgent),
    requestId: answer.anonymous ? '' : requestId,
  });
}

/** Calls back once with the body, or with `undefined` when it is too large; never when the client goes away. */
function collect(incoming: IncomingMessage, done: (body: Uint8Array | undefined) => void): void {
  let first: Uint8Array | undefined;
  let more: Uint8Array[] | undefined;
  let length = 0;
  const onData = (chunk: Uint8Array): void => {
    length += chunk.length;
    if (length > MAXIMUM_BODY_BYTES) {
      incoming.off('data', onData).off('end', onEnd).resume();
      done(undefined);
    } else if (first === undefined) first = chunk;
    else if (more === undefined) more = [first, chunk];
    else more.push(chunk);
  };
  const onEnd = (): void => {
    done(more === undefined ? (first ?? NOTHING) : Buffer.concat(more, length));
  };
  // A client that breaks off has nobody to answer to: without a listener Node tells nobody of that error.
  incoming.on('data', onData).on('end', onEnd);
}

const NOTHING = new Uint8Array(0);

function receivedOf(
  incoming: IncomingMessage,
  headers: ReceivedRequest['http']['headers'],
  body: Uint8Array,
  { signingRegion, signingService, global }: Host,
  nowMs: number,
  requestId: string,
): ReceivedRequest {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  return {
    http: {
      method: incoming.method ?? '',
      path: mark === -1 ? target : target.slice(0, mark),
      query: mark === -1 ? '' : target.slice(mark + 1),
      headers,
      body,
    },
    signingRegion,
    signingService,
    global,
    sourceIp: incoming.socket.remoteAddress ?? '',
    nowMs,
    requestId,
  };
}

const NOBODY = { operation: '', accessKeyId: '', account: '' } as const;

/** This Region does not answer to that name: RFC 9110, section 15.5.20. */
const MISDIRECTED: Served = { ...NOBODY, answer: bare(421, 'MisdirectedRequest', { anonymous: true }) };
const TOO_LARGE: Served = { ...NOBODY, answer: bare(413, 'RequestTooLarge', { anonymous: true }) };

function send(
  outgoing: ServerResponse,
  answer: Answer,
  requestId: string,
  nowMs: number,
  { region, extendedRequestId }: RequestListenerOptions,
): void {
  const { status, body, contentType, location, anonymous } = answer;
  const headers: string[] = anonymous ? [] : ['x-amzn-RequestId', requestId];
  if (extendedRequestId && !anonymous) {
    const nonce = requestId.slice(-8);
    headers.push(EXTENDED_REQUEST_ID_HEADER, encodeExtendedRequestId({ region, atMs: nowMs, nonce }));
  }
  if (contentType !== undefined) headers.push('Content-Type', contentType);
  if (location !== undefined) headers.push('Location', location);
  if (answer.headers !== undefined) headers.push(...answer.headers);
  const length = answer.ascii ? body.length : Buffer.byteLength(body);
  // Clients correct their clocks by this Date, so it is the service's clock and not the machine's.
  headers.push('Content-Length', String(length), 'Date', httpDate(nowMs));
  if (status === 413) headers.push('Connection', 'close');
  // Real STS sends neither Connection nor Keep-Alive.
  else outgoing.removeHeader('Connection');
  outgoing.writeHead(status, headers);
  // Written as it is: characters are bytes, and nothing has to be encoded.
  if (length === body.length) outgoing.end(body, 'latin1');
  else outgoing.end(body);
}

/** Reads the raw list once: Node would make an object of all headers for whoever asks it for one of them. */
function headersOf(raw: readonly string[]): {
  headers: [string, string][];
  hostCount: number;
  hostHeader: string;
  userAgent: string;
} {
  const headers: [string, string][] = [];
  let hostCount = 0;
  let hostHeader = '';
  let userAgent = '';
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    if (name === 'host') {
      hostCount += 1;
      hostHeader = value;
    } else if (name === 'user-agent') userAgent = value;
    headers.push([name, value]);
  }
  return { headers, hostCount, hostHeader, userAgent };
}

/** Lower case, without a port: a client may have been pointed at the listener's own. */
function hostName(header: string): string {
  const colon = header.indexOf(':');
  return (colon === -1 ? header : header.slice(0, colon)).toLowerCase();
}

/**
 * The name in `caller/NAME` of the user agent, or what AWS clients make of the execution environment that programs of a
 * load are started with; empty for strangers.
 */
function callerName(userAgent: string): string {
  const mark = userAgent.includes('caller/') ? 'caller/' : 'exec-env/regionfall-';
  const at = userAgent.indexOf(mark);
  if (at === -1) return '';
  const end = userAgent.indexOf(' ', at);
  return userAgent.slice(at + mark.length, end === -1 ? undefined : end).slice(0, 128);
}

let dateSecond = Number.NaN;
let dateText = '';

/** Written once a second, since writing one costs more than the rest of the headers. */
function httpDate(nowMs: number): string {
  const second = Math.floor(nowMs / 1_000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(second * 1_000).toUTCString();
  }
  return dateText;
}
