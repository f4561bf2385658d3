/** What sections hold answers against: an error as real STS writes it, byte for byte, and members by their order. */

import assert from 'node:assert/strict';
import { type Credentials, Secret } from '../../lib/aws/credentials.ts';
import { STS_VERSION } from '../../lib/aws/query-protocol.ts';
import { REQUEST_ID } from '../../lib/sts/test-desk.ts';

/** The numbers and words of one recorded error. */
export interface ErrorFacts {
  readonly status: number;
  readonly code: string;
  /** Absent: the answer has no Message element. */
  readonly message?: string;
  /** Of errors that arise before the request reaches an action. */
  readonly namespace?: 'fault';
}

export type Parameters = Readonly<Record<string, string>>;

const NAMESPACES = {
  service: 'https://sts.amazonaws.com/doc/2011-06-15/',
  fault: 'http://webservices.amazon.com/AWSFault/2005-15-09',
} as const;

/** Written out here once more, so that a slip in the service's own writer is seen. */
export function errorXml({ code, message, namespace }: ErrorFacts, requestId = REQUEST_ID): string {
  const text = message?.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    `<ErrorResponse xmlns="${NAMESPACES[namespace ?? 'service']}">`,
    '  <Error>',
    '    <Type>Sender</Type>',
    `    <Code>${code}</Code>`,
    ...(text === undefined ? [] : [`    <Message>${text}</Message>`]),
    '  </Error>',
    `  <RequestId>${requestId}</RequestId>`,
    '</ErrorResponse>',
    '',
  ].join('\n');
}

export { textIn } from '../../lib/sts/actions/test-accounts.ts';

export interface AnsweredAtDesk {
  readonly body: string;
  readonly served: { readonly answer: { readonly status: number } };
}

export function assertError({ body, served }: AnsweredAtDesk, facts: ErrorFacts): void {
  assert.equal(body, errorXml(facts));
  assert.equal(served.answer.status, facts.status);
}

export function assertAccepted({ body, served }: AnsweredAtDesk): void {
  assert.equal(served.answer.status, 200, body);
}

/** The parameters of a call. */
export function calling(action: string, parameters: Parameters = {}): Parameters {
  return { Action: action, Version: STS_VERSION, ...parameters };
}

export function keysOf(from: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}): Credentials {
  return { accessKeyId: from.accessKeyId, secretAccessKey: new Secret(from.secretAccessKey) };
}

/** The elements of a result with those inside them: `Credentials.Expiration`. In order. */
export function membersInXml(body: string, action: string): readonly string[] {
  const start = body.indexOf(`<${action}Result>`);
  const end = body.indexOf(`</${action}Result>`);
  const path: string[] = [];
  const members: string[] = [];
  for (const [, closing, name = '', alone] of body.slice(start, end).matchAll(/<(\/?)(\w+)(\/?)>/g)) {
    if (closing === '/') path.pop();
    else {
      path.push(name);
      members.push(path.slice(1).join('.'));
      if (alone === '/') path.pop();
    }
  }
  return members.slice(1);
}

export const denied = (arn: string, action: string, resource: string): ErrorFacts => ({
  status: 403,
  code: 'AccessDenied',
  message: `User: ${arn} is not authorized to perform: sts:${action} on resource: ${resource}`,
});

export const refused = (message: string): ErrorFacts => ({ status: 403, code: 'AccessDenied', message });

export const invalid = (message: string): ErrorFacts => ({ status: 400, code: 'ValidationError', message });

export const mismatch = (message: string): ErrorFacts => ({
  status: 403,
  code: 'SignatureDoesNotMatch',
  message,
});

export const INVALID_TOKEN: ErrorFacts = {
  status: 403,
  code: 'InvalidClientTokenId',
  message: 'The security token included in the request is invalid.',
};
