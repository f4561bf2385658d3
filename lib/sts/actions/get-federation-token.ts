/**
 * GetFederationToken: temporary credentials for somebody whom only the caller knows, with what the policies of caller
 * and session both allow. Without a session policy that is nothing but what a resource grants by name.
 */

import { federatedUserArn } from '../../aws/arn.ts';
import { contextValues } from '../../identity/policy/context.ts';
import type { Account } from '../../identity/state.ts';
import { notWithSession, type StsError } from '../errors.ts';
import { checkNumber, checkText, readInteger, validationOf } from '../validation.ts';
import { type Action, type Call, isError, type Result } from './action.ts';
import { checkMinimumTokenSize, issue, minimumBytes, readMinimumTokenSize } from './issue.ts';
import { accountOf, refuseByPolicy, refuseRegion } from './may-call.ts';
import { readLists } from './parameter-lists.ts';
import { FEDERATED_NAME, POLICY, USER_DURATION } from './rules.ts';
import { type RequestedLimits, readLimits, refuseLimits } from './session-limits.ts';
import {
  NO_TAGS,
  type RequestedTags,
  readTags,
  refuseTags,
  tagContext,
  tagsOfSession,
} from './session-tags.ts';
import { userSessionSeconds } from './user-session.ts';

export const getFederationToken: Action = {
  name: 'GetFederationToken',
  sharesQuota: true,
  run: (call) => {
    const order = readOrder(call);
    return 'code' in order ? order : federate(order, call, accountOf(call));
  },
};

interface FederationOrder {
  readonly name: string;
  readonly requestedSeconds: number | undefined;
  readonly minimumTokenSize: number | undefined;
  readonly limits: RequestedLimits;
  readonly tags: RequestedTags;
}

function readOrder(call: Call): FederationOrder | StsError {
  const { parameters, era } = call;
  const requestedSeconds = readInteger(parameters.get('DurationSeconds'));
  if (typeof requestedSeconds === 'object') return requestedSeconds;
  const minimumTokenSize = readMinimumTokenSize(call);
  if (typeof minimumTokenSize === 'object') return minimumTokenSize;
  const name = parameters.get('Name');
  const lists = readLists(parameters);
  const clauses: string[] = [];
  checkText(name, FEDERATED_NAME, clauses);
  const limits = readLimits(call, lists, POLICY, clauses);
  checkNumber(requestedSeconds, USER_DURATION, clauses);
  const tags = era.sessionTags ? readTags(lists, clauses) : NO_TAGS;
  checkMinimumTokenSize(minimumTokenSize, clauses);
  const invalid = validationOf(clauses);
  if (invalid !== undefined) return invalid;
  if (name === undefined) throw new Error('required members were checked');
  return { name, requestedSeconds, minimumTokenSize, limits, tags };
}

function federate(order: FederationOrder, call: Call, account: Account): Result {
  const { name, requestedSeconds, minimumTokenSize, limits, tags } = order;
  const { caller } = call;
  const arn = federatedUserArn(account.partition, account.id, name);
  const switchedOff = refuseRegion(call, account);
  if (switchedOff !== undefined) return switchedOff;
  if (caller.session !== undefined) return notWithSession('GetFederationToken');
  const extra = { extra: () => contextValues(tagContext(tags)) };
  const refused =
    refuseTags(tags) ??
    (tags.tags.length === 0 ? undefined : refuseByPolicy(call, 'TagSession', arn, extra)) ??
    refuseByPolicy(call, 'GetFederationToken', arn, extra) ??
    refuseLimits(limits, account);
  if (refused !== undefined) return refused;
  const issued = issue(call, account, {
    kind: 'federated',
    principalId: caller.principal.uniqueId ?? account.id,
    sessionName: name,
    durationSeconds: userSessionSeconds(caller, requestedSeconds),
    ...minimumBytes(minimumTokenSize),
    ...limits,
    ...tagsOfSession(tags),
  });
  if (isError(issued)) return issued;
  return [
    issued.credentials,
    [
      'FederatedUser',
      [
        ['FederatedUserId', `${account.id}:${name}`],
        ['Arn', arn],
      ],
    ],
    // RECORDED: here a session without a policy says 0, where AssumeRole says nothing.
    ['PackedPolicySize', issued.packedPercent],
    ...issued.sizes,
  ];
}
