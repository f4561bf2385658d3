/**
 * Answers of STS and of its neighbours in the byte shape of the real service: no XML declaration, two spaces a level, a
 * final newline. Source: probes of the real regional endpoint in July 2026; for JSON, answers quoted in public threads.
 */

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
  const inner = membersXml(result, '    ');
  const element = inner === '' ? `  <${action}Result/>` : `  <${action}Result>\n${inner}  </${action}Result>`;
  return {
    status: 200,
    contentType: 'text/xml',
    errorCode: '',
    body: `<${action}Response xmlns="${namespace}">
${element}
  <ResponseMetadata>
    <RequestId>${requestId}</RequestId>
  </ResponseMetadata>
</${action}Response>
`,
  };
}

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
