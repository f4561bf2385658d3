/** The sections of the ledger, in the order of the table. */

import type { Section } from './ledger.ts';
import { authenticationErrors } from './sections/authentication-errors.ts';
import { constraints } from './sections/constraints.ts';
import { eras } from './sections/eras.ts';
import { federation } from './sections/federation.ts';
import { federationAttacks } from './sections/federation-attacks.ts';
import { hostNames } from './sections/host-names.ts';
import { mfa } from './sections/mfa.ts';
import { modelledErrors } from './sections/modelled-errors.ts';
import { orderOfChecks } from './sections/order-of-checks.ts';
import { outbound } from './sections/outbound.ts';
import { partitions } from './sections/partitions.ts';
import { recordedDenials } from './sections/recorded-denials.ts';
import { recordedFront } from './sections/recorded-front.ts';
import { recordedLimits } from './sections/recorded-limits.ts';
import { recordedValidation } from './sections/recorded-validation.ts';
import { regionSwitch } from './sections/region-switch.ts';
import { responseMembers } from './sections/response-members.ts';
import { sessions } from './sections/sessions.ts';
import { signatureErrors } from './sections/signature-errors.ts';
import { signatures } from './sections/signatures.ts';
import { tokens } from './sections/tokens.ts';

export const SECTIONS: readonly Section[] = [
  hostNames,
  recordedFront,
  authenticationErrors,
  signatureErrors,
  recordedDenials,
  mfa,
  recordedValidation,
  recordedLimits,
  constraints,
  orderOfChecks,
  responseMembers,
  sessions,
  partitions,
  tokens,
  eras,
  regionSwitch,
  signatures,
  federation,
  outbound,
  modelledErrors,
  federationAttacks,
];
