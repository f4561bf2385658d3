/**
 * STS in trouble that blames the caller: InvalidIdentityToken, an error that says the identity provider is at fault and
 * that no SDK retries. Seen in us-east-1 on 13 June 2023: github.com/awslabs/aws-sdk-rust issue 827.
 */

import { defineFaultKind, seedOf } from '../fault-kind.ts';
import { describeAnswer, planOnRequests, REQUEST_FIELDS, requestsOf } from './on-service.ts';

const CODE = 'InvalidIdentityToken';

export const impostorError = defineFaultKind({
  kind: 'impostor-error',
  about: 'The service answers InvalidIdentityToken in its real wording, as if the caller were to blame.',
  fields: REQUEST_FIELDS,
  title: (spec) => describeAnswer(spec, `${CODE} as if callers were to blame`),
  plan: (spec, view) =>
    planOnRequests(spec, view, {
      // Without a message the service takes the wording of the day.
      faultAt: (strength) => ({
        kind: 'error',
        requests: requestsOf(spec, spec.share * strength),
        code: CODE,
        status: 400,
        seed: seedOf(spec, view),
      }),
      during: { kind: 'error', codes: [CODE] },
    }),
});
