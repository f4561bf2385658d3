/**
 * Every error the service says, as data: HTTP status, code and AWS's own wording to the letter. Sources stand beside
 * the entries: PROBE is a set of probes of the real regional endpoint in July 2026; THREAD a public report that
 * quotes the answer; RECORDED an answer that another project has stored; MODEL the service model that AWS publishes;
 * DOCS the STS API reference; GUESS what nobody has published.
 */

import type { Era } from '../aws/eras.ts';

export interface StsError {
  readonly status: number;
  readonly code: string;
  /** Absent: the answer has no Message element. */
  readonly message?: string;
  /** `fault`: the namespace of errors that arise before the request reaches an action. */
  readonly namespace?: 'fault';
}

/** PROBE. `version` is what the request asked for. */
export function invalidAction(action: string, version: string | undefined): StsError {
  const wanted = version ?? 'NO_VERSION_SPECIFIED';
  return {
    status: 400,
    code: 'InvalidAction',
    message: `Could not find operation ${action} for version ${wanted}`,
    namespace: 'fault',
  };
}

/** THREAD: amzn/selling-partner-api-docs issue 3081. */
export const MISSING_AUTHENTICATION_TOKEN: StsError = {
  status: 403,
  code: 'MissingAuthenticationToken',
  message: 'Request is missing Authentication Token',
};

/** PROBE: unknown, inactive or foreign key; token missing, foreign or tampered with; principal deleted. */
export const INVALID_CLIENT_TOKEN_ID: StsError = {
  status: 403,
  code: 'InvalidClientTokenId',
  message: 'The security token included in the request is invalid.',
};

/** PROBE. Without a full stop, and 403 although the model's ExpiredTokenException is 400. */
export const EXPIRED_TOKEN: StsError = {
  status: 403,
  code: 'ExpiredToken',
  message: 'The security token included in the request is expired',
};

/** PROBE. */
export const SIGNATURE_MISMATCH = signatureDoesNotMatch(
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
);

/** THREAD: aws/aws-cli issue 6676. All three are dates in basic format. */
export function signatureExpired(signed: string, earliest: string, now: string): StsError {
  return signatureDoesNotMatch(
    `Signature expired: ${signed} is now earlier than ${earliest} (${now} - 15 min.)`,
  );
}

/** The other side of {@link signatureExpired}; THREAD for other services of AWS. */
export function signatureNotYetCurrent(signed: string, latest: string, now: string): StsError {
  return signatureDoesNotMatch(
    `Signature not yet current: ${signed} is still later than ${latest} (${now} + 15 min.)`,
  );
}

/** PROBE, with its final space; THREAD hashicorp/vault pull 6268 for the wording until 2021, which names the Region. */
export function regionScopeSentence(scoped: string, { scopeErrorNamesRegion }: Era): string {
  const named = scopeErrorNamesRegion ? `, not '${scoped}'` : '';
  return `Credential should be scoped to a valid region${named}. `;
}

/** PROBE, with its final space. */
export function serviceScopeSentence(service: string): string {
  return `Credential should be scoped to correct service: '${service}'. `;
}

/** A re-implementation's wording. */
export const SCOPE_SENTENCES = {
  terminator: "Credential should be scoped with a valid terminator: 'aws4_request'. ",
} as const;

export function dateScopeSentence(scopeDate: string, amzDate: string): string {
  const date = amzDate.slice(0, 8);
  return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scopeDate}' != '${date}', from '${amzDate}'. `;
}

export function signatureDoesNotMatch(message: string): StsError {
  return { status: 403, code: 'SignatureDoesNotMatch', message };
}

export function validationError(message: string): StsError {
  return { status: 400, code: 'ValidationError', message };
}

/** PROBE: a number that is none has no Message at all; an empty one has. */
export function malformedInput(message?: string): StsError {
  return { status: 400, code: 'MalformedInput', ...(message === undefined ? {} : { message }) };
}

/** PROBE: the same words whether the role is missing, trusts others, or belongs to another partition. */
export function notAuthorized(callerArn: string, action: string, resource: string): StsError {
  return accessDenied(
    `User: ${callerArn} is not authorized to perform: sts:${action} on resource: ${resource}`,
  );
}

/** THREAD: apache/hadoop pull 6538, aws/aws-sdk-php issue 1876; fwdcloudsec/granted issue 151 for GetFederationToken. */
export function notWithSession(action: 'GetSessionToken' | 'GetFederationToken'): StsError {
  return accessDenied(`Cannot call ${action} with session credentials`);
}

/** THREAD: kubeflow/testing pull 961, kubernetes/kubectl issue 1243. */
export const ROOT_ASSUMES_NO_ROLE = accessDenied('Roles may not be assumed by root accounts.');

/** THREAD: aws/aws-cli issue 2279, with its final space. Also for a code that was used before. */
export const MFA_CODE_WRONG = accessDenied(
  'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
);

/** THREAD: aws/aws-cli issue 6325, 99designs/aws-vault issue 676; two spaces inside. */
export const MFA_DEVICE_UNKNOWN = accessDenied(
  'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
);

/** THREAD: y13i/sgviz issue 9, with its final space. */
export const MFA_HALF_GIVEN = accessDenied(
  'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ',
);

