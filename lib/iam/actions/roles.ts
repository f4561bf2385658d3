/** Roles: making, reading, changing, deleting. */

import { type Role, withoutEntry } from '../../identity/state.ts';
import { action, arnIn, change, type IamAction } from '../action.ts';
import { trustPolicy } from '../documents.ts';
import { mustFirst, quotaExceeded } from '../errors.ts';
import { tags } from '../fields.ts';
import { newTarget, ROLES, refuseTaken, targetOf, the } from '../holders.ts';
import { newUniqueId } from '../ids.ts';
import { pageOf } from '../page.ts';
import { QUOTAS } from '../quotas.ts';
import {
  description,
  optionalArn,
  optionalDescription,
  PAGING,
  path,
  pathPrefix,
  policyDocument,
  roleName,
  sessionDuration,
} from '../rules.ts';
import { listOf, roleAlone, roleInList, roleMade } from '../shapes.ts';
import { tagActions, withTags } from '../tags.ts';
import { boundaryOf } from './boundaries.ts';

const USUAL_SESSION_SECONDS = 3_600;

const createRole = action({
  name: 'CreateRole',
  fields: {
    Path: path,
    RoleName: roleName,
    AssumeRolePolicyDocument: policyDocument,
    Description: optionalDescription,
    MaxSessionDuration: sessionDuration,
    PermissionsBoundary: optionalArn,
    Tags: tags,
  },
  target: ({ RoleName, Path }, { account }) => newTarget(ROLES, account, RoleName, Path),
  run: (input, call) => {
    const { RoleName, Path = '/', Description, PermissionsBoundary, Tags = [] } = input;
    const role: Role = {
      ...newTarget(ROLES, call.account, RoleName, Path),
      name: RoleName,
      path: Path,
      roleId: newUniqueId('AROA', call.random),
      createdMs: call.nowMs,
      inlinePolicies: new Map(),
      attachedPolicies: [],
      ...(PermissionsBoundary === undefined ? {} : { boundary: boundaryOf(call, PermissionsBoundary) }),
      tags: withTags(new Map(), Tags),
      ...(Description === undefined ? {} : { description: Description }),
      trust: trustPolicy(input.AssumeRolePolicyDocument, call),
      maxSessionDurationSeconds: input.MaxSessionDuration ?? USUAL_SESSION_SECONDS,
    };
    change(call, (account) => {
      refuseTaken(ROLES, account, RoleName);
      if (account.roles.size >= QUOTAS.roles) throw quotaExceeded('RolesPerAccount', QUOTAS.roles);
      return ROLES.put(account, role);
    });
    return [['Role', roleMade(role, call)]];
  },
});

const getRole = action({
  name: 'GetRole',
  fields: { RoleName: roleName },
  target: ({ RoleName }, call) => targetOf(ROLES, call, RoleName),
  run: ({ RoleName }, call) => [['Role', roleAlone(the(ROLES, call.account, RoleName), call)]],
});

const listRoles = action({
  name: 'ListRoles',
  fields: { PathPrefix: pathPrefix, ...PAGING },
  target: ({ PathPrefix = '/' }, { account }) => ({ arn: arnIn(account, `role${PathPrefix}`) }),
  run: ({ PathPrefix = '/', ...paging }, call) => {
    const roles = [...call.account.roles.values()].filter((role) => role.path.startsWith(PathPrefix));
    const { items, end } = pageOf(roles, ({ name }) => name, paging);
    return [['Roles', listOf(items, (role) => roleInList(role, call))], ...end];
  },
});

const updateRole = action({
  name: 'UpdateRole',
  fields: { RoleName: roleName, Description: optionalDescription, MaxSessionDuration: sessionDuration },
  target: ({ RoleName }, call) => targetOf(ROLES, call, RoleName),
  run: ({ RoleName, Description, MaxSessionDuration }, call) => {
    change(call, (account) =>
      ROLES.put(account, {
        ...the(ROLES, account, RoleName),
        ...(Description === undefined ? {} : { description: Description }),
        ...(MaxSessionDuration === undefined ? {} : { maxSessionDurationSeconds: MaxSessionDuration }),
      }),
    );
    return [];
  },
});

const updateRoleDescription = action({
  name: 'UpdateRoleDescription',
  fields: { RoleName: roleName, Description: description },
  target: ({ RoleName }, call) => targetOf(ROLES, call, RoleName),
  run: ({ RoleName, Description }, call) => {
    const role = { ...the(ROLES, call.account, RoleName), description: Description };
    change(call, (account) => ROLES.put(account, role));
    return [['Role', roleMade(role, call)]];
  },
});

/** Sessions go on: they are bound to the role, not to who may assume it. */
const updateAssumeRolePolicy = action({
  name: 'UpdateAssumeRolePolicy',
  fields: { RoleName: roleName, PolicyDocument: policyDocument },
  target: ({ RoleName }, call) => targetOf(ROLES, call, RoleName),
  run: ({ RoleName, PolicyDocument }, call) => {
    change(call, (account) => {
      const role = the(ROLES, account, RoleName);
      return ROLES.put(account, { ...role, trust: trustPolicy(PolicyDocument, call) });
    });
    return undefined;
  },
});

const deleteRole = action({
  name: 'DeleteRole',
  fields: { RoleName: roleName },
  target: ({ RoleName }, call) => targetOf(ROLES, call, RoleName),
  run: ({ RoleName }, call) => {
    change(call, (account) => {
      const role = the(ROLES, account, RoleName);
      if (role.attachedPolicies.length > 0) throw mustFirst('detach all policies');
      if (role.inlinePolicies.size > 0) throw mustFirst('delete policies');
      return { ...account, roles: withoutEntry(account.roles, RoleName) };
    });
    return undefined;
  },
});

/** There are no instance profiles here; Terraform asks before it deletes a role. */
const listInstanceProfilesForRole = action({
  name: 'ListInstanceProfilesForRole',
  fields: { RoleName: roleName, ...PAGING },
  target: ({ RoleName }, call) => targetOf(ROLES, call, RoleName),
  run: ({ RoleName }, { account }) => {
    the(ROLES, account, RoleName);
    return [
      ['InstanceProfiles', { list: [] }],
      ['IsTruncated', false],
    ];
  },
});

export const ROLE_ACTIONS: readonly IamAction[] = [
  createRole,
  getRole,
  listRoles,
  updateRole,
  updateRoleDescription,
  updateAssumeRolePolicy,
  deleteRole,
  listInstanceProfilesForRole,
  ...tagActions({
    noun: 'Role',
    parameter: 'RoleName',
    id: roleName,
    target: (call, name) => targetOf(ROLES, call, name),
    tagsOf: (account, name) => the(ROLES, account, name).tags,
    put: (account, name, tagged) => ROLES.put(account, { ...the(ROLES, account, name), tags: tagged }),
  }),
];
