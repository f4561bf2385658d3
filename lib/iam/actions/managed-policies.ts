/** Managed policies of the account, and those of AWS, which can be read and attached only. */

import type { Members } from '../../aws/query-answer.ts';
import { awsManagedPolicies } from '../../identity/aws-managed-policies.ts';
import { type Account, type ManagedPolicy, withEntry, withoutEntry } from '../../identity/state.ts';
import { action, arnIn, change, EVERYTHING, type IamAction, type IamCall, type Target } from '../action.ts';
import { attachedTo, boundedBy, countOf, policyOf, refuseMalformedArn } from '../attachment.ts';
import { managedPolicy } from '../documents.ts';
import { accessDenied, alreadyExists, deleteConflict, noSuchEntity, quotaExceeded } from '../errors.ts';
import { flag, optionalText, tags } from '../fields.ts';
import { newUniqueId } from '../ids.ts';
import { pageOf } from '../page.ts';
import { awsPolicyFacts, type PolicyFacts, policyShape } from '../policy-shape.ts';
import { QUOTAS } from '../quotas.ts';
import { arn, longName, PAGING, path, policyDescription, policyDocument, policyPath } from '../rules.ts';
import { listOf, tagList, tagMember } from '../shapes.ts';
import { tagActions, withTags } from '../tags.ts';

const createPolicy = action({
  name: 'CreatePolicy',
  fields: {
    PolicyName: longName,
    Path: policyPath,
    PolicyDocument: policyDocument,
    Description: policyDescription,
    Tags: tags,
  },
  target: ({ PolicyName, Path = '/' }, { account }) => ({
    arn: arnIn(account, `policy${Path}${PolicyName}`),
  }),
  run: ({ PolicyName, Path = '/', PolicyDocument, Description, Tags = [] }, call) => {
    const { nowMs } = call;
    const policy: ManagedPolicy = {
      name: PolicyName,
      path: Path,
      arn: arnIn(call.account, `policy${Path}${PolicyName}`),
      policyId: newUniqueId('ANPA', call.random),
      ...(Description === undefined ? {} : { description: Description }),
      versions: new Map([['v1', { policy: managedPolicy(PolicyDocument, call), createdMs: nowMs }]]),
      defaultVersion: 'v1',
      createdMs: nowMs,
      updatedMs: nowMs,
      tags: withTags(new Map(), Tags),
    };
    change(call, (account) => {
      const lower = PolicyName.toLowerCase();
      if ([...account.policies.values()].some(({ name }) => name.toLowerCase() === lower)) {
        throw alreadyExists(`A policy called ${PolicyName} already exists. Duplicate names are not allowed.`);
      }
      if (account.policies.size >= QUOTAS.policies) {
        throw quotaExceeded('PoliciesPerAccount', QUOTAS.policies);
      }
      return { ...account, policies: withEntry(account.policies, policy.arn, policy) };
    });
    return [['Policy', [...policyShape(policy, call.account), tagMember(policy)]]];
  },
});

const getPolicy = action({
  name: 'GetPolicy',
  fields: { PolicyArn: arn },
  target: ({ PolicyArn }, call) => policyTarget(call, PolicyArn),
  run: ({ PolicyArn }, { account }) => {
    refuseMalformedArn(PolicyArn);
    const known = policyOf(account, PolicyArn);
    if (known === undefined) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
    const facts: PolicyFacts = known.kind === 'own' ? known.policy : awsPolicyFacts(known.arn);
    const described: Members = [
      ...policyShape(facts, account),
      ['Description', facts.description],
      ['Tags', tagList(facts.tags)],
    ];
    return [['Policy', described]];
  },
});

const listPolicies = action({
  name: 'ListPolicies',
  fields: {
    Scope: optionalText({ values: ['All', 'AWS', 'Local'] }),
    OnlyAttached: flag,
    PathPrefix: policyPath,
    PolicyUsageFilter: optionalText({ values: ['PermissionsPolicy', 'PermissionsBoundary'] }),
    ...PAGING,
  },
  target: () => EVERYTHING,
  run: ({ Scope = 'All', OnlyAttached, PathPrefix = '/', PolicyUsageFilter, ...paging }, { account }) => {
    const own = Scope === 'AWS' ? [] : [...account.policies.values()];
    const ofAws = Scope === 'Local' ? [] : awsManagedPolicies(account.partition).map(awsPolicyFacts);
    const wanted = [...own, ...ofAws].filter(
      (facts) =>
        facts.path.startsWith(PathPrefix) &&
        (!OnlyAttached || countOf(attachedTo(account, facts.arn)) > 0) &&
        (PolicyUsageFilter !== 'PermissionsBoundary' || countOf(boundedBy(account, facts.arn)) > 0),
    );
    const { items, end } = pageOf(wanted, (facts) => facts.arn, paging);
    return [['Policies', listOf(items, (facts) => policyShape(facts, account))], ...end];
  },
});

