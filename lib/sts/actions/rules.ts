/**
 * The constraints of parameters that several actions share. Source: the service model, but for SourceIdentity's 256,
 * which probes found where the model says 64.
 */

import type { ListRule, NumberRule, TextRule } from '../validation.ts';

export const ROLE_ARN: TextRule = arnRule('roleArn');

export const PRINCIPAL_ARN: TextRule = arnRule('principalArn');

export const ROLE_SESSION_NAME: TextRule = {
  member: 'roleSessionName',
  required: true,
  minimum: 2,
  maximum: 64,
  ...nameLike(),
};

export const FEDERATED_NAME: TextRule = {
  member: 'name',
  required: true,
  minimum: 2,
  maximum: 32,
  ...nameLike(),
};

/** Of roles; what the role itself allows comes later. */
export const ROLE_DURATION: NumberRule = { member: 'durationSeconds', minimum: 900, maximum: 43_200 };

/** Of GetSessionToken and GetFederationToken. */
export const USER_DURATION: NumberRule = { member: 'durationSeconds', minimum: 900, maximum: 129_600 };

export const MINIMUM_TOKEN_SIZE: NumberRule = {
  member: 'minimumSessionTokenSize',
  minimum: 0,
  maximum: 4_096,
};

export const EXTERNAL_ID: TextRule = {
  member: 'externalId',
  minimum: 2,
  maximum: 1_224,
  pattern: /^[\w+=,.@:/-]*$/,
  printedPattern: '[\\w+=,.@:\\/-]*',
};

export const SOURCE_IDENTITY: TextRule = {
  member: 'sourceIdentity',
  minimum: 2,
  maximum: 256,
  ...nameLike(),
};

export const SERIAL_NUMBER: TextRule = {
  member: 'serialNumber',
  minimum: 9,
  maximum: 256,
  pattern: /^[\w+=/:,.@-]*$/,
  printedPattern: '[\\w+=/:,.@-]*',
};

export const TOKEN_CODE: TextRule = {
  member: 'tokenCode',
  minimum: 6,
  maximum: 6,
  pattern: /^\d*$/,
  printedPattern: '[\\d]*',
};

/** A session policy of every action but AssumeRole, whose own type has no maximum. */
export const POLICY: TextRule = {
  member: 'policy',
  minimum: 1,
  maximum: 2_048,
  pattern: /^[\t\n\r\x20-\xff]+$/,
  printedPattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
};

export const UNBOUNDED_POLICY: TextRule = { ...POLICY, maximum: Number.POSITIVE_INFINITY };

export const POLICY_ARNS: ListRule = { member: 'policyArns', maximum: 10 };
export const POLICY_ARN: TextRule = { ...arnRule('arn'), required: false };

export const TAGS: ListRule = { member: 'tags', maximum: 50 };
export const TAG_KEY: TextRule = {
  member: 'key',
  required: true,
  minimum: 1,
  maximum: 128,
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u,
  printedPattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+',
};
export const TAG_VALUE: TextRule = {
  member: 'value',
  required: true,
  minimum: 0,
  maximum: 256,
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
  printedPattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*',
};

export const TRANSITIVE_TAG_KEYS: ListRule = { member: 'transitiveTagKeys', maximum: 50 };

function arnRule(member: string): TextRule {
  return {
    member,
    required: true,
    minimum: 20,
    maximum: 2_048,
    // Supplementary characters fail although the printed pattern seems to allow them.
    pattern: /^[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd]+$/,
    printedPattern:
      '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+',
  };
}

/** No colon, and so no `aws:` either, which for a source identity is reserved and has no words of its own. */
function nameLike(): { readonly pattern: RegExp; readonly printedPattern: string } {
  return { pattern: /^[\w+=,.@-]*$/, printedPattern: '[\\w+=,.@-]*' };
}
