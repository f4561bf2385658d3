/** Users: making, reading, renaming, deleting. Their keys, policies, groups and devices are files of their own. */

import type { Members } from '../../aws/query-answer.ts';
import { type User, withEntry, withoutEntry } from '../../identity/state.ts';
import { action, arnIn, change, type IamAction, type IamCall, type Target } from '../action.ts';
import { mustFirst, quotaExceeded } from '../errors.ts';
import { tags } from '../fields.ts';
import { newTarget, refuseTaken, targetOf, the, USERS } from '../holders.ts';
import { newUniqueId } from '../ids.ts';
import { ownUserName, ownUserTarget } from '../own-user.ts';
import { pageOf } from '../page.ts';
import { QUOTAS } from '../quotas.ts';
import {
  newUserName,
  optionalArn,
  optionalNewUserName,
  optionalUserName,
  PAGING,
  path,
  pathPrefix,
  userName,
} from '../rules.ts';
import { date, listOf, userAlone, userInList } from '../shapes.ts';
import { tagActions, withTags } from '../tags.ts';
import { boundaryOf } from './boundaries.ts';

const createUser = action({
  name: 'CreateUser',
  fields: { Path: path, UserName: newUserName, PermissionsBoundary: optionalArn, Tags: tags },
  target: ({ UserName, Path }, { account }) => newTarget(USERS, account, UserName, Path),
  run: ({ UserName, Path = '/', PermissionsBoundary, Tags = [] }, call) => {
    const user: User = {
      ...newTarget(USERS, call.account, UserName, Path),
      name: UserName,
      path: Path,
      userId: newUniqueId('AIDA', call.random),
      createdMs: call.nowMs,
      inlinePolicies: new Map(),
      attachedPolicies: [],
      groups: [],
      ...(PermissionsBoundary === undefined ? {} : { boundary: boundaryOf(call, PermissionsBoundary) }),
      tags: withTags(new Map(), Tags),
    };
    change(call, (account) => {
      refuseTaken(USERS, account, UserName);
      if (account.users.size >= QUOTAS.users) throw quotaExceeded('UsersPerAccount', QUOTAS.users);
      return USERS.put(account, user);
    });
    return [['User', userAlone(user)]];
  },
});

const getUser = action({
  name: 'GetUser',
  fields: { UserName: optionalUserName },
  target: ({ UserName }, call) =>
    UserName === undefined && isRoot(call) ? rootTarget(call) : ownUserTarget(call, UserName),
  run: ({ UserName }, call) => {
    if (UserName === undefined && isRoot(call)) return [['User', rootUser(call)]];
    return [['User', userAlone(the(USERS, call.account, ownUserName(call, UserName)))]];
  },
});

const listUsers = action({
  name: 'ListUsers',
  fields: { PathPrefix: pathPrefix, ...PAGING },
  target: ({ PathPrefix = '/' }, { account }) => ({ arn: arnIn(account, `user${PathPrefix}`) }),
  run: ({ PathPrefix = '/', ...paging }, { account }) => {
    const users = [...account.users.values()].filter((user) => user.path.startsWith(PathPrefix));
    const { items, end } = pageOf(users, ({ name }) => name, paging);
    return [['Users', listOf(items, userInList)], ...end];
  },
});

const updateUser = action({
  name: 'UpdateUser',
  fields: { UserName: userName, NewPath: path, NewUserName: optionalNewUserName },
  target: ({ UserName }, call) => targetOf(USERS, call, UserName),
  run: ({ UserName, NewPath, NewUserName }, call) => {
    change(call, (account) => {
      const user = the(USERS, account, UserName);
      const name = NewUserName ?? user.name;
      const newPath = NewPath ?? user.path;
      const without = { ...account, users: withoutEntry(account.users, UserName) };
      refuseTaken(USERS, without, name);
      // The unique id stays, and with it keys, devices, and the trust of roles.
      return USERS.put(without, {
        ...user,
        ...newTarget(USERS, account, name, newPath),
        name,
        path: newPath,
      });
    });
    return undefined;
  },
});

const deleteUser = action({
  name: 'DeleteUser',
  fields: { UserName: userName },
  target: ({ UserName }, call) => targetOf(USERS, call, UserName),
  run: ({ UserName }, call) => {
    change(call, (account) => {
      const user = the(USERS, account, UserName);
      const owns = ({ principalId }: { readonly principalId?: string }): boolean =>
        principalId === user.userId;
      // RECORDED for the first two; COMMON for the others.
      if (user.attachedPolicies.length > 0) throw mustFirst('detach all policies');
      if (user.inlinePolicies.size > 0) throw mustFirst('delete policies');
      if ([...account.accessKeys.values()].some(owns)) throw mustFirst('delete access keys');
      if ([...account.mfaDevices.values()].some(owns)) throw mustFirst('deactivate MFA device');
      if (user.groups.length > 0) throw mustFirst('remove users from group');
      return { ...account, users: withoutEntry(account.users, UserName) };
    });
    return undefined;
  },
});

export const USER_ACTIONS: readonly IamAction[] = [
  createUser,
  getUser,
  listUsers,
  updateUser,
  deleteUser,
  ...tagActions({
    noun: 'User',
    parameter: 'UserName',
    id: userName,
    target: (call, name) => targetOf(USERS, call, name),
    tagsOf: (account, name) => the(USERS, account, name).tags,
    put: (account, name, tagged) => ({
      ...account,
      users: withEntry(account.users, name, { ...the(USERS, account, name), tags: tagged }),
    }),
  }),
];

function isRoot({ caller }: IamCall): boolean {
  return caller.principal.kind === 'root';
}

function rootTarget({ caller }: IamCall): Target {
  return { arn: caller.principal.arn };
}

/** The account's root user has neither name nor path of its own; it is as old as the world. */
function rootUser({ account, caller }: IamCall): Members {
  return [
    ['Path', '/'],
    ['UserId', account.id],
    ['Arn', caller.principal.arn],
    ['CreateDate', date(ROOT_CREATED_MS)],
  ];
}

const ROOT_CREATED_MS = Date.parse('2026-01-01T00:00:00Z');
