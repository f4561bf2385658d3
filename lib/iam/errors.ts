/**
 * What IAM says when it refuses, as data, and the one exception that carries it out of an edit. Sources: RECORDED is
 * what an emulator project recorded from real IAM between 2025 and March 2026; MODEL the service model that AWS
 * publishes; COMMON a wording that many public reports quote; GUESSED is ours.
 */

import type { StsError } from '../sts/errors.ts';

export type IamError = StsError;

/** Thrown by edits and look-ups, caught by the service: nothing is changed then. */
export class Refusal extends Error {
  readonly error: IamError;

  constructor(error: IamError) {
    super(error.message ?? error.code);
    this.error = error;
  }
}

/** RECORDED: user, group and role alike. */
export function noSuch(kind: string, name: string): Refusal {
  return noSuchEntity(`The ${kind} with name ${name} cannot be found.`);
}

export function noSuchEntity(message: string): Refusal {
  return refusal(404, 'NoSuchEntity', message);
}

/** RECORDED for `User with name app already exists.` and its like. */
export function alreadyExists(message: string): Refusal {
  return refusal(409, 'EntityAlreadyExists', message);
}

/** RECORDED: `Cannot delete entity, must detach all policies first.` */
export function mustFirst(what: string): Refusal {
  return deleteConflict(`Cannot delete entity, must ${what} first.`);
}

export function deleteConflict(message: string): Refusal {
  return refusal(409, 'DeleteConflict', message);
}

/** RECORDED for access keys and client ids; COMMON for the others. */
export function quotaExceeded(quota: string, limit: number): Refusal {
  return limitExceeded(`Cannot exceed quota for ${quota}: ${limit}`);
}

export function limitExceeded(message: string): Refusal {
  return refusal(409, 'LimitExceeded', message);
}

export function malformedPolicy(message: string): Refusal {
  return refusal(400, 'MalformedPolicyDocument', message);
}

export function invalidInput(message: string): Refusal {
  return refusal(400, 'InvalidInput', message);
}

export function validationError(message: string): Refusal {
  return refusal(400, 'ValidationError', message);
}

export function accessDenied(message: string): Refusal {
  return refusal(403, 'AccessDenied', message);
}

export function refusal(status: number, code: string, message: string): Refusal {
  return new Refusal({ status, code, message });
}

/** RECORDED. */
export const NEEDS_USER_NAME = 'Must specify userName when calling with non-User credentials';

/** COMMON: what clients show when a service of AWS is away. Retried by every SDK, being a 503. */
export const SERVICE_UNAVAILABLE: IamError = {
  status: 503,
  code: 'ServiceUnavailable',
  message: 'Service is unable to handle request.',
};
