/** GetSessionToken: temporary credentials for the user who asks with long-term ones. */

import { NO_SESSION_FROM_SESSION, regionDisabled } from '../errors.ts';
import { checkNumber, readInteger, validationOf } from '../validation.ts';
import type { Action } from './action.ts';

export const getSessionToken: Action = {
  name: 'GetSessionToken',
  run: ({ caller, parameters, nowSeconds, endpointRegion, identity, issuer }) => {
    const durationSeconds = readInteger(parameters.get('DurationSeconds'));
    if (typeof durationSeconds === 'object') return durationSeconds;
    const clauses: string[] = [];
    checkNumber(durationSeconds, DURATION, clauses);
    const invalid = validationOf(clauses);
    if (invalid !== undefined) return invalid;
    const { account } = caller;
    if (!identity.switches.isActive(account, endpointRegion)) return regionDisabled(account);
    if (caller.kind !== 'user') return NO_SESSION_FROM_SESSION;
    return issuer.credentials({
      account,
      kind: 'user',
      principalId: caller.userId,
      sessionName: '',
      issuedSeconds: nowSeconds,
      durationSeconds: durationSeconds ?? DEFAULT_SECONDS,
    });
  },
};

/** Source: the service model; the default is twelve hours for an IAM user. */
const DURATION = { member: 'durationSeconds', minimum: 900, maximum: 129_600 } as const;
const DEFAULT_SECONDS = 43_200;
