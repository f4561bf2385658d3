/**
 * Answers in the byte shape of real STS: no XML declaration, two spaces a level, a final newline, empty members left
 * out. Source: probes of the real regional endpoint in July 2026.
 */

import type { StsError } from './errors.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Absent on answers that are no XML document of the service. */
  readonly contentType?: 'text/xml';
  readonly location?: string;
  /** For the log; empty on success. */
  readonly errorCode: string;
  /** Real STS gives no request ids where its front end refuses before there is a request. */
  readonly anonymous?: true;
}

const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const FAULT_NAMESPACE = 'http://webservices.amazon.com/AWSFault/2005-15-09';

/** @param result Lines inside the result element, each indented by four spaces and ended; made by {@link element}. */
export function success(action: string, result: string, requestId: string): Answer {
  return {
    status: 200,
    contentType: 'text/xml',
    errorCode: '',
    body: `<${action}Response xmlns="${STS_NAMESPACE}">
  <${action}Result>
${result}  </${action}Result>
  <ResponseMetadata>
    <RequestId>${requestId}</RequestId>
  </ResponseMetadata>
</${action}Response>
`,
  };
}

export function failure({ status, code, message, namespace }: StsError, requestId: string): Answer {
  const text = message === undefined ? '' : `    <Message>${escapeText(message)}</Message>\n`;
  return {
    status,
    contentType: 'text/xml',
    errorCode: code,
    body: `<ErrorResponse xmlns="${namespace === 'fault' ? FAULT_NAMESPACE : STS_NAMESPACE}">
  <Error>
    <Type>${status >= 500 ? 'Receiver' : 'Sender'}</Type>
    <Code>${escapeText(code)}</Code>
${text}  </Error>
  <RequestId>${requestId}</RequestId>
</ErrorResponse>
`,
  };
}

/** An answer without a body. `errorCode` is only for the log. */
export function bare(status: number, errorCode: string, extra: Partial<Answer> = {}): Answer {
  return { status, body: '', errorCode, ...extra };
}

export function escapeText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text
    .replace(/[&<>]/g, (character) => (character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;'))
    .replace(UNPRINTABLE, '\u{fffd}');
}

/** Whole seconds, as STS writes times: `2026-01-31T12:00:00Z`. */
export function timestamp(epochSeconds: number): string {
  if (epochSeconds !== lastSeconds) {
    lastSeconds = epochSeconds;
    lastTimestamp = `${new Date(epochSeconds * 1_000).toISOString().slice(0, 19)}Z`;
  }
  return lastTimestamp;
}

/** Sessions of one second and one length end together. */
let lastSeconds = Number.NaN;
let lastTimestamp = '';

/** XML 1.0 has no way to write these characters, escaped or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const SPECIAL = /[&<>\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
