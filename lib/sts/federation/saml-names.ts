/** Names that SAML 2.0 and AWS's use of it give to things. */

import { type PartitionName, partition as partitionNamed } from '../../aws/partitions.ts';

export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
export const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
export const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
export const NAME_FORMAT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:';

/** DOCS: before the name of every attribute that is meant for AWS, in every partition. */
export const AWS_ATTRIBUTE = 'https://aws.amazon.com/SAML/Attributes/';

/**
 * Host names of a partition's sign-in page, without a Region. DOCS for aws and aws-us-gov, public configurations of
 * others for aws-cn; GUESS for the rest, made from their suffixes.
 */
const SIGN_IN_HOSTS: Readonly<Partial<Record<PartitionName, string>>> = {
  aws: 'signin.aws.amazon.com',
  'aws-cn': 'signin.amazonaws.cn',
  'aws-us-gov': 'signin.amazonaws-us-gov.com',
};

/** Entity ids of AWS as a service provider. DOCS for GovCloud; public configurations of others for China. */
const SERVICE_NAMES: Readonly<Partial<Record<PartitionName, readonly string[]>>> = {
  'aws-cn': ['urn:amazon:webservices:cn-north-1'],
  'aws-us-gov': ['urn:amazon:webservices:govcloud'],
};

/**
 * Whether it is an address of the partition's sign-in page: `https://signin.…/saml`, with the id of a Region of the
 * partition before it, and with `/acs/` and a provider's id behind it, or neither.
 */
export function isSignInUrl(text: string, partition: PartitionName): boolean {
  const [address = '', providerId, more] = text.split('/acs/');
  if (more !== undefined || (providerId !== undefined && !/^[\w-]{1,128}$/.test(providerId))) return false;
  return signInUrls(partition).has(address);
}

/** Whether an assertion with this Audience is meant for AWS. */
export function isAwsAudience(text: string, partition: PartitionName): boolean {
  if (text === 'urn:amazon:webservices' || SERVICE_NAMES[partition]?.includes(text)) return true;
  return isSignInUrl(text, partition);
}

const URLS = new Map<PartitionName, ReadonlySet<string>>();

function signInUrls(name: PartitionName): ReadonlySet<string> {
  const known = URLS.get(name);
  if (known !== undefined) return known;
  const { dnsSuffix, regions } = partitionNamed(name);
  const host = SIGN_IN_HOSTS[name] ?? `signin.${dnsSuffix}`;
  const urls = new Set([`https://${host}/saml`, ...regions.map(({ id }) => `https://${id}.${host}/saml`)]);
  URLS.set(name, urls);
  return urls;
}
