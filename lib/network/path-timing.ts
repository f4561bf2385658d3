/**
 * When bytes that set out now arrive at the other end of a path. Pure arithmetic in microseconds.
 *
 * A connection to loopback opens at once, whereas over a path its caller would wait one round trip before
 * it could send. The missing round trip is charged to the first flight, and only as much of it as has not
 * passed anyway:
 *
 *   caller   SYN ──────────▶           first flight ──────────▶
 *   service        ◀────────── SYN-ACK                          ◀── answer
 *            |← one round trip →|← half of one →|← half of one →|
 */

export interface Path {
  /** Round trip at the moment the connection was opened. */
  readonly handshakeUs: number;
  /** When the connection was opened. */
  readonly openedUs: number;
}

/** Toward the service: nothing leaves the caller before its connect would have ended. */
export function arrivalAtServiceUs(path: Path, sentUs: number, roundTripUs: number): number {
  return Math.max(sentUs, path.openedUs + path.handshakeUs) + roundTripUs / 2;
}

/** Toward the caller: nothing leaves the service before it would have known of the connection. */
export function arrivalAtCallerUs(path: Path, sentUs: number, roundTripUs: number): number {
  return Math.max(sentUs, path.openedUs + path.handshakeUs * 1.5) + roundTripUs / 2;
}