/** THREAD: aws/aws-sdk-js-v3 issue 6225 for web identities, aws/aws-sdk-net issue 744 for SAML. Names nobody. */
export function federationNotAuthorized(action: string): StsError {
  return accessDenied(`Not authorized to perform sts:${action}`);
}

/** THREAD: oktadev/okta-aws-cli-assume-role issue 307, for the ARNs of role and provider given the wrong way round. */
export const REQUEST_ARN_INVALID = validationError('Request ARN is invalid');

/** PROBE. */
export const DURATION_OVER_ROLE_MAXIMUM = validationError(
  'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
);

/** PROBE. */
export const DURATION_OVER_CHAINING_LIMIT = validationError(
  'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
);

/** PROBE: a chained call that names another source identity than its own session has. */
export const SOURCE_IDENTITY_SET = validationError(
  'The source identity is already set for this assume role session',
);

/** RECORDED, as the two after it: snapshots of the real service in localstack/localstack, April 2025. */
export const TRANSITIVE_KEY_NOT_REQUESTED = invalidParameterValue(
  'The specified transitive tag key must be included in the requested tags.',
);

export const DUPLICATE_TAG_KEYS = invalidParameterValue(
  'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
);

export const TRANSITIVE_KEY_CONFLICT = invalidParameterValue(
  "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
);

/** DOCS for the rule that `aws:` is reserved; GUESS for code and words. */
export const RESERVED_TAG_KEY = invalidParameterValue(
  'Tag keys must not begin with the reserved prefix aws:',
);

/** THREAD: leggedrobotics/kleinkram issue 416. */
export const SESSION_POLICY_TOO_LONG = invalidParameterValue(
  'Session policy should not exceed 2048 characters',
);

/** MODEL for the code; the words are the policy parser's. */
export function malformedPolicyDocument(message: string): StsError {
  return { status: 400, code: 'MalformedPolicyDocument', message };
}

/** IAM's words for a policy that is not there, under the one code of the model that fits: GUESS. */
export function policyNotAttachable(arn: string): StsError {
  return malformedPolicyDocument(`Policy ${arn} does not exist or is not attachable.`);
}

/** THREAD: boto/boto3 issue 4461, AssumeRoot at the global endpoint; that the others say the same is a GUESS. */
export const UNKNOWN_OPERATION: StsError = {
  status: 400,
  code: 'InvalidAction',
  message: 'Unknown Operation',
  namespace: 'fault',
};

/** MODEL for code and status, and for the sense; the sentence is a GUESS. */
export const INVALID_CONTEXT_ASSERTION: StsError = {
  status: 400,
  code: 'InvalidContextAssertion',
  message: 'The context assertion that was provided is invalid.',
};

/** As {@link INVALID_CONTEXT_ASSERTION}. */
export const INVALID_AUTHORIZATION_MESSAGE: StsError = {
  status: 400,
  code: 'InvalidAuthorizationMessageException',
  message: 'The message passed to DecodeAuthorizationMessage was invalid.',
};

/** As {@link INVALID_CONTEXT_ASSERTION}. */
export const EXPIRED_TRADE_IN_TOKEN: StsError = {
  status: 400,
  code: 'ExpiredTradeInTokenException',
  message:
    'The trade-in token provided in the request has expired and can no longer be exchanged for credentials.',
};

/** As {@link INVALID_CONTEXT_ASSERTION}. */
export const INSUFFICIENT_SESSION_LIFETIME: StsError = {
  status: 400,
  code: 'InsufficientSessionLifetime',
  message: 'The requested DurationSeconds is greater than the remaining lifetime of the calling session.',
};

/** As {@link INVALID_CONTEXT_ASSERTION}: who calls with long-term keys has no session to narrow. */
export const INVALID_SUBJECT_CREDENTIALS: StsError = {
  status: 400,
  code: 'InvalidSubjectCredentials',
  message: 'The session used to call GetScopedCredentials is not a valid session.',
};

/** MODEL for code and status; THREAD for the words: turbot/steampipe-plugin-aws issue 1510. */
export function regionDisabled(account: string): StsError {
  return {
    status: 403,
    code: 'RegionDisabledException',
    message: `STS is not activated in this region for account:${account}. Your account administrator can activate STS in this region using the IAM Console.`,
  };
}

export function invalidParameterValue(message: string): StsError {
  return { status: 400, code: 'InvalidParameterValue', message };
}

export function accessDenied(message: string): StsError {
  return { status: 403, code: 'AccessDenied', message };
}

/** DOCS for code and status; THREAD for the words: aws/aws-sdk-go-v2 issue 2481. */
export const THROTTLING: StsError = { status: 400, code: 'Throttling', message: 'Rate exceeded' };

/** DOCS, "Common Error Types". */
export const INTERNAL_FAILURE: StsError = {
  status: 500,
  code: 'InternalFailure',
  message: 'The request processing has failed because of an unknown error, exception or failure.',
};

/** As {@link INTERNAL_FAILURE}. */
export const SERVICE_UNAVAILABLE: StsError = {
  status: 503,
  code: 'ServiceUnavailable',
  message: 'The request has failed due to a temporary failure of the server.',
};
