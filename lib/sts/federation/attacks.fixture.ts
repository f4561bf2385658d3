/**
 * Published attacks on tokens and assertions, made here with keys of our own, for tests and for the conformance
 * command to count: every one of them must be refused.
 */

import { JWT_ATTACKS } from './jwt-attacks.fixture.ts';
import { SAML_ATTACKS } from './saml-attacks.fixture.ts';

export interface Attack {
  readonly kind: 'jwt' | 'saml';
  readonly name: string;
  /** `accepted`: the attacker got an identity, or another than the issuer vouched for. */
  run(): 'refused' | 'accepted';
}

export const ATTACKS: readonly Attack[] = [...JWT_ATTACKS, ...SAML_ATTACKS];
