/**
 * Every error the service says, as data: HTTP status, code and AWS's own wording to the letter. Sources stand beside
 * the entries: PROBE is a set of probes of the real regional endpoint in July 2026; THREAD a public report that
 * quotes the answer; MODEL the service model that AWS publishes; DOCS the STS API reference.
 */

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

/** PROBE for Region and service, each with its final space; a re-implementation's wording for the other two. */
export const SCOPE_SENTENCES = {
  region: 'Credential should be scoped to a valid region. ',
  service: "Credential should be scoped to correct service: 'sts'. ",
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

/** THREAD: apache/hadoop pull 6538, aws/aws-sdk-php issue 1876. */
export const NO_SESSION_FROM_SESSION = accessDenied('Cannot call GetSessionToken with session credentials');

/** PROBE. */
export const DURATION_OVER_ROLE_MAXIMUM = validationError(
  'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
);

/** PROBE. */
export const DURATION_OVER_CHAINING_LIMIT = validationError(
  'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
);

/** MODEL for code and status; THREAD for the words: turbot/steampipe-plugin-aws issue 1510. */
export function regionDisabled(account: string): StsError {
  return {
    status: 403,
    code: 'RegionDisabledException',
    message: `STS is not activated in this region for account:${account}. Your account administrator can activate STS in this region using the IAM Console.`,
  };
}

/** What a service-error fault says when its order has no words of its own. */
export const FAULT_MESSAGES: Readonly<Record<string, string>> = {
  // DOCS, "Common Error Types".
  InternalFailure: 'The request processing has failed because of an unknown error, exception or failure.',
  ServiceUnavailable: 'The request has failed due to a temporary failure of the server.',
  // THREAD: aws/aws-sdk-go-v2 issue 2481.
  Throttling: 'Rate exceeded',
  // THREAD: aws/aws-cli issue 7194; two spaces inside. Seen in us-east-1 on 13 June 2023.
  InvalidIdentityToken:
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
};

function accessDenied(message: string): StsError {
  return { status: 403, code: 'AccessDenied', message };
}
