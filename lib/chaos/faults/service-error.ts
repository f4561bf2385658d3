/** The service answers, and says no: any STS error code, to all or a share of the requests of a Region. */

import { z } from 'zod';
import { defineFaultKind, seedOf } from '../fault-kind.ts';
import { describeAnswer, planOnRequests, REQUEST_FIELDS, requestsOf } from './on-service.ts';

/**
 * Codes that an outage of STS shows, with the status they travel with. Throttling is 400 with STS, not 429.
 * Sources: AWS, "Common Errors" of the STS API reference; repost.aws/knowledge-center/iam-sts-throttling-error.
 */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  InternalFailure: 500,
  ServiceUnavailable: 503,
  Throttling: 400,
  AccessDenied: 403,
  ExpiredToken: 403,
  InvalidClientTokenId: 403,
  InvalidIdentityToken: 400,
  IDPCommunicationError: 400,
};

export const serviceError = defineFaultKind({
  kind: 'service-error',
  about: 'The service answers with an STS error, always or for a share of requests.',
  fields: {
    ...REQUEST_FIELDS,
    code: z.string().min(1).describe('STS error code: InternalFailure, ServiceUnavailable, Throttling, …'),
    status: z
      .number()
      .int()
      .min(400)
      .max(599)
      .optional()
      .describe('HTTP status; known codes bring their own.'),
    message: z.string().optional().describe("The code's own wording without it."),
  },
  title: (spec) => describeAnswer(spec, spec.code),
  plan: (spec, view) =>
    planOnRequests(spec, view, {
      faultAt: (strength) => ({
        kind: 'error',
        requests: requestsOf(spec, spec.share * strength),
        code: spec.code,
        status: spec.status ?? STATUS_OF_CODE[spec.code] ?? 500,
        ...(spec.message === undefined ? {} : { message: spec.message }),
        seed: seedOf(spec, view),
      }),
      during: { kind: 'error', codes: [spec.code] },
    }),
  check: ({ status, code }) =>
    status !== undefined || code in STATUS_OF_CODE
      ? []
      : [
          {
            place: 'code',
            value: code,
            message: 'the HTTP status of this code is not known',
            hint: `add status, or use one of ${Object.keys(STATUS_OF_CODE).join(', ')}`,
          },
        ],
});