const deletePolicy = action({
  name: 'DeletePolicy',
  fields: { PolicyArn: arn },
  target: ({ PolicyArn }, call) => policyTarget(call, PolicyArn),
  run: ({ PolicyArn }, call) => {
    refuseMalformedArn(PolicyArn);
    if (policyOf(call.account, PolicyArn)?.kind === 'aws') {
      throw accessDenied('Cannot delete policies outside your own account.');
    }
    change(call, (account) => {
      const policy = thePolicy(account, PolicyArn);
      if (countOf(attachedTo(account, PolicyArn)) + countOf(boundedBy(account, PolicyArn)) > 0) {
        throw deleteConflict('Cannot delete a policy attached to entities.');
      }
      if (policy.versions.size > 1) {
        // COMMON.
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      }
      return { ...account, policies: withoutEntry(account.policies, PolicyArn) };
    });
    return undefined;
  },
});

const listEntitiesForPolicy = action({
  name: 'ListEntitiesForPolicy',
  fields: {
    PolicyArn: arn,
    EntityFilter: optionalText({
      values: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'],
    }),
    PathPrefix: path,
    PolicyUsageFilter: optionalText({ values: ['PermissionsPolicy', 'PermissionsBoundary'] }),
    ...PAGING,
  },
  target: ({ PolicyArn }, call) => policyTarget(call, PolicyArn),
  run: ({ PolicyArn, EntityFilter, PathPrefix = '/', PolicyUsageFilter, ...paging }, { account }) => {
    if (policyOf(account, PolicyArn) === undefined) {
      throw noSuchEntity(`Policy ${PolicyArn} does not exist or is not attachable.`);
    }
    const uses = [
      ...(PolicyUsageFilter === 'PermissionsBoundary' ? [] : [attachedTo(account, PolicyArn)]),
      ...(PolicyUsageFilter === 'PermissionsPolicy' ? [] : [boundedBy(account, PolicyArn)]),
    ];
    const entities = new Map<string, Entity>();
    for (const { users, groups, roles } of uses) {
      for (const each of groups) entities.set(each.arn, entity('Group', each.name, each.path, each.groupId));
      for (const each of users) entities.set(each.arn, entity('User', each.name, each.path, each.userId));
      for (const each of roles) entities.set(each.arn, entity('Role', each.name, each.path, each.roleId));
    }
    const wanted = [...entities.values()].filter(
      (each) => each.path.startsWith(PathPrefix) && (EntityFilter ?? each.noun) === each.noun,
    );
    const { items, end } = pageOf(wanted, ({ noun, name }) => `${noun} ${name}`, paging);
    const listed = (noun: Entity['noun']): Members[number] => [
      `Policy${noun}s`,
      listOf(
        items.filter((each) => each.noun === noun),
        ({ name, id }) => [
          [`${noun}Name`, name],
          [`${noun}Id`, id],
        ],
      ),
    ];
    return [listed('Group'), listed('User'), listed('Role'), ...end];
  },
});

export const MANAGED_POLICY_ACTIONS: readonly IamAction[] = [
  createPolicy,
  getPolicy,
  listPolicies,
  deletePolicy,
  listEntitiesForPolicy,
  ...tagActions({
    noun: 'Policy',
    parameter: 'PolicyArn',
    id: arn,
    target: policyTarget,
    tagsOf: (account, policyArn) => thePolicy(account, policyArn).tags,
    put: (account, policyArn, tagged) => ({
      ...account,
      policies: withEntry(account.policies, policyArn, { ...thePolicy(account, policyArn), tags: tagged }),
    }),
  }),
];

/** @throws {Refusal} NoSuchEntity. */
function thePolicy(account: Account, policyArn: string): ManagedPolicy {
  const policy = account.policies.get(policyArn);
  if (policy === undefined) throw noSuchEntity(`Policy ${policyArn} was not found.`);
  return policy;
}

function policyTarget({ account }: IamCall, policyArn: string): Target {
  const tagged = account.policies.get(policyArn)?.tags;
  return { arn: policyArn, ...(tagged === undefined ? {} : { tags: tagged }) };
}

interface Entity {
  readonly noun: 'User' | 'Group' | 'Role';
  readonly name: string;
  readonly path: string;
  readonly id: string;
}

function entity(noun: Entity['noun'], name: string, at: string, id: string): Entity {
  return { noun, name, path: at, id };
}
