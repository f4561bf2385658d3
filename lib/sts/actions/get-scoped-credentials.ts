/**
 * GetScopedCredentials: the caller's own session once more, with less permission, less time or both. The caller stays
 * who they are, session name and all. Source: the service model of 2026.
 */

import {
  accessDenied,
  INSUFFICIENT_SESSION_LIFETIME,
  INVALID_SUBJECT_CREDENTIALS,
  malformedPolicyDocument,
  type StsError,
  UNKNOWN_OPERATION,
  validationError,
} from '../errors.ts';
import type { Session } from '../session.ts';
import { compileSessionPolicy } from '../session-policies.ts';
import {
  checkNumber,
  checkText,
  type NumberRule,
  readInteger,
  type TextRule,
  validationOf,
} from '../validation.ts';
import { type Action, type Call, isError, type Result } from './action.ts';
import { checkMinimumTokenSize, issue, minimumBytes, readMinimumTokenSize } from './issue.ts';
import { accountOf } from './may-call.ts';
import { POLICY } from './rules.ts';

export const getScopedCredentials: Action = {
  name: 'GetScopedCredentials',
  run: (call) => {
    if (call.global) return UNKNOWN_OPERATION;
    const order = readOrder(call);
    return 'code' in order ? order : scope(order, call);
  },
};

interface ScopeOrder {
  readonly policy: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly minimumTokenSize: number | undefined;
}

function readOrder(call: Call): ScopeOrder | StsError {
  const { parameters } = call;
  const durationSeconds = readInteger(parameters.get('DurationSeconds'));
  if (typeof durationSeconds === 'object') return durationSeconds;
  const minimumTokenSize = readMinimumTokenSize(call);
  if (typeof minimumTokenSize === 'object') return minimumTokenSize;
  const policy = parameters.get('Policy');
  const clauses: string[] = [];
  checkText(policy, POLICY, clauses);
  checkNumber(durationSeconds, DURATION, clauses);
  checkMinimumTokenSize(minimumTokenSize, clauses);
  checkText(parameters.get('ScopedSessionDescription'), DESCRIPTION, clauses);
  const invalid = validationOf(clauses);
  if (invalid !== undefined) return invalid;
  return policy === undefined && durationSeconds === undefined
    ? NOTHING_TO_SCOPE
    : { policy, durationSeconds, minimumTokenSize };
}

/** GUESS: needs no permission, as nothing is gained by it. */
function scope({ policy, durationSeconds, minimumTokenSize }: ScopeOrder, call: Call): Result {
  const { caller, nowSeconds } = call;
  const { session, principal } = caller;
  if (session === undefined || principal.kind === 'root') return INVALID_SUBJECT_CREDENTIALS;
  const account = accountOf(call);
  const remainingSeconds = session.expiresSeconds - nowSeconds;
  if (durationSeconds !== undefined && durationSeconds > remainingSeconds)
    return INSUFFICIENT_SESSION_LIFETIME;
  const scopes = [...(session.scopes ?? []), ...(policy === undefined ? [] : [policy])];
  if (policy !== undefined) {
    if (scopes.length > MAXIMUM_SCOPES) return TOO_MANY_SCOPES;
    const compiled = compileSessionPolicy(policy, account.partition);
    if ('code' in compiled) return malformedPolicyDocument(compiled.message);
  }
  const issued = issue(call, account, {
    ...kept(session),
    durationSeconds: durationSeconds ?? remainingSeconds,
    ...minimumBytes(minimumTokenSize),
    ...(scopes.length === 0 ? undefined : { scopes }),
  });
  if (isError(issued)) return issued;
  return [
    issued.credentials,
    [
      'SessionInfo',
      [
        ['ScopedSessionId', principal.userId],
        ['Arn', principal.arn],
      ],
    ],
    ...issued.sizes,
    ['ScopedPoliciesCount', scopes.length],
    ['SourceIdentity', session.sourceIdentity],
  ];
}

type Kept = Omit<Session, 'accessKeyId' | 'account' | 'issuingRegion' | 'issuedSeconds' | 'expiresSeconds'>;

function kept(session: Session): Kept {
  const { accessKeyId, account, issuingRegion, issuedSeconds, expiresSeconds, ...rest } = session;
  return rest;
}

const MAXIMUM_SCOPES = 3;
const DURATION: NumberRule = { member: 'durationSeconds', minimum: 1, maximum: 129_600 };
const DESCRIPTION: TextRule = { member: 'scopedSessionDescription', maximum: 256 };

/** MODEL for both rules; GUESS for their codes and words. */
const NOTHING_TO_SCOPE = validationError('At least one of Policy or DurationSeconds must be provided.');
const TOO_MANY_SCOPES = accessDenied('The calling session already has the maximum of 3 scope-down policies.');
