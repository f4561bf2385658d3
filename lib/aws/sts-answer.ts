/**
 * What a caller learns from an STS answer. Reads the few elements it needs from the flat XML by name, which spares
 * the load an XML library; it is no parser and accepts more than well-formed XML.
 */

import { decodeExtendedRequestId, EXTENDED_REQUEST_ID_HEADER } from './extended-request-id.ts';

export interface StsAnswer {
  /** Whether the status is 200. */
  readonly ok: boolean;
  /** Empty on success, and when the body names no code. */
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly requestId: string;
  /** From the extended request id; empty when the answer does not carry one. */
  readonly servingRegion: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    /** As sent: `2026-01-31T12:00:00Z`. */
    readonly expiration: string;
  };
  /** The caller's own ARN (GetCallerIdentity) or that of the new session (AssumeRole). */
  readonly arn?: string;
}

/** `headers` has lower-case names, as Node's own do. */
export function readAnswer(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  body: string,
): StsAnswer {
  const ok = status === 200;
  const shared = {
    ok,
    errorCode: ok ? '' : (element(body, 'Code') ?? ''),
    errorMessage: ok ? '' : (element(body, 'Message') ?? ''),
    requestId: element(body, 'RequestId') ?? textOf(headers['x-amzn-requestid']),
    servingRegion: decodeExtendedRequestId(textOf(headers[EXTENDED_REQUEST_ID_HEADER]))?.region ?? '',
  };
  if (!ok) return shared;
  const arn = element(body, 'Arn');
  const accessKeyId = element(body, 'AccessKeyId');
  const secretAccessKey = element(body, 'SecretAccessKey');
  const sessionToken = element(body, 'SessionToken');
  const expiration = element(body, 'Expiration');
  return {
    ...shared,
    ...(arn === undefined ? {} : { arn }),
    ...(accessKeyId === undefined ||
    secretAccessKey === undefined ||
    sessionToken === undefined ||
    expiration === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey, sessionToken, expiration } }),
  };
}

/** The text of the first element of this name that has no attributes. */
function element(body: string, name: string): string | undefined {
  const opening = `<${name}>`;
  const start = body.indexOf(opening);
  if (start === -1) return undefined;
  const end = body.indexOf(`</${name}>`, start + opening.length);
  if (end === -1) return undefined;
  const text = body.slice(start + opening.length, end);
  return text.includes('&') ? text.replace(REFERENCE, decodeReference) : text;
}

const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g;

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeReference(whole: string, name?: string, decimal?: string, hexadecimal?: string): string {
  if (name !== undefined) return NAMED[name] ?? whole;
  const point = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
