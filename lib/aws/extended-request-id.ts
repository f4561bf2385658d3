/**
 * The header `x-amz-sts-extended-request-id`, by which a caller sees which Region answered: base64 of
 * `1:{region}:S:{epoch ms}:R:{8 characters}`, as seen on answers of real STS since late 2025.
 */

export const EXTENDED_REQUEST_ID_HEADER = 'x-amz-sts-extended-request-id';

export interface ExtendedRequestId {
  readonly region: string;
  /** Wall clock of the service, epoch milliseconds. */
  readonly atMs: number;
  /** Eight letters and digits that tell two requests of one millisecond apart. */
  readonly nonce: string;
}

export function encodeExtendedRequestId(id: ExtendedRequestId): string {
  return btoa(`1:${id.region}:S:${id.atMs}:R:${id.nonce}`);
}

/** `undefined` for text of any other shape. */
export function decodeExtendedRequestId(text: string): ExtendedRequestId | undefined {
  const match = SHAPE.exec(Buffer.from(text, 'base64').toString('latin1'));
  if (match === null) return undefined;
  const [, region = '', atMs = '', nonce = ''] = match;
  return { region, atMs: Number(atMs), nonce };
}

const SHAPE = /^1:([a-z0-9-]+):S:(\d{1,15}):R:([A-Za-z0-9]{8})$/;
