/** The constraints that several actions share, as fields. Source: MODEL, the service model of IAM. */

import { optionalInteger, optionalText, type TextRule, text } from './fields.ts';

/** COMMON for the sentence. */
function nameRule(maximum: number): TextRule {
  return {
    minimum: 1,
    maximum,
    pattern: /^[\w+=,.@-]+$/,
    printed: '[\\w+=,.@-]+',
    sentence: (member) =>
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  };
}

/** RECORDED for virtual MFA devices, and COMMON for the others. */
const pathSentence = (member: string): string =>
  `The specified value for ${member} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`;

const PATH: TextRule = {
  minimum: 1,
  maximum: 512,
  pattern: /^\/(?:[!-~]+\/)?$/,
  sentence: pathSentence,
};
const POLICY_PATH: TextRule = {
  minimum: 1,
  maximum: 512,
  pattern: /^(?:\/[A-Za-z0-9.,+@=_-]+)*\/$/,
  sentence: pathSentence,
};
const PATH_PREFIX: TextRule = {
  minimum: 1,
  maximum: 512,
  pattern: /^\/[!-\u{7f}]*$/u,
  printed: '\\u002F[\\u0021-\\u007F]*',
};
const ARN: TextRule = { minimum: 20, maximum: 2048 };
const DESCRIPTION: TextRule = {
  maximum: 1000,
  pattern: /^[\t\n\r\u0020-\u007e\u00a1-\u00ff]*$/,
  printed: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
};

export const newUserName = text(nameRule(64));
export const optionalNewUserName = optionalText(nameRule(64));
export const userName = text(nameRule(128));
export const optionalUserName = optionalText(nameRule(128));
export const roleName = text(nameRule(64));
/** Groups and policies, and what else has no limit of its own. */
export const longName = text(nameRule(128));
export const optionalLongName = optionalText(nameRule(128));
export const path = optionalText(PATH);
export const policyPath = optionalText(POLICY_PATH);
export const pathPrefix = optionalText(PATH_PREFIX);
export const arn = text(ARN);
export const optionalArn = optionalText(ARN);
export const optionalDescription = optionalText(DESCRIPTION);
export const description = text(DESCRIPTION);
export const policyDescription = optionalText({ maximum: 1000 });
export const accessKeyId = text({ minimum: 16, maximum: 128, pattern: /^\w+$/, printed: '[\\w]+' });
export const serialNumber = text({
  minimum: 9,
  maximum: 256,
  pattern: /^[\w+=/:,.@-]+$/,
  printed: '[\\w+=/:,.@-]+',
});
export const versionId = text({
  pattern: /^v[1-9][0-9]*(?:\.[A-Za-z0-9-]*)?$/,
  printed: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?',
});
export const policyDocument = text({
  minimum: 1,
  maximum: 131_072,
  pattern: /^[\t\n\r\u0020-\u00ff]+$/,
  // COMMON.
  sentence: (member) =>
    `The specified value for ${member} is invalid. It must contain only printable ASCII characters.`,
});
export const sessionDuration = optionalInteger(3_600, 43_200);

/** Of every list. */
export const PAGING = {
  Marker: optionalText({
    minimum: 1,
    maximum: 320,
    pattern: /^[\u0020-\u00ff]+$/,
    printed: '[\\u0020-\\u00FF]+',
  }),
  MaxItems: optionalInteger(1, 1_000),
} as const;
