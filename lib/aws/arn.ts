/** Amazon Resource Names of IAM and STS, which leave the Region empty. */

import type { PartitionName } from './partitions.ts';

export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  /** Everything after the fifth colon, later colons included: `role/app`. */
  readonly resource: string;
}

/** `undefined` unless the text is `arn:partition:service:region:account:resource` with a partition, service and resource. */
export function parseArn(text: string): Arn | undefined {
  // By hand: a regular expression that takes a text apart costs several times as much, and every AssumeRole has an ARN.
  if (!text.startsWith('arn:')) return undefined;
  const partitionEnd = text.indexOf(':', 4);
  const serviceEnd = text.indexOf(':', partitionEnd + 1);
  const regionEnd = text.indexOf(':', serviceEnd + 1);
  const accountEnd = text.indexOf(':', regionEnd + 1);
  const colons = partitionEnd !== -1 && serviceEnd !== -1 && regionEnd !== -1 && accountEnd !== -1;
  if (!colons || partitionEnd === 4 || serviceEnd === partitionEnd + 1 || accountEnd === text.length - 1) {
    return undefined;
  }
  return {
    partition: text.slice(4, partitionEnd),
    service: text.slice(partitionEnd + 1, serviceEnd),
    region: text.slice(serviceEnd + 1, regionEnd),
    accountId: text.slice(regionEnd + 1, accountEnd),
    resource: text.slice(accountEnd + 1),
  };
}

/** `name` may begin with a path: `service/app`. */
export function roleArn(partition: PartitionName, account: string, name: string): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}

/** `name` may begin with a path: `team/app`. */
export function userArn(partition: PartitionName, account: string, name: string): string {
  return `arn:${partition}:iam::${account}:user/${name}`;
}

/** The ARN of a session. A path in the role's name is dropped, as STS does. */
export function assumedRoleArn(
  partition: PartitionName,
  account: string,
  roleName: string,
  sessionName: string,
): string {
  const name = roleName.slice(roleName.lastIndexOf('/') + 1);
  return `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`;
}

export function rootArn(partition: PartitionName, account: string): string {
  return `arn:${partition}:iam::${account}:root`;
}

/** `url` with or without its `https://`, which the ARN leaves out. */
export function oidcProviderArn(partition: PartitionName, account: string, url: string): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${url.replace(/^https:\/\//, '')}`;
}

export function samlProviderArn(partition: PartitionName, account: string, name: string): string {
  return `arn:${partition}:iam::${account}:saml-provider/${name}`;
}

export function federatedUserArn(partition: PartitionName, account: string, name: string): string {
  return `arn:${partition}:sts::${account}:federated-user/${name}`;
}
