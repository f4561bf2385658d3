/**
 * Answers of STS and of its neighbours in the byte shape of the real service: no XML declaration, two spaces a level, a
 * final newline. Source: probes of the real regional endpoint in July 2026; for JSON, answers quoted in public threads.
 */

import { type Frame, filledWithAscii, fillFrame, frameOf } from '../aws/answer-frame.ts';
import { escapeXml, type Members, membersJson, membersXml } from '../aws/query-answer.ts';
import type { StsError } from './errors.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Absent on answers that are no document of the service. */
  readonly contentType?: 'text/xml' | 'application/json';
  readonly location?: string;
  /** Headers beyond the usual ones, in pairs. */
  readonly headers?: readonly string[];
  /** The body is ASCII, so that nobody has to look for how many bytes its characters take. */
  readonly ascii?: boolean;
  /** For the log; empty on success. */
  readonly errorCode: string;
  /** Real STS gives no request ids where its front end refuses before there is a request. */
  readonly anonymous?: true;
}

/** What the client wants to read, and what names the request. */
export interface AnswerForm {
  readonly requestId: string;
  readonly format: 'xml' | 'json';
  /** Namespace of the service's documents; that of STS when absent. */
  readonly namespace?: string;
}

export const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const FAULT_NAMESPACE = 'http://webservices.amazon.com/AWSFault/2005-15-09';

export function success(action: string, result: Members, form: AnswerForm): Answer {
  const { requestId, format, namespace = STS_NAMESPACE } = form;
  if (format === 'json') {
    const body = {
      [`${action}Response`]: {
        [`${action}Result`]: membersJson(result),
        ResponseMetadata: { RequestId: requestId },
      },
    };
    return { status: 200, contentType: 'application/json', errorCode: '', body: JSON.stringify(body) };
  }
  const { before, empty, after, end, frames } = envelopeOf(action, namespace);
  const text = framed(frames, result, before, after);
  if (text !== undefined) {
    const body = text + requestId + end;
    return { status: 200, contentType: 'text/xml', errorCode: '', body, ascii: filledWithAscii() };
  }
  const body = unframed(result, before, empty, after) + requestId + end;
  return { status: 200, contentType: 'text/xml', errorCode: '', body };
}

/** What stands around the members of an action's answers, which is the same each time. */
interface Envelope {
  readonly namespace: string;
  readonly before: string;
  /** From the start to the request id, where there are no members. */
  readonly empty: string;
  readonly after: string;
  readonly end: string;
  /** Of the combinations of members that were seen first. */
  readonly frames: Frame[];
}

const envelopes = new Map<string, Envelope>();

function envelopeOf(action: string, namespace: string): Envelope {
  const known = envelopes.get(action);
  if (known?.namespace === namespace) return known;
  const start = `<${action}Response xmlns="${namespace}">\n`;
  const metadata = '  <ResponseMetadata>\n    <RequestId>';
  const made: Envelope = {
    namespace,
    before: `${start}  <${action}Result>\n`,
    empty: `${start}  <${action}Result/>\n${metadata}`,
    after: `  </${action}Result>\n${metadata}`,
    end: Buffer.from(`</RequestId>\n  </ResponseMetadata>\n</${action}Response>\n`).toString(),
    frames: [],
  };
  envelopes.set(action, made);
  return made;
}

const MAXIMUM_FRAMES = 4;

function framed(frames: Frame[], result: Members, before: string, after: string): string | undefined {
  for (const frame of frames) {
    const text = fillFrame(frame, result);
    if (text !== undefined) return text;
  }
  if (frames.length >= MAXIMUM_FRAMES) return undefined;
  const made = frameOf(result, INDENT, before, after);
  if (made === undefined) return undefined;
  frames.push(made);
  return fillFrame(made, result);
}

function unframed(result: Members, before: string, empty: string, after: string): string {
  const inner = membersXml(result, INDENT);
  return inner === '' ? empty : before + inner + after;
}

const INDENT = '    ';

export function failure(error: StsError, form: AnswerForm): Answer {
  const { status, code, message } = error;
  const { requestId, format, namespace = STS_NAMESPACE } = form;
  const type = status >= 500 ? 'Receiver' : 'Sender';
  if (format === 'json') {
    const body = { Error: { Code: code, Message: message, Type: type }, RequestId: requestId };
    return { status, contentType: 'application/json', errorCode: code, body: JSON.stringify(body) };
  }
  const text = message === undefined ? '' : `    <Message>${escapeXml(message)}</Message>\n`;
  return {
    status,
    contentType: 'text/xml',
    errorCode: code,
    body: `<ErrorResponse xmlns="${error.namespace === 'fault' ? FAULT_NAMESPACE : namespace}">
  <Error>
    <Type>${type}</Type>
    <Code>${escapeXml(code)}</Code>
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
