/** The service answers, and says no: any STS error code, to all or a share of the requests of a Region. */

import { z } from 'zod';
import { stsLinks } from '../../journal/event.ts';
import {
  COMMON_FIELDS,
  DEFAULT_PROVE_WITHIN_MS,
  defineFaultKind,
  type FaultProblem,
  probeTimeLimitMs,
} from '../fault-kind.ts';
import { accountsOf, matchingLinks, serviceTarget } from '../target.ts';

const PROBED_OPERATIONS = ['AssumeRole', 'GetCallerIdentity', 'GetSessionToken'] as const;

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
  schema: z
    .strictObject({
      kind: z.literal('service-error'),
      ...COMMON_FIELDS,
      target: serviceTarget,
      operations: z
        .array(z.enum(PROBED_OPERATIONS))
        .min(1)
        .optional()
        .describe('Only these; all operations without it.'),
      code: z.string().min(1).describe('STS error code: InternalFailure, ServiceUnavailable, Throttling, …'),
      status: z
        .number()
        .int()
        .min(400)
        .max(599)
        .optional()
        .describe('HTTP status; known codes bring their own.'),
      message: z.string().optional(),
      share: z
        .number()
        .min(0.01, 'a smaller share cannot be proved with a few probes')
        .max(1)
        .default(1)
        .describe('Share of matching requests that get the error.'),
    })
    .describe('The service answers with an STS error, always or for a share of requests.'),
  title: (spec) =>
    `${spec.target.region} answers ${spec.code}${spec.share < 1 ? ` to ${Math.round(spec.share * 100)} %` : ''}`,
  plan: (spec, view) => {
    const links = stsLinks(matchingLinks({ region: spec.target.region }, view));
    const operations = spec.operations ?? ['AssumeRole'];
    const { account } = spec.target;
    const exists = links.length > 0 && accountsOf(spec.target, view).length > 0;
    if (!exists) return { links: [], regions: [], orders: [], probes: [], proveWithinMs: 0 };
    return {
      links: links.map((link) => link.id),
      regions: [spec.target.region],
      orders: [
        {
          to: 'service',
          fault: {
            kind: 'service-error',
            regions: [spec.target.region],
            ...(spec.operations === undefined ? {} : { operations: spec.operations }),
            ...(account === undefined ? {} : { account }),
            code: spec.code,
            status: spec.status ?? STATUS_OF_CODE[spec.code] ?? 500,
            ...(spec.message === undefined ? {} : { message: spec.message }),
            share: spec.share,
          },
        },
      ],
      probes: links.flatMap((link) =>
        operations.map((operation) => ({
          link: link.id,
          operation,
          ...(account === undefined ? {} : { account }),
          during: { kind: 'error', code: spec.code } as const,
          timeLimitMs: probeTimeLimitMs(link.roundTripMs),
        })),
      ),
      // Ten per cent of requests need about 44 tries to show themselves with 99 % certainty.
      proveWithinMs: spec.share === 1 ? DEFAULT_PROVE_WITHIN_MS : 3 * DEFAULT_PROVE_WITHIN_MS,
    };
  },
  check: (spec) => {
    if (spec.status !== undefined || spec.code in STATUS_OF_CODE) return [];
    return [
      {
        place: 'code',
        value: spec.code,
        message: 'the HTTP status of this code is not known',
        hint: `add status, or use one of ${Object.keys(STATUS_OF_CODE).join(', ')}`,
      },
    ] satisfies FaultProblem[];
  },
});
