/**
 * Answers of the Account API, which speaks REST and JSON from behind an API gateway: the kind of an error travels in a
 * header. Source: MODEL, the service model of Account Management; GENERAL for the codes of API gateways.
 */

import { type Answer, bare } from '../../sts/answer.ts';
import type { StsError } from '../../sts/errors.ts';

export interface AccountError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Of a ValidationException. */
  readonly reason?: 'invalidRegionOptTarget' | 'fieldValidationFailed';
  /** The field that was wrong, of a ValidationException. */
  readonly field?: string;
}

/** Thrown by operations, caught by the service: nothing is changed then. */
export class AccountRefusal extends Error {
  readonly error: AccountError;

  constructor(error: AccountError) {
    super(error.message);
    this.error = error;
  }
}

/** `undefined`: an operation without an answer, whose body is empty. */
export function jsonAnswer(value: object | undefined): Answer {
  if (value === undefined) return bare(200, '');
  return { status: 200, body: JSON.stringify(value), contentType: 'application/json', errorCode: '' };
}

export function jsonError({ status, code, message, reason, field }: AccountError): Answer {
  const fieldList = field === undefined ? undefined : [{ name: field, message }];
  return {
    status,
    body: JSON.stringify({ message, reason, fieldList }),
    contentType: 'application/json',
    errorCode: code,
    headers: ['x-amzn-ErrorType', code],
  };
}

/** What STS would answer, under the names that gateways have for it. */
export function gatewayError({ status, code, message = '' }: StsError): AccountError {
  return { status, code: GATEWAY_CODES.get(code) ?? code, message };
}

const GATEWAY_CODES: ReadonlyMap<string, string> = new Map([
  ['InvalidClientTokenId', 'UnrecognizedClientException'],
  ['SignatureDoesNotMatch', 'InvalidSignatureException'],
  ['ExpiredToken', 'ExpiredTokenException'],
  ['MissingAuthenticationToken', 'MissingAuthenticationTokenException'],
  ['IncompleteSignature', 'IncompleteSignatureException'],
]);

export function invalidField(field: string, message: string): AccountRefusal {
  return new AccountRefusal({
    status: 400,
    code: 'ValidationException',
    message,
    reason: 'fieldValidationFailed',
    field,
  });
}

/** GUESSED wordings from here on: no public report quotes them. */
export function invalidTarget(message: string): AccountRefusal {
  return new AccountRefusal({
    status: 400,
    code: 'ValidationException',
    message,
    reason: 'invalidRegionOptTarget',
  });
}

export function conflict(message: string): AccountRefusal {
  return new AccountRefusal({ status: 409, code: 'ConflictException', message });
}

export function tooManyRequests(message: string): AccountRefusal {
  return new AccountRefusal({ status: 429, code: 'TooManyRequestsException', message });
}

export function accessDenied(message: string): AccountRefusal {
  return new AccountRefusal({ status: 403, code: 'AccessDeniedException', message });
}

export const SERIALIZATION: AccountError = {
  status: 400,
  code: 'SerializationException',
  message: 'The request body is not a JSON object.',
};
export const UNAVAILABLE: AccountError = {
  status: 503,
  code: 'ServiceUnavailableException',
  message: 'Service is unable to handle request.',
};
export const INTERNAL: AccountError = {
  status: 500,
  code: 'InternalServerException',
  message: 'The request processing has failed because of an unknown error, exception or failure.',
};
export const UNKNOWN_OPERATION: AccountError = {
  status: 404,
  code: 'UnknownOperationException',
  message: 'There is no such operation.',
};
