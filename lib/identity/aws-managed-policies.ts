/**
 * The policies that AWS manages, as far as a world needs them: what an administrator holds, a few that people attach
 * when they try something, and the tasks of AssumeRoot. Reduced to their meaning: the real ones list more.
 */

import { PARTITIONS, type PartitionName } from '../aws/partitions.ts';
import { type PolicyText, parsePolicy } from './policy/document.ts';

/** `undefined` for an ARN that is not a policy of AWS known here. */
export function awsManagedPolicy(arn: string): PolicyText | undefined {
  const known = compiled.get(arn);
  if (known !== undefined) return known;
  const match = /^arn:([\w-]+):iam::aws:policy\/(.+)$/.exec(arn);
  const [, partition = '', name = ''] = match ?? [];
  const document = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
  if (document === undefined || !PARTITIONS.some((known) => known.name === partition)) return undefined;
  const policy = parsePolicy(JSON.stringify(document), {
    kind: 'identity',
    partition: partition as PartitionName,
  });
  if ('code' in policy) throw new Error(`a policy of AWS does not parse: ${policy.message}`);
  const text: PolicyText = { name: arn, policy };
  compiled.set(arn, text);
  return text;
}

export function awsManagedPolicyArn(partition: PartitionName, name: string): string {
  return `arn:${partition}:iam::aws:policy/${name}`;
}

/** ARNs of all of them in a partition. */
export function awsManagedPolicies(partition: PartitionName): readonly string[] {
  return Object.keys(DOCUMENTS).map((name) => awsManagedPolicyArn(partition, name));
}

/** Names under `root-task/`, which AssumeRoot takes. Source: the IAM User Guide, privileged tasks on member accounts. */
export const ROOT_TASKS = [
  'IAMAuditRootUserCredentials',
  'IAMCreateRootUserPassword',
  'IAMDeleteRootUserCredentials',
  'S3UnlockBucketPolicy',
  'SQSUnlockQueuePolicy',
] as const;

/** Bounded by the table of documents times eight partitions. */
const compiled = new Map<string, PolicyText>();

const allowing = (actions: string | readonly string[]): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

const DOCUMENTS: Readonly<Record<string, object>> = {
  AdministratorAccess: allowing('*'),
  IAMFullAccess: allowing(['iam:*', 'organizations:DescribeAccount', 'organizations:ListPolicies']),
  IAMReadOnlyAccess: allowing(['iam:Get*', 'iam:List*', 'iam:GenerateServiceLastAccessedDetails']),
  PowerUserAccess: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' }],
  },
  ReadOnlyAccess: allowing([
    '*:Get*',
    'iam:List*',
    'account:List*',
    'sts:GetCallerIdentity',
    's3:List*',
    'ec2:Describe*',
  ]),
  SecurityAudit: allowing(['iam:Get*', 'iam:List*', 'account:Get*', 'account:List*']),
  'root-task/IAMAuditRootUserCredentials': allowing([
    'iam:GetUser',
    'iam:GetAccountSummary',
    'iam:GetLoginProfile',
    'iam:ListAccessKeys',
    'iam:ListMFADevices',
    'iam:ListSigningCertificates',
    'iam:GetAccessKeyLastUsed',
  ]),
  'root-task/IAMCreateRootUserPassword': allowing(['iam:CreateLoginProfile', 'iam:GetLoginProfile']),
  'root-task/IAMDeleteRootUserCredentials': allowing([
    'iam:DeleteAccessKey',
    'iam:DeleteLoginProfile',
    'iam:DeleteSigningCertificate',
    'iam:DeactivateMFADevice',
    'iam:GetLoginProfile',
    'iam:ListAccessKeys',
    'iam:ListMFADevices',
    'iam:ListSigningCertificates',
  ]),
  'root-task/S3UnlockBucketPolicy': allowing([
    's3:DeleteBucketPolicy',
    's3:GetBucketPolicy',
    's3:PutBucketPolicy',
    's3:ListAllMyBuckets',
  ]),
  'root-task/SQSUnlockQueuePolicy': allowing([
    'sqs:GetQueueAttributes',
    'sqs:SetQueueAttributes',
    'sqs:ListQueues',
    'sqs:GetQueueUrl',
  ]),
};
