/**
 * In which words STS says each of its errors, for faults that impersonate one: those of the answers elsewhere in this
 * room, and where real ones name something of the request, that. For sources see where the wording stands.
 */

import { STS_VERSION } from '../aws/query-protocol.ts';
import {
  DUPLICATE_TAG_KEYS,
  EXPIRED_TOKEN,
  EXPIRED_TRADE_IN_TOKEN,
  federationNotAuthorized,
  INSUFFICIENT_SESSION_LIFETIME,
  INTERNAL_FAILURE,
  INVALID_AUTHORIZATION_MESSAGE,
  INVALID_CLIENT_TOKEN_ID,
  INVALID_CONTEXT_ASSERTION,
  INVALID_SUBJECT_CREDENTIALS,
  invalidAction,
  MISSING_AUTHENTICATION_TOKEN,
  malformedInput,
  malformedPolicyDocument,
  regionDisabled,
  SERVICE_UNAVAILABLE,
  SIGNATURE_MISMATCH,
  type StsError,
  THROTTLING,
  validationError,
} from './errors.ts';
import {
  IDP_UNREACHABLE,
  idpRejectedClaim,
  JWT_PAYLOAD_TOO_LARGE,
  NO_VERIFICATION_KEY,
  OUTBOUND_DISABLED,
  RESPONSE_EXPIRED,
  SESSION_DURATION_ESCALATION,
  tokenExpired,
} from './federation/federation-errors.ts';
import { policyMessage } from './session-size.ts';

/** What wording may name. */
export interface Occasion {
  readonly operation: string;
  /** As the access key id names it; empty where nothing is signed. */
  readonly account: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** The error as STS says it, the status being its own; `undefined` for a code that STS does not have. */
export function recordedError(code: string, occasion: Occasion): StsError | undefined {
  return Object.hasOwn(RECORDED, code) ? RECORDED[code]?.(occasion) : undefined;
}

/** Codes that have words of their own. */
export function recordedCodes(): readonly string[] {
  return Object.keys(RECORDED);
}

type Wording = (occasion: Occasion) => StsError;

const always =
  (error: StsError): Wording =>
  () =>
    error;

const RECORDED: Readonly<Record<string, Wording>> = {
  // The words for federated callers, who have no ARN yet: nobody has been authenticated here.
  AccessDenied: ({ operation }) => federationNotAuthorized(operation),
  ExpiredToken: always(EXPIRED_TOKEN),
  ExpiredTokenException: ({ operation, nowMs }) => {
    const nowSeconds = Math.floor(nowMs / 1_000);
    return operation === 'AssumeRoleWithSAML' ? RESPONSE_EXPIRED : tokenExpired(nowSeconds, nowSeconds - 1);
  },
  ExpiredTradeInTokenException: always(EXPIRED_TRADE_IN_TOKEN),
  IDPCommunicationError: always(IDP_UNREACHABLE),
  // THREAD: aws/aws-sdk-js issue 198.
  IDPRejectedClaim: always(
    idpRejectedClaim('graph.facebook.com', 'graph.facebook.com responded with HTTP/1.1 400 Bad Request'),
  ),
  // DOCS, and several threads, for the first of its sentences.
  IncompleteSignature: always({
    status: 400,
    code: 'IncompleteSignature',
    message: "Authorization header requires 'Credential' parameter.",
  }),
  InsufficientSessionLifetime: always(INSUFFICIENT_SESSION_LIFETIME),
  InternalFailure: always(INTERNAL_FAILURE),
  InvalidAction: ({ operation }) => invalidAction(operation, STS_VERSION),
  InvalidAuthorizationMessageException: always(INVALID_AUTHORIZATION_MESSAGE),
  InvalidClientTokenId: always(INVALID_CLIENT_TOKEN_ID),
  InvalidContextAssertion: always(INVALID_CONTEXT_ASSERTION),
  // What us-east-1 answered on 13 June 2023 while identity providers and keys were all in order.
  InvalidIdentityToken: always(NO_VERIFICATION_KEY),
  InvalidParameterValue: always(DUPLICATE_TAG_KEYS),
  InvalidSubjectCredentials: always(INVALID_SUBJECT_CREDENTIALS),
  JWTPayloadSizeExceededException: always(JWT_PAYLOAD_TOO_LARGE),
  MalformedInput: always(malformedInput('missing value for decimal type')),
  MalformedPolicyDocument: always(malformedPolicyDocument('This policy contains invalid Json')),
  MissingAuthenticationToken: always(MISSING_AUTHENTICATION_TOKEN),
  OutboundWebIdentityFederationDisabledException: always(OUTBOUND_DISABLED),
  // The percentage is that of a public report: apache/polaris issue 3243.
  PackedPolicyTooLarge: always({
    status: 400,
    code: 'PackedPolicyTooLarge',
    message: policyMessage(118),
  }),
  RegionDisabledException: ({ account }) => regionDisabled(account),
  ServiceUnavailable: always(SERVICE_UNAVAILABLE),
  SessionDurationEscalationException: always(SESSION_DURATION_ESCALATION),
  SignatureDoesNotMatch: always(SIGNATURE_MISMATCH),
  Throttling: always(THROTTLING),
  // PROBE: the sentence about a parameter that is missing.
  ValidationError: always(
    validationError(
      "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    ),
  ),
};
