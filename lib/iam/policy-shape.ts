/** How IAM writes a managed policy, its own or one of AWS. */

import type { Members } from '../aws/query-answer.ts';
import type { Account, ManagedPolicy } from '../identity/state.ts';
import { attachedTo, boundedBy, countOf } from './attachment.ts';
import { date } from './shapes.ts';

export type PolicyFacts = Omit<ManagedPolicy, 'versions'>;

/** What every answer about one tells. */
export function policyShape(facts: PolicyFacts, account: Account): Members {
  return [
    ['PolicyName', facts.name],
    ['PolicyId', facts.policyId],
    ['Arn', facts.arn],
    ['Path', facts.path],
    ['DefaultVersionId', facts.defaultVersion],
    ['AttachmentCount', countOf(attachedTo(account, facts.arn))],
    ['PermissionsBoundaryUsageCount', countOf(boundedBy(account, facts.arn))],
    ['IsAttachable', true],
    ['CreateDate', date(facts.createdMs)],
    ['UpdateDate', date(facts.updatedMs)],
  ];
}

/** Ids and dates of the policies of AWS are made up: the real ones look alike, and differ. */
export function awsPolicyFacts(arn: string): PolicyFacts {
  const resource = arn.slice(arn.indexOf(':policy/') + ':policy'.length);
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  return {
    name,
    path: resource.slice(0, resource.length - name.length),
    arn,
    policyId: `ANPA${name.toUpperCase().replace(/[^A-Z]/g, '')}`.padEnd(21, 'A').slice(0, 21),
    defaultVersion: 'v1',
    createdMs: AWS_POLICIES_MS,
    updatedMs: AWS_POLICIES_MS,
    tags: new Map(),
  };
}

const AWS_POLICIES_MS = Date.parse('2015-02-06T18:39:46Z');
