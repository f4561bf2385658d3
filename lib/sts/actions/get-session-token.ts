/** GetSessionToken: temporary credentials for whoever asks with long-term ones, above all to prove MFA once. */

import { notWithSession } from '../errors.ts';
import { checkNumber, readInteger, validationOf } from '../validation.ts';
import { type Action, isError } from './action.ts';
import { checkMinimumTokenSize, issue, minimumBytes, readMinimumTokenSize } from './issue.ts';
import { accountOf, refuseRegion } from './may-call.ts';
import { checkMfaParameters, proveMfa } from './mfa.ts';
import { USER_DURATION } from './rules.ts';
import { userSessionSeconds } from './user-session.ts';

export const getSessionToken: Action = {
  name: 'GetSessionToken',
  sharesQuota: true,
  run: (call) => {
    const { caller, parameters, nowSeconds } = call;
    const requestedSeconds = readInteger(parameters.get('DurationSeconds'));
    if (typeof requestedSeconds === 'object') return requestedSeconds;
    const minimumTokenSize = readMinimumTokenSize(call);
    if (typeof minimumTokenSize === 'object') return minimumTokenSize;
    const clauses: string[] = [];
    checkNumber(requestedSeconds, USER_DURATION, clauses);
    checkMfaParameters(parameters, clauses);
    checkMinimumTokenSize(minimumTokenSize, clauses);
    const invalid = validationOf(clauses);
    if (invalid !== undefined) return invalid;
    const account = accountOf(call);
    const switchedOff = refuseRegion(call, account);
    if (switchedOff !== undefined) return switchedOff;
    if (caller.session !== undefined) return notWithSession('GetSessionToken');
    const mfa = proveMfa(call);
    if (typeof mfa === 'object') return mfa;
    const { kind, uniqueId = account.id } = caller.principal;
    const issued = issue(call, account, {
      kind: kind === 'root' ? 'root' : 'user',
      principalId: uniqueId,
      sessionName: '',
      durationSeconds: userSessionSeconds(caller, requestedSeconds),
      ...minimumBytes(minimumTokenSize),
      ...(mfa === 'proved' ? { mfaSeconds: nowSeconds } : undefined),
    });
    return isError(issued) ? issued : [issued.credentials, ...issued.sizes];
  },
};
