/** The parts of an HTTP request that a signature covers. */

export interface HttpRequest {
  readonly method: string;
  /** As on the wire, percent escapes kept, without the query. */
  readonly path: string;
  /** As on the wire, without the question mark. */
  readonly query: string;
  /** Lower-case names; a name may occur more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array;
}

/** The first value of a header, by its lower-case name. */
export function headerOf(request: HttpRequest, name: string): string | undefined {
  for (const header of request.headers) if (header[0] === name) return header[1];
  return undefined;
}
