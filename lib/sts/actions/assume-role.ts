/**
 * AssumeRole: temporary credentials of a role for whoever its trust policy lets in. Checks run in the order of the
 * real service: numbers, constraints, the ARN's form, the Region's switch, trust, the role's maximum, chaining.
 */

import { type Arn, assumedRoleArn, parseArn } from '../../aws/arn.ts';
import { mayAssumeRole } from '../../identity/trust.ts';
import { escapeText } from '../answer.ts';
import {
  DURATION_OVER_CHAINING_LIMIT,
  DURATION_OVER_ROLE_MAXIMUM,
  notAuthorized,
  regionDisabled,
  type StsError,
  validationError,
} from '../errors.ts';
import { checkNumber, checkText, readInteger, type TextRule, validationOf } from '../validation.ts';
import type { Action, Call } from './action.ts';

export const assumeRole: Action = {
  name: 'AssumeRole',
  run: (call) => {
    const order = readOrder(call.parameters);
    return 'code' in order ? order : assume(order, call);
  },
};

interface Order {
  readonly roleArn: string;
  readonly arn: Arn;
  readonly sessionName: string;
  readonly durationSeconds: number;
}

function readOrder(parameters: ReadonlyMap<string, string>): Order | StsError {
  const duration = readInteger(parameters.get('DurationSeconds'));
  if (typeof duration === 'object') return duration;
  const roleArn = parameters.get('RoleArn');
  const sessionName = parameters.get('RoleSessionName');
  const clauses: string[] = [];
  checkText(roleArn, ROLE_ARN, clauses);
  checkText(sessionName, ROLE_SESSION_NAME, clauses);
  checkNumber(duration, DURATION, clauses);
  checkText(parameters.get('ExternalId'), EXTERNAL_ID, clauses);
  checkText(parameters.get('SourceIdentity'), SOURCE_IDENTITY, clauses);
  const invalid = validationOf(clauses);
  if (invalid !== undefined) return invalid;
  if (roleArn === undefined || sessionName === undefined) throw new Error('required members were checked');
  const arn = parseArn(roleArn);
  if (arn === undefined || arn.accountId === '') return validationError(`${roleArn} is invalid`);
  return { roleArn, arn, sessionName, durationSeconds: duration ?? DEFAULT_SECONDS };
}

function assume(order: Order, call: Call): string | StsError {
  const { roleArn, arn, sessionName, durationSeconds } = order;
  const { caller, identity, issuer, nowSeconds } = call;
  // The account that issues decides, which is the role's and not the caller's.
  if (!identity.switches.isActive(arn.accountId, call.endpointRegion)) return regionDisabled(arn.accountId);
  const role = identity.roleByArn(roleArn);
  // No trust policy reaches into another partition, not even one that trusts everybody.
  if (role?.partition !== caller.partition || !mayAssumeRole(caller, role)) {
    return notAuthorized(caller.arn, 'AssumeRole', roleArn);
  }
  if (durationSeconds > role.maxSessionDurationSeconds) return DURATION_OVER_ROLE_MAXIMUM;
  if (caller.kind === 'role-session' && durationSeconds > CHAINING_SECONDS)
    return DURATION_OVER_CHAINING_LIMIT;
  const { account, partition, roleId, name } = role;
  const credentials = issuer.credentials({
    account,
    kind: 'role',
    principalId: roleId,
    sessionName,
    issuedSeconds: nowSeconds,
    durationSeconds,
  });
  return `    <AssumedRoleUser>
      <AssumedRoleId>${roleId}:${sessionName}</AssumedRoleId>
      <Arn>${escapeText(assumedRoleArn(partition, account, name, sessionName))}</Arn>
    </AssumedRoleUser>
${credentials}`;
}

const DEFAULT_SECONDS = 3_600;
const CHAINING_SECONDS = 3_600;

/** Source of the rules: the service model, but for SourceIdentity's 256, which probes found where it says 64. */
const DURATION = { member: 'durationSeconds', minimum: 900, maximum: 43_200 } as const;

const ROLE_ARN: TextRule = {
  member: 'roleArn',
  required: true,
  minimum: 20,
  maximum: 2_048,
  // Supplementary characters fail although the printed pattern seems to allow them.
  pattern: /^[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd]+$/,
  printedPattern:
    '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+',
};

const ROLE_SESSION_NAME: TextRule = {
  member: 'roleSessionName',
  required: true,
  minimum: 2,
  maximum: 64,
  pattern: /^[\w+=,.@-]*$/,
  printedPattern: '[\\w+=,.@-]*',
};

const EXTERNAL_ID: TextRule = {
  member: 'externalId',
  minimum: 2,
  maximum: 1_224,
  pattern: /^[\w+=,.@:/-]*$/,
  printedPattern: '[\\w+=,.@:\\/-]*',
};

const SOURCE_IDENTITY: TextRule = {
  member: 'sourceIdentity',
  minimum: 2,
  maximum: 256,
  pattern: /^(?!aws:)[\w+=,.@-]*$/,
  printedPattern: '[\\w+=,.@-]*',
};
