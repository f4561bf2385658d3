/** Groups and who is in them. */

import { type Account, type Group, type User, withoutEntry } from '../../identity/state.ts';
import { action, arnIn, change, type IamAction } from '../action.ts';
import { mustFirst, quotaExceeded } from '../errors.ts';
import { GROUPS, newTarget, refuseTaken, targetOf, the, USERS } from '../holders.ts';
import { newUniqueId } from '../ids.ts';
import { pageOf } from '../page.ts';
import { QUOTAS } from '../quotas.ts';
import { longName, optionalLongName, PAGING, path, pathPrefix, userName } from '../rules.ts';
import { group as groupShape, listOf, userInList } from '../shapes.ts';

const createGroup = action({
  name: 'CreateGroup',
  fields: { Path: path, GroupName: longName },
  target: ({ GroupName, Path }, { account }) => newTarget(GROUPS, account, GroupName, Path),
  run: ({ GroupName, Path = '/' }, call) => {
    const group: Group = {
      ...newTarget(GROUPS, call.account, GroupName, Path),
      name: GroupName,
      path: Path,
      groupId: newUniqueId('AGPA', call.random),
      createdMs: call.nowMs,
      inlinePolicies: new Map(),
      attachedPolicies: [],
      tags: new Map(),
    };
    change(call, (account) => {
      refuseTaken(GROUPS, account, GroupName);
      if (account.groups.size >= QUOTAS.groups) throw quotaExceeded('GroupsPerAccount', QUOTAS.groups);
      return GROUPS.put(account, group);
    });
    return [['Group', groupShape(group)]];
  },
});

const getGroup = action({
  name: 'GetGroup',
  fields: { GroupName: longName, ...PAGING },
  target: ({ GroupName }, call) => targetOf(GROUPS, call, GroupName),
  run: ({ GroupName, ...paging }, { account }) => {
    const group = the(GROUPS, account, GroupName);
    const { items, end } = pageOf(membersOf(account, GroupName), ({ name }) => name, paging);
    return [['Group', groupShape(group)], ['Users', listOf(items, userInList)], ...end];
  },
});

const listGroups = action({
  name: 'ListGroups',
  fields: { PathPrefix: pathPrefix, ...PAGING },
  target: ({ PathPrefix = '/' }, { account }) => ({ arn: arnIn(account, `group${PathPrefix}`) }),
  run: ({ PathPrefix = '/', ...paging }, { account }) => {
    const groups = [...account.groups.values()].filter((group) => group.path.startsWith(PathPrefix));
    const { items, end } = pageOf(groups, ({ name }) => name, paging);
    return [['Groups', listOf(items, groupShape)], ...end];
  },
});

const listGroupsForUser = action({
  name: 'ListGroupsForUser',
  fields: { UserName: userName, ...PAGING },
  target: ({ UserName }, call) => targetOf(USERS, call, UserName),
  run: ({ UserName, ...paging }, { account }) => {
    const names = the(USERS, account, UserName).groups;
    const groups = names.map((name) => account.groups.get(name)).filter((found) => found !== undefined);
    const { items, end } = pageOf(groups, ({ name }) => name, paging);
    return [['Groups', listOf(items, groupShape)], ...end];
  },
});

const updateGroup = action({
  name: 'UpdateGroup',
  fields: { GroupName: longName, NewPath: path, NewGroupName: optionalLongName },
  target: ({ GroupName }, call) => targetOf(GROUPS, call, GroupName),
  run: ({ GroupName, NewPath, NewGroupName }, call) => {
    change(call, (account) => {
      const group = the(GROUPS, account, GroupName);
      const name = NewGroupName ?? group.name;
      const newPath = NewPath ?? group.path;
      const without = { ...account, groups: withoutEntry(account.groups, GroupName) };
      refuseTaken(GROUPS, without, name);
      const renamed = GROUPS.put(without, {
        ...group,
        ...newTarget(GROUPS, account, name, newPath),
        name,
        path: newPath,
      });
      // Users know their groups by name.
      return membersOf(account, GroupName).reduce(
        (changed, user) =>
          USERS.put(changed, {
            ...user,
            groups: user.groups.map((member) => (member === GroupName ? name : member)),
          }),
        renamed,
      );
    });
    return undefined;
  },
});

const deleteGroup = action({
  name: 'DeleteGroup',
  fields: { GroupName: longName },
  target: ({ GroupName }, call) => targetOf(GROUPS, call, GroupName),
  run: ({ GroupName }, call) => {
    change(call, (account) => {
      const group = the(GROUPS, account, GroupName);
      if (group.attachedPolicies.length > 0) throw mustFirst('detach all policies');
      if (group.inlinePolicies.size > 0) throw mustFirst('delete policies');
      if (membersOf(account, GroupName).length > 0) throw mustFirst('remove users from group');
      return { ...account, groups: withoutEntry(account.groups, GroupName) };
    });
    return undefined;
  },
});

/** RECORDED: the user is looked up before the group, and adding a member once more is no error. */
const addUserToGroup = action({
  name: 'AddUserToGroup',
  fields: { GroupName: longName, UserName: userName },
  target: ({ GroupName }, call) => targetOf(GROUPS, call, GroupName),
  run: ({ GroupName, UserName }, call) => {
    change(call, (account) => {
      const user = the(USERS, account, UserName);
      the(GROUPS, account, GroupName);
      if (user.groups.includes(GroupName)) return account;
      if (user.groups.length >= QUOTAS.groupsPerUser) {
        throw quotaExceeded('GroupsPerUser', QUOTAS.groupsPerUser);
      }
      return USERS.put(account, { ...user, groups: [...user.groups, GroupName] });
    });
    return undefined;
  },
});

/** RECORDED: removing who is no member is no error. */
const removeUserFromGroup = action({
  name: 'RemoveUserFromGroup',
  fields: { GroupName: longName, UserName: userName },
  target: ({ GroupName }, call) => targetOf(GROUPS, call, GroupName),
  run: ({ GroupName, UserName }, call) => {
    change(call, (account) => {
      const user = the(USERS, account, UserName);
      the(GROUPS, account, GroupName);
      return USERS.put(account, { ...user, groups: user.groups.filter((name) => name !== GroupName) });
    });
    return undefined;
  },
});

export const GROUP_ACTIONS: readonly IamAction[] = [
  createGroup,
  getGroup,
  listGroups,
  listGroupsForUser,
  updateGroup,
  deleteGroup,
  addUserToGroup,
  removeUserFromGroup,
];

function membersOf({ users }: Account, groupName: string): readonly User[] {
  return [...users.values()].filter(({ groups }) => groups.includes(groupName));
}
