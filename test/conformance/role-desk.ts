/** A desk with two roles, and questions about the values of parameters that it is asked. */

import {
  allow,
  HOME,
  home,
  policyOf,
  roleOf,
  trustOf,
  withApp,
} from '../../lib/sts/actions/test-accounts.ts';
import type { DeskOptions } from '../../lib/sts/test-desk.ts';
import { type ErrorFacts, invalid, type Parameters } from './answers.ts';
import type { Case } from './desk-cases.ts';

const APP = `arn:aws:iam::${HOME}:user/app`;
export const ROLE = `arn:aws:iam::${HOME}:role/app`;
export const SHORT = `arn:aws:iam::${HOME}:role/short`;
export const MUST = 'failed to satisfy constraint: Member must';
export const one = (clause: string): ErrorFacts => invalid(`1 validation error detected: ${clause}`);
export const malformed = (message?: string): ErrorFacts => ({
  status: 400,
  code: 'MalformedInput',
  ...(message === undefined ? {} : { message }),
});
export const parameter = (message: string): ErrorFacts => ({
  status: 400,
  code: 'InvalidParameterValue',
  message,
});

/** Roles of 12 hours and of one, that the user and both roles may assume, tag and name. */
export const DESK: DeskOptions = {
  accounts: [
    withApp(
      home({
        roles: [43_200, 3_600].map((maxSessionDurationSeconds, index) =>
          roleOf(
            index === 0 ? 'app' : 'short',
            trustOf([APP, ROLE], ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']),
            { maxSessionDurationSeconds },
          ),
        ),
      }),
      { policies: { all: policyOf(allow('sts:*')) } },
    ),
  ],
};

export function asking(name: string, parameters: Parameters, error?: ErrorFacts): Case {
  return { name, desk: DESK, ask: () => ({ parameters }), ...(error && { error }) };
}

export const atMost = (value: string, member: string, length: number): ErrorFacts =>
  one(`Value '${value}' at '${member}' ${MUST} have length less than or equal to ${length}`);
