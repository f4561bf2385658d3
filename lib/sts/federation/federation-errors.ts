/**
 * What the service answers when a token or an assertion of somebody else's issuer does not convince it. THREAD quotes
 * a public report, DOCS a page of the IAM User Guide, MODEL the published service model; GUESS is our own wording
 * under a code of the model.
 */

import type { StsError } from '../errors.ts';

/** THREAD: aws-actions/configure-aws-credentials issue 280; also recorded in the tests of smithy-lang/smithy-rs. */
export function noSuchIssuer(issuer: string): StsError {
  return invalidIdentityToken(`No OpenIDConnect provider found in your account for ${issuer}`);
}

/** THREAD: awslabs/amazon-eks-irsa-cfn pull 18. */
export const INCORRECT_AUDIENCE = invalidIdentityToken('Incorrect token audience');

/** THREAD: aws/aws-sdk-ruby issue 2698 for `aud`, aws-actions/configure-aws-credentials issue 502 for `sub`. */
export function missingClaim(claim: string): StsError {
  return invalidIdentityToken(`Missing a required claim: ${claim}`);
}

/**
 * DOCS: the Cognito guide on the classic flow; several threads. Seen for anything that is no JWT and for algorithms
 * that STS does not take. That a wrong signature gets it too is a GUESS.
 */
export const NOT_A_JWT = invalidIdentityToken(
  'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
);

/** THREAD: aws/aws-cli issue 7194; two spaces inside. */
export const NO_VERIFICATION_KEY = invalidIdentityToken(
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
);

/** MODEL for code and status, and for the sense; the sentence is a GUESS. SDKs repeat a call that met it. */
export const IDP_UNREACHABLE: StsError = {
  status: 400,
  code: 'IDPCommunicationError',
  message: 'The identity provider could not be reached to verify the token.',
};

/** MODEL for code and status; the sentence after the provider's name is a GUESS. */
export function idpRejectedClaim(provider: string, reason: string): StsError {
  return { status: 403, code: 'IDPRejectedClaim', message: `${provider}: ${reason}` };
}

/** THREAD: aws/aws-sdk-java-v2 issue 5709. */
export function tokenExpired(nowSeconds: number, expiresSeconds: number): StsError {
  return expiredToken(
    `Token expired: current date/time ${nowSeconds} must be before the expiration date/time ${expiresSeconds}`,
  );
}

/** THREAD: mozilla-iam/mozilla-aws-cli issue 146, for a token that had not expired. */
export function tokenTooOld(ageSeconds: number): StsError {
  return expiredToken(`Token too old: ${ageSeconds}`);
}

/** THREAD: Nike-Inc/gimme-aws-creds issue 251. */
export const REDEEMED_LATE = expiredToken('Token must be redeemed within 5 minutes of issuance');

/** THREAD: Versent/saml2aws issue 759. */
export const RESPONSE_EXPIRED = expiredToken('Response has expired');

/** THREAD: cevoaustralia/aws-google-auth issue 270. */
export const SIGNATURE_INVALID = invalidIdentityToken('Response signature invalid');

/** DOCS: Troubleshoot SAML federation. */
export const NO_SUCH_PROVIDER = invalidIdentityToken("Specified provider doesn't exist");

/** DOCS: Troubleshoot SAML federation. */
export const AUDIENCE_MISSING = invalidIdentityToken('Response does not contain the required audience.');

/** DOCS: Troubleshoot SAML federation. */
export const SESSION_NAME_MISSING = invalidIdentityToken('RoleSessionName is required in AuthnResponse');

/** DOCS, and THREAD: MicrosoftDocs/azure-docs issue 45025. */
export const SESSION_NAME_INVALID = invalidIdentityToken(
  'RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}',
);

/** DOCS: Troubleshoot SAML federation. That tokens of web identity get it too is a GUESS. */
export const SOURCE_IDENTITY_INVALID = invalidIdentityToken(
  'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
);

/** DOCS: what a response without a NameID, or without the pair of role and provider asked for, gets. */
export const SAML_DENIED: StsError = {
  status: 403,
  code: 'AccessDenied',
  message: 'Not authorized to perform sts:AssumeRoleWithSAML',
};

/**
 * THREAD: dbeaver/cloudbeaver issue 3112. Errors of the inner service that reads responses arrive with its own
 * details behind the sentence.
 *
 * @param innerRequestId UUID of the call between the two services; callers see it and can do nothing with it.
 */
export function samlResponseRefused(sentence: string, innerRequestId: string): StsError {
  return invalidIdentityToken(
    `${sentence} (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: AuthSamlInvalidSamlResponseException; Request ID: ${innerRequestId}; Proxy: null)`,
  );
}

/** MODEL for code and status; the sentences are the model's descriptions, what is really said is not known. */
export const OUTBOUND_DISABLED: StsError = {
  status: 403,
  code: 'OutboundWebIdentityFederationDisabledException',
  message:
    'The outbound web identity federation feature is not enabled for this account. To use this feature, you must first enable it through the Amazon Web Services Management Console or API.',
};

/** As {@link OUTBOUND_DISABLED}. */
export const JWT_PAYLOAD_TOO_LARGE: StsError = {
  status: 400,
  code: 'JWTPayloadSizeExceededException',
  message:
    'The requested token payload size exceeds the maximum allowed size. Reduce the number of request tags included in the GetWebIdentityToken API call to reduce the token payload size.',
};

/** As {@link OUTBOUND_DISABLED}. */
export const SESSION_DURATION_ESCALATION: StsError = {
  status: 403,
  code: 'SessionDurationEscalationException',
  message:
    'The requested token duration would extend the session beyond its original expiration time. You cannot use this operation to extend the lifetime of a session beyond what was granted when the session was originally created.',
};

export function invalidIdentityToken(message: string): StsError {
  return { status: 400, code: 'InvalidIdentityToken', message };
}

function expiredToken(message: string): StsError {
  return { status: 400, code: 'ExpiredTokenException', message };
}
