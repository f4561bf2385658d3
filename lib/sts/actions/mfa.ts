/** A one-time password of the caller's own device, as AssumeRole and GetSessionToken take it. */

import { MFA_CODE_WRONG, MFA_DEVICE_UNKNOWN, MFA_HALF_GIVEN, type StsError } from '../errors.ts';
import { checkText } from '../validation.ts';
import type { Call } from './action.ts';
import { SERIAL_NUMBER, TOKEN_CODE } from './rules.ts';

export type MfaProof = 'absent' | 'proved' | StsError;

export function checkMfaParameters(parameters: ReadonlyMap<string, string>, clauses: string[]): void {
  checkText(parameters.get('SerialNumber'), SERIAL_NUMBER, clauses);
  checkText(parameters.get('TokenCode'), TOKEN_CODE, clauses);
}

/** Uses the code up when it is right. */
export function proveMfa({ parameters, caller, identity, nowMs }: Call): MfaProof {
  const serial = parameters.get('SerialNumber');
  const code = parameters.get('TokenCode');
  if (serial === undefined && code === undefined) return 'absent';
  if (serial === undefined || code === undefined) return MFA_HALF_GIVEN;
  const device = caller.account?.mfaDevices.get(serial);
  // A role's session has no device: the id it goes by is the role's.
  const { kind, uniqueId = caller.principal.account } = caller.principal;
  if (device === undefined || kind === 'federated-user' || device.principalId !== uniqueId) {
    return MFA_DEVICE_UNKNOWN;
  }
  return identity.mfa.accept(device, code, nowMs) ? 'proved' : MFA_CODE_WRONG;
}
