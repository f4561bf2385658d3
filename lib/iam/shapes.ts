/**
 * How IAM writes the things it has, member by member. What is told of one differs between making, reading and listing it.
 * Source: RECORDED answers of real IAM; MODEL for the order of members.
 */

import type { List, Member, Members, Timestamp, Value } from '../aws/query-answer.ts';
import type { Group, PolicyHolder, Role, User } from '../identity/state.ts';
import type { IamCall } from './action.ts';
import { encodedTrust } from './documents.ts';
import type { Tag } from './fields.ts';

export function date(epochMs: number): Timestamp {
  return { epochSeconds: Math.floor(epochMs / 1_000) };
}

export function listOf<Item>(items: Iterable<Item>, shape: (item: Item) => Value): List {
  return { list: [...items].map(shape) };
}

/** Without boundary and tags, as lists and groups show one. */
export function userInList({ path, name, userId, arn, createdMs }: User): Members {
  return [
    ['Path', path],
    ['UserName', name],
    ['UserId', userId],
    ['Arn', arn],
    ['CreateDate', date(createdMs)],
  ];
}

export function userAlone(user: User): Members {
  return [...userInList(user), ...boundaryMember(user), tagMember(user)];
}

export function group({ path, name, groupId, arn, createdMs }: Group): Members {
  return [
    ['Path', path],
    ['GroupName', name],
    ['GroupId', groupId],
    ['Arn', arn],
    ['CreateDate', date(createdMs)],
  ];
}

/** Just made: without its longest session. */
export function roleMade(role: Role, call: IamCall): Members {
  return [...roleBase(role, call), ...boundaryMember(role), tagMember(role)];
}

export function roleInList(role: Role, call: IamCall): Members {
  return [...roleBase(role, call), ['MaxSessionDuration', role.maxSessionDurationSeconds]];
}

export function roleAlone(role: Role, call: IamCall): Members {
  return [...roleInList(role, call), ...boundaryMember(role), tagMember(role), ['RoleLastUsed', []]];
}

function roleBase(role: Role, call: IamCall): Members {
  return [
    ['Path', role.path],
    ['RoleName', role.name],
    ['RoleId', role.roleId],
    ['Arn', role.arn],
    ['CreateDate', date(role.createdMs)],
    ['AssumeRolePolicyDocument', encodedTrust(role, call)],
    ['Description', role.description],
  ];
}

export function boundaryMember({ boundary }: PolicyHolder): Members {
  if (boundary === undefined) return [];
  const members: Members = [
    ['PermissionsBoundaryType', 'Policy'],
    ['PermissionsBoundaryArn', boundary],
  ];
  return [['PermissionsBoundary', members]];
}

/** Left out when there are none. */
export function tagMember({ tags }: { readonly tags: ReadonlyMap<string, string> }): Member {
  return ['Tags', tags.size === 0 ? undefined : tagList(tags)];
}

export function tagList(tags: Iterable<Tag>): List {
  return listOf(tags, ([key, value]) => [
    ['Key', key],
    ['Value', value],
  ]);
}

export function attachedPolicy(arn: string): Members {
  return [
    ['PolicyName', arn.slice(arn.lastIndexOf('/') + 1)],
    ['PolicyArn', arn],
  ];
}
