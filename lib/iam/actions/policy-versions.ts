/** Versions of managed policies: at most five, one of them in force. */

import type { Members } from '../../aws/query-answer.ts';
import {
  type Account,
  type ManagedPolicy,
  type PolicyVersion,
  withEntry,
  withoutEntry,
} from '../../identity/state.ts';
import { action, change, type IamAction } from '../action.ts';
import { type KnownPolicy, policyOf, refuseMalformedArn } from '../attachment.ts';
import { encoded, managedPolicy } from '../documents.ts';
import { accessDenied, deleteConflict, limitExceeded, noSuchEntity } from '../errors.ts';
import { flag } from '../fields.ts';
import { pageOf } from '../page.ts';
import { awsPolicyFacts } from '../policy-shape.ts';
import { QUOTAS } from '../quotas.ts';
import { arn, PAGING, policyDocument, versionId } from '../rules.ts';
import { date, listOf } from '../shapes.ts';

const createPolicyVersion = action({
  name: 'CreatePolicyVersion',
  fields: { PolicyArn: arn, PolicyDocument: policyDocument, SetAsDefault: flag },
  target: ({ PolicyArn }) => ({ arn: PolicyArn }),
  run: ({ PolicyArn, PolicyDocument, SetAsDefault }, call) => {
    refuseMalformedArn(PolicyArn);
    refuseAwsPolicy(call.account, PolicyArn, 'Cannot update policies outside your own account.');
    const version: PolicyVersion = { policy: managedPolicy(PolicyDocument, call), createdMs: call.nowMs };
    let id = '';
    change(call, (account) => {
      const policy = thePolicy(account, PolicyArn);
      if (policy.versions.size >= QUOTAS.versionsPerPolicy) throw limitExceeded(TOO_MANY_VERSIONS);
      // Numbers are not used again, as long as the newest version stands.
      id = `v${Math.max(...[...policy.versions.keys()].map(numberOf)) + 1}`;
      return putPolicy(account, {
        ...policy,
        versions: withEntry(policy.versions, id, version),
        ...(SetAsDefault ? { defaultVersion: id } : {}),
        updatedMs: call.nowMs,
      });
    });
    return [['PolicyVersion', summary(id, SetAsDefault, version.createdMs)]];
  },
});

const getPolicyVersion = action({
  name: 'GetPolicyVersion',
  fields: { PolicyArn: arn, VersionId: versionId },
  target: ({ PolicyArn }) => ({ arn: PolicyArn }),
  run: ({ PolicyArn, VersionId }, { account }) => {
    refuseMalformedArn(PolicyArn);
    const version = versionsOf(policyOf(account, PolicyArn)).find(({ id }) => id === VersionId);
    if (version === undefined) throw noSuchVersion(PolicyArn, VersionId);
    const { id, isDefault, createdMs, policy } = version;
    return [['PolicyVersion', [['Document', encoded(policy)], ...summary(id, isDefault, createdMs)]]];
  },
});

/** RECORDED: the newest first, without documents. */
const listPolicyVersions = action({
  name: 'ListPolicyVersions',
  fields: { PolicyArn: arn, ...PAGING },
  target: ({ PolicyArn }) => ({ arn: PolicyArn }),
  run: ({ PolicyArn, ...paging }, { account }) => {
    refuseMalformedArn(PolicyArn);
    const known = policyOf(account, PolicyArn);
    if (known === undefined) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
    const { items, end } = pageOf(versionsOf(known), ({ id }) => String(NEWEST - numberOf(id)), paging);
    return [
      ['Versions', listOf(items, ({ id, isDefault, createdMs }) => summary(id, isDefault, createdMs))],
      ...end,
    ];
  },
});

const deletePolicyVersion = action({
  name: 'DeletePolicyVersion',
  fields: { PolicyArn: arn, VersionId: versionId },
  target: ({ PolicyArn }) => ({ arn: PolicyArn }),
  run: ({ PolicyArn, VersionId }, call) => {
    refuseMalformedArn(PolicyArn);
    refuseAwsPolicy(
      call.account,
      PolicyArn,
      'Cannot delete policy versions for policies outside your own account.',
    );
    change(call, (account) => {
      const policy = thePolicy(account, PolicyArn);
      if (!policy.versions.has(VersionId)) throw noSuchVersion(PolicyArn, VersionId);
      if (policy.defaultVersion === VersionId) {
        throw deleteConflict('Cannot delete the default version of a policy.');
      }
      return putPolicy(account, { ...policy, versions: withoutEntry(policy.versions, VersionId) });
    });
    return undefined;
  },
});

const setDefaultPolicyVersion = action({
  name: 'SetDefaultPolicyVersion',
  fields: { PolicyArn: arn, VersionId: versionId },
  target: ({ PolicyArn }) => ({ arn: PolicyArn }),
  run: ({ PolicyArn, VersionId }, call) => {
    refuseMalformedArn(PolicyArn);
    refuseAwsPolicy(call.account, PolicyArn, 'Cannot update policies outside your own account.');
    change(call, (account) => {
      const policy = thePolicy(account, PolicyArn);
      if (!policy.versions.has(VersionId)) throw noSuchVersion(PolicyArn, VersionId);
      return putPolicy(account, { ...policy, defaultVersion: VersionId, updatedMs: call.nowMs });
    });
    return undefined;
  },
});

export const POLICY_VERSION_ACTIONS: readonly IamAction[] = [
  createPolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  deletePolicyVersion,
  setDefaultPolicyVersion,
];

const TOO_MANY_VERSIONS =
  'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.';

/** Above every version's number, so that what is left when one is taken away sorts by code units. */
const NEWEST = 9_999_999;

interface KnownVersion extends PolicyVersion {
  readonly id: string;
  readonly isDefault: boolean;
}

function versionsOf(known: KnownPolicy | undefined): readonly KnownVersion[] {
  if (known === undefined) return [];
  if (known.kind === 'aws') {
    return [
      {
        id: 'v1',
        isDefault: true,
        createdMs: awsPolicyFacts(known.arn).createdMs,
        policy: known.text.policy,
      },
    ];
  }
  const { versions, defaultVersion } = known.policy;
  return [...versions].map(([id, version]) => ({ id, isDefault: id === defaultVersion, ...version }));
}

function summary(id: string, isDefault: boolean, createdMs: number): Members {
  return [
    ['VersionId', id],
    ['IsDefaultVersion', isDefault],
    ['CreateDate', date(createdMs)],
  ];
}

function numberOf(id: string): number {
  return Number.parseInt(id.slice(1), 10);
}

function thePolicy(account: Account, policyArn: string): ManagedPolicy {
  const policy = account.policies.get(policyArn);
  if (policy === undefined) throw noSuchEntity(`Policy ${policyArn} was not found.`);
  return policy;
}

function putPolicy(account: Account, policy: ManagedPolicy): Account {
  return { ...account, policies: withEntry(account.policies, policy.arn, policy) };
}

/** RECORDED. */
function refuseAwsPolicy(account: Account, policyArn: string, message: string): void {
  if (policyOf(account, policyArn)?.kind === 'aws') throw accessDenied(message);
}

/** RECORDED: the same when the policy itself is missing. */
function noSuchVersion(policyArn: string, id: string): Error {
  return noSuchEntity(`Policy ${policyArn} version ${id} does not exist or is not attachable.`);
}
