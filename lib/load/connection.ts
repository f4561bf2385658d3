/**
 * The connections of one caller to one endpoint: kept alive and reopened as an SDK does it. Each new one looks the
 * endpoint's own name up, with a resolver of ours that leads to the link on loopback; those that are open live on,
 * whatever becomes of the name. Notes how long each took to open.
 */

import { Agent, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import type { Clock } from '../time/monotonic.ts';
import type { NameTrouble } from './callers-faults.ts';
import { createNameLookup, GIVEN_UP_PORT } from './name-lookup.ts';

export interface ConnectionOptions {
  readonly host: string;
  /** Loopback port of the link. */
  readonly port: number;
  /** Holds the run's own authority and nothing else. */
  readonly secureContext: SecureContext;
  readonly now: Clock;
  /** What is wrong with the host's name now; without it nothing ever is. */
  readonly nameTrouble?: () => NameTrouble | undefined;
  /** Told in a sentence when our own side, and not the endpoint, could not hold a connection. */
  readonly onStarved?: (sentence: string) => void;
}

/** What is known of one socket. Microseconds; −1 until it happened. */
export interface SocketNotes {
  connectUs: number;
  tlsUs: number;
  /** When the handshake was over; from then on bytes of a request can reach the service. */
  securedUs: number;
  /** Requests that were given this socket. */
  requests: number;
}

/** As in the AWS SDK for JavaScript, version 3: requests beyond them wait for a free socket. */
const MAX_SOCKETS = 50;

export class Connection {
  readonly agent: NotingAgent;
  readonly onStarved: (sentence: string) => void;
  readonly #notes = new WeakMap<Duplex, SocketNotes>();

  constructor(options: ConnectionOptions) {
    this.onStarved = options.onStarved ?? (() => {});
    this.agent = new NotingAgent(options, (socket) => this.#watch(socket, options.now));
  }

  /** The notes of a socket that this connection opened. */
  notesOf(socket: Duplex): SocketNotes {
    const notes = this.#notes.get(socket);
    if (notes === undefined) throw new Error('this socket was opened by another connection');
    return notes;
  }

  /** Closes every socket, idle or not, and opens no other. Abandon the attempts first: they would wait for ever. */
  close(): void {
    this.agent.closed = true;
    this.agent.destroy();
  }

  #watch(socket: Duplex, now: Clock): void {
    const notes: SocketNotes = { connectUs: -1, tlsUs: -1, securedUs: -1, requests: 0 };
    this.#notes.set(socket, notes);
    const openedUs = now();
    socket.once('connect', () => {
      notes.connectUs = now() - openedUs;
    });
    socket.once('secureConnect', () => {
      notes.securedUs = now();
      notes.tlsUs = notes.securedUs - openedUs - notes.connectUs;
    });
  }
}

class NotingAgent extends Agent {
  closed = false;
  readonly #nameTrouble: () => NameTrouble | undefined;
  readonly #opened: (socket: Duplex) => void;

  constructor(
    { host, port, secureContext, nameTrouble = () => undefined }: ConnectionOptions,
    opened: (socket: Duplex) => void,
  ) {
    super({ keepAlive: true, maxSockets: MAX_SOCKETS, host, port, servername: host, secureContext });
    this.#nameTrouble = nameTrouble;
    this.#opened = opened;
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    // A socket that closes makes the agent open another for the oldest request in its queue, even an abandoned one.
    if (this.closed) return null;
    const { lookup, cancel } = createNameLookup(this.#nameTrouble);
    const port = this.#nameTrouble() === 'stale' ? { port: GIVEN_UP_PORT } : {};
    const socket = super.createConnection({ ...options, ...port, lookup }, callback);
    socket?.once('close', cancel);
    if (socket) this.#opened(socket);
    return socket;
  }
}
