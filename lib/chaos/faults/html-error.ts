/** The page of a load balancer in front of the service: HTML where a client expects XML, with no error code in it. */

import { z } from 'zod';
import { defineFaultKind, seedOf } from '../fault-kind.ts';
import { describeAnswer, planOnRequests, REQUEST_FIELDS, requestsOf } from './on-service.ts';

export const htmlError = defineFaultKind({
  kind: 'html-error',
  about: 'A page of HTML comes instead of an STS answer, as from a load balancer.',
  fields: {
    ...REQUEST_FIELDS,
    status: z.int().min(400).max(599).default(503).describe('HTTP status.'),
  },
  title: (spec) => describeAnswer(spec, `a page of HTML with ${spec.status}`),
  plan: (spec, view) =>
    planOnRequests(spec, view, {
      faultAt: (strength) => ({
        kind: 'html',
        requests: requestsOf(spec, spec.share * strength),
        status: spec.status,
        seed: seedOf(spec, view),
      }),
      // A page names no code; the callers' own word for such an answer is its status.
      during: { kind: 'error', codes: [`HTTP${spec.status}`] },
    }),
});
