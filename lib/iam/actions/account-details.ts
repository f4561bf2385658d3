/** Everything of an account at once, as auditing tools ask for it. */

import type { Members } from '../../aws/query-answer.ts';
import { awsManagedPolicies, awsManagedPolicy } from '../../identity/aws-managed-policies.ts';
import type { Account, Group, ManagedPolicy, PolicyHolder, Role, User } from '../../identity/state.ts';
import { action, EVERYTHING, type IamAction, type IamCall } from '../action.ts';
import { attachedTo, boundedBy, countOf } from '../attachment.ts';
import { encoded } from '../documents.ts';
import { textList } from '../fields.ts';
import { pageOf } from '../page.ts';
import { awsPolicyFacts, type PolicyFacts, policyShape } from '../policy-shape.ts';
import { PAGING } from '../rules.ts';
import {
  attachedPolicy,
  boundaryMember,
  date,
  group,
  listOf,
  roleMade,
  tagList,
  userInList,
} from '../shapes.ts';

const KINDS = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const;

const getAccountAuthorizationDetails = action({
  name: 'GetAccountAuthorizationDetails',
  fields: { Filter: textList({ values: KINDS }), ...PAGING },
  target: () => EVERYTHING,
  run: ({ Filter = [], ...paging }, call) => {
    const wanted = Filter.length === 0 ? KINDS : KINDS.filter((kind) => Filter.includes(kind));
    const { items, end } = pageOf(
      wanted.flatMap((kind) => DETAILS[kind](call)),
      ({ key }) => key,
      paging,
    );
    const listed = (member: string): Members[number] => [
      member,
      listOf(
        items.filter((item) => item.member === member),
        ({ shape }) => shape,
      ),
    ];
    return [
      listed('UserDetailList'),
      listed('GroupDetailList'),
      listed('RoleDetailList'),
      listed('Policies'),
      ...end,
    ];
  },
});

export const ACCOUNT_DETAILS_ACTIONS: readonly IamAction[] = [getAccountAuthorizationDetails];

interface Detail {
  readonly member: string;
  /** Sorts all of them, kinds apart. */
  readonly key: string;
  readonly shape: Members;
}

const DETAILS: Readonly<Record<(typeof KINDS)[number], (call: IamCall) => readonly Detail[]>> = {
  User: ({ account }) => [...account.users.values()].map(userDetail),
  Group: ({ account }) => [...account.groups.values()].map(groupDetail),
  Role: (call) => [...call.account.roles.values()].map((role) => roleDetail(role, call)),
  LocalManagedPolicy: ({ account }) =>
    [...account.policies.values()].map((policy) => policyDetail(policy, ownVersions(policy), account)),
  // Only those in use are told.
  AWSManagedPolicy: ({ account }) =>
    awsManagedPolicies(account.partition)
      .filter((arn) => countOf(attachedTo(account, arn)) + countOf(boundedBy(account, arn)) > 0)
      .map((arn) => policyDetail(awsPolicyFacts(arn), awsVersions(arn), account)),
};

function userDetail(user: User): Detail {
  return {
    member: 'UserDetailList',
    key: `1 ${user.name}`,
    shape: [
      ...userInList(user),
      ['UserPolicyList', inlineList(user)],
      ['GroupList', listOf(user.groups, (name) => name)],
      ['AttachedManagedPolicies', listOf(user.attachedPolicies, attachedPolicy)],
      ...boundaryMember(user),
      ['Tags', tagList(user.tags)],
    ],
  };
}

function groupDetail(of: Group): Detail {
  return {
    member: 'GroupDetailList',
    key: `2 ${of.name}`,
    shape: [
      ...group(of),
      ['GroupPolicyList', inlineList(of)],
      ['AttachedManagedPolicies', listOf(of.attachedPolicies, attachedPolicy)],
    ],
  };
}

/** RECORDED: without a description, and with empty lists. */
function roleDetail(role: Role, call: IamCall): Detail {
  const base = roleMade(role, call).filter(([name]) => name !== 'Description' && name !== 'Tags');
  return {
    member: 'RoleDetailList',
    key: `3 ${role.name}`,
    shape: [
      ...base,
      ['InstanceProfileList', { list: [] }],
      ['RolePolicyList', inlineList(role)],
      ['AttachedManagedPolicies', listOf(role.attachedPolicies, attachedPolicy)],
      ['Tags', tagList(role.tags)],
      ['RoleLastUsed', []],
    ],
  };
}

function policyDetail(facts: PolicyFacts, versions: readonly Members[], account: Account): Detail {
  return {
    member: 'Policies',
    key: `4 ${facts.arn}`,
    shape: [...policyShape(facts, account), ['PolicyVersionList', { list: versions }]],
  };
}

function ownVersions({ versions, defaultVersion }: ManagedPolicy): readonly Members[] {
  return [...versions].map(([id, { policy, createdMs }]) => [
    ['Document', encoded(policy)],
    ['VersionId', id],
    ['IsDefaultVersion', id === defaultVersion],
    ['CreateDate', date(createdMs)],
  ]);
}

function awsVersions(arn: string): readonly Members[] {
  const known = awsManagedPolicy(arn);
  if (known === undefined) return [];
  return [
    [
      ['Document', encoded(known.policy)],
      ['VersionId', 'v1'],
      ['IsDefaultVersion', true],
      ['CreateDate', date(awsPolicyFacts(arn).createdMs)],
    ],
  ];
}

function inlineList({ inlinePolicies }: PolicyHolder): Members[number][1] {
  return listOf(inlinePolicies, ([name, policy]) => [
    ['PolicyName', name],
    ['PolicyDocument', encoded(policy)],
  ]);
}
