/** Long-term access keys of users, and of the root user. A secret is shown once, when its key is made. */

import type { Members } from '../../aws/query-answer.ts';
import { sealAccessKey } from '../../identity/keyring.ts';
import { type AccessKey, type Account, withEntry, withoutEntry } from '../../identity/state.ts';
import { action, change, type IamAction, type IamCall, type Target } from '../action.ts';
import { accessDenied, noSuchEntity, quotaExceeded } from '../errors.ts';
import { text } from '../fields.ts';
import { the, USERS } from '../holders.ts';
import { newAccessKeyId, newSecretAccessKey } from '../ids.ts';
import { ownUserName, ownUserTarget } from '../own-user.ts';
import { pageOf } from '../page.ts';
import { QUOTAS } from '../quotas.ts';
import { accessKeyId, optionalUserName, PAGING } from '../rules.ts';
import { date, listOf } from '../shapes.ts';

/** Whose keys: a user's, or the root user's own. */
interface Owner {
  readonly principalId: string;
  /** As answers name the owner; root goes by none. */
  readonly userName: string | undefined;
}

const createAccessKey = action({
  name: 'CreateAccessKey',
  fields: { UserName: optionalUserName },
  target: ({ UserName }, call) => ownerTarget(call, UserName),
  run: ({ UserName }, call) => {
    const { account, identity, random, nowMs } = call;
    const { principalId, userName } = ownerOf(call, UserName);
    const id = newAccessKeyId(account.id, random, (taken) => account.accessKeys.has(taken));
    const secretAccessKey = newSecretAccessKey(random);
    const { sealed } = sealAccessKey(
      { accessKeyId: id, secretAccessKey, principalId },
      identity.keysOf(account.partition).accessKeys,
    );
    const key: AccessKey = { accessKeyId: id, principalId, status: 'Active', createdMs: nowMs, sealed };
    change(call, (before) => {
      if (keysOf(before, principalId).length >= QUOTAS.accessKeysPerUser) {
        throw quotaExceeded('AccessKeysPerUser', QUOTAS.accessKeysPerUser);
      }
      return { ...before, accessKeys: withEntry(before.accessKeys, id, key) };
    });
    const [name, keyId, status, created] = metadata(key, userName);
    return [['AccessKey', [name, keyId, status, ['SecretAccessKey', secretAccessKey.reveal()], created]]];
  },
});

const listAccessKeys = action({
  name: 'ListAccessKeys',
  fields: { UserName: optionalUserName, ...PAGING },
  target: ({ UserName }, call) => ownerTarget(call, UserName),
  run: ({ UserName, ...paging }, call) => {
    const { principalId, userName } = ownerOf(call, UserName);
    const keys = keysOf(call.account, principalId);
    const { items, end } = pageOf(keys, (key) => key.accessKeyId, paging);
    return [['AccessKeyMetadata', listOf(items, (key) => metadata(key, userName))], ...end];
  },
});

const updateAccessKey = action({
  name: 'UpdateAccessKey',
  fields: {
    UserName: optionalUserName,
    AccessKeyId: accessKeyId,
    Status: text({ values: ['Active', 'Inactive'] }),
  },
  target: ({ UserName }, call) => ownerTarget(call, UserName),
  run: ({ UserName, AccessKeyId, Status }, call) => {
    const { principalId } = ownerOf(call, UserName);
    change(call, (account) => {
      const key = theKey(account, principalId, AccessKeyId);
      const status = Status === 'Active' ? 'Active' : 'Inactive';
      return { ...account, accessKeys: withEntry(account.accessKeys, AccessKeyId, { ...key, status }) };
    });
    return undefined;
  },
});

const deleteAccessKey = action({
  name: 'DeleteAccessKey',
  fields: { UserName: optionalUserName, AccessKeyId: accessKeyId },
  target: ({ UserName }, call) => ownerTarget(call, UserName),
  run: ({ UserName, AccessKeyId }, call) => {
    const { principalId } = ownerOf(call, UserName);
    change(call, (account) => {
      theKey(account, principalId, AccessKeyId);
      return { ...account, accessKeys: withoutEntry(account.accessKeys, AccessKeyId) };
    });
    return undefined;
  },
});

/** Regions do not report what keys are used for, so that every key shows as never used. */
const getAccessKeyLastUsed = action({
  name: 'GetAccessKeyLastUsed',
  fields: { AccessKeyId: accessKeyId },
  target: ({ AccessKeyId }, call) => {
    const owner = userOfKey(call.account, AccessKeyId);
    return owner ?? { arn: '*' };
  },
  run: ({ AccessKeyId }, { account, caller }) => {
    if (!account.accessKeys.has(AccessKeyId)) {
      // RECORDED: a key that is none is a key that one may not see.
      throw accessDenied(
        `User: ${caller.principal.arn} is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key ${AccessKeyId}`,
      );
    }
    const lastUsed: Members = [
      ['ServiceName', 'N/A'],
      ['Region', 'N/A'],
    ];
    return [
      ['UserName', userOfKey(account, AccessKeyId)?.name],
      ['AccessKeyLastUsed', lastUsed],
    ];
  },
});

export const ACCESS_KEY_ACTIONS: readonly IamAction[] = [
  createAccessKey,
  listAccessKeys,
  updateAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
];

/** The root user may keep keys too, when it names nobody. @throws {Refusal} NoSuchEntity, ValidationError. */
function ownerOf(call: IamCall, given: string | undefined): Owner {
  if (given === undefined && call.caller.principal.kind === 'root') {
    return { principalId: call.account.id, userName: undefined };
  }
  const user = the(USERS, call.account, ownUserName(call, given));
  return { principalId: user.userId, userName: user.name };
}

function ownerTarget(call: IamCall, given: string | undefined): Target {
  const { kind, arn } = call.caller.principal;
  return given === undefined && kind === 'root' ? { arn } : ownUserTarget(call, given);
}

function keysOf({ accessKeys }: Account, principalId: string): readonly AccessKey[] {
  return [...accessKeys.values()].filter((key) => key.principalId === principalId);
}

/** RECORDED. @throws {Refusal} NoSuchEntity. */
function theKey({ accessKeys }: Account, principalId: string, id: string): AccessKey {
  const key = accessKeys.get(id);
  if (key?.principalId !== principalId) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return key;
}

function userOfKey(
  { users, accessKeys }: Account,
  id: string,
): (Target & { readonly name: string }) | undefined {
  const principalId = accessKeys.get(id)?.principalId;
  return [...users.values()].find(({ userId }) => userId === principalId);
}

function metadata({ accessKeyId, status, createdMs }: AccessKey, userName: string | undefined): KeyMembers {
  return [
    ['UserName', userName],
    ['AccessKeyId', accessKeyId],
    ['Status', status],
    ['CreateDate', date(createdMs)],
  ];
}

type KeyMembers = readonly [Members[number], Members[number], Members[number], Members[number]];
