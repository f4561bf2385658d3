/**
 * Reads Principal and NotPrincipal. ARNs of users and roles are saved as unique ids at this moment: whoever is made
 * anew under the same name later is somebody else. Everything else stays text.
 */

import type { PartitionName } from '../../aws/partitions.ts';
import type { PrincipalSet } from './principal.ts';

export interface PrincipalContext {
  readonly partition: PartitionName;
  /** Absent: nobody keeps ids, and ARNs of users and roles stay text too. */
  readonly uniqueIdOf?: ((arn: string) => string | undefined) | undefined;
}

export interface PrincipalElement {
  readonly set: PrincipalSet;
  /** ARN as written → unique id it was saved as. */
  readonly savedAs: ReadonlyMap<string, string>;
}

/** A text is the message of a refusal; `undefined`: the element is not of the language at all. */
export function parsePrincipals(
  element: unknown,
  negated: boolean,
  context: PrincipalContext,
): PrincipalElement | string | undefined {
  const listed = listPrincipals(element);
  if (listed === undefined) return undefined;
  const collected = {
    everyone: false,
    accounts: new Set<string>(),
    ids: new Set<string>(),
    arns: new Set<string>(),
    federated: new Set<string>(),
    services: new Set<string>(),
  };
  const savedAs = new Map<string, string>();
  const saved: string[] = [];
  for (const { type, value } of listed) {
    const principal = parsePrincipal(type, value, context);
    if (typeof principal === 'string') return principal;
    saved.push(principal.id);
    if (principal.kind === 'everyone') collected.everyone = true;
    else collected[principal.kind].add(principal.id);
    if (principal.kind === 'ids') savedAs.set(value, principal.id);
  }
  return { set: { negated, saved, ...collected }, savedAs };
}

type PrincipalType = 'AWS' | 'Federated' | 'Service' | 'CanonicalUser';

interface ParsedPrincipal {
  readonly kind: 'everyone' | 'accounts' | 'ids' | 'arns' | 'federated' | 'services';
  readonly id: string;
}

interface ListedPrincipal {
  readonly type: PrincipalType;
  readonly value: string;
}

/** Only `"*"` may stand without a type. Nobody at all is no list. */
function listPrincipals(element: unknown): readonly ListedPrincipal[] | undefined {
  if (element === '*') return [{ type: 'AWS', value: '*' }];
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return undefined;
  const listed: ListedPrincipal[] = [];
  for (const [type, values] of Object.entries(element)) {
    if (type !== 'AWS' && type !== 'Federated' && type !== 'Service' && type !== 'CanonicalUser') {
      return undefined;
    }
    for (const value of Array.isArray(values) ? values : [values]) {
      if (typeof value !== 'string') return undefined;
      listed.push({ type, value });
    }
  }
  return listed.length === 0 ? undefined : listed;
}

function parsePrincipal(
  type: PrincipalType,
  value: string,
  context: PrincipalContext,
): ParsedPrincipal | string {
  switch (type) {
    case 'AWS':
      return parseAws(value, context) ?? invalid('AWS', value);
    case 'Federated':
      return parseFederated(value, context.partition) ?? FEDERATED_MESSAGE;
    case 'Service':
      return value === '*' || SERVICE.test(value)
        ? { kind: 'services', id: value }
        : invalid('SERVICE', value);
    case 'CanonicalUser':
      // Of S3 alone: a role cannot trust one.
      return invalid('CANONICALUSER', value);
  }
}

/** THREAD databrickslabs/ucx issue 2269 for AWS, aws-cloudformation/cfn-lint issue 4287 for an ARN of a wrong form. */
function invalid(type: string, value: string): string {
  return `Invalid principal in policy: "${type}":"${value}"`;
}

/** THREAD: reported by users of Terraform's EKS modules for providers of a wrong form. */
const FEDERATED_MESSAGE = 'Federated principals must be valid domain names or SAML metadata ARNs';

const SERVICE = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}$/i;

function parseAws(value: string, { partition, uniqueIdOf }: PrincipalContext): ParsedPrincipal | undefined {
  if (value === '*') return { kind: 'everyone', id: value };
  if (/^\d{12}$/.test(value)) return { kind: 'accounts', id: value };
  const match = /^arn:([\w-]{1,32}):(iam|sts)::(\d{12}):([^*?]{1,2048})$/.exec(value);
  if (match === null || match[1] !== partition) return undefined;
  const [, , service, account = '', resource = ''] = match;
  if (service === 'sts') return isSessionResource(resource) ? { kind: 'arns', id: value } : undefined;
  if (resource === 'root') return { kind: 'accounts', id: account };
  if (!/^(?:user|role)\/[^:]+$/.test(resource)) return undefined;
  if (uniqueIdOf === undefined) return { kind: 'arns', id: value };
  const id = uniqueIdOf(value);
  return id === undefined ? undefined : { kind: 'ids', id };
}

function isSessionResource(resource: string): boolean {
  return (
    /^assumed-role\/[\w+=,.@-]{1,64}\/[\w+=,.@-]{2,64}$/.test(resource) ||
    /^federated-user\/[\w+=,.@-]{2,32}$/.test(resource)
  );
}

function parseFederated(value: string, partition: PartitionName): ParsedPrincipal | undefined {
  if (value === '*') return { kind: 'federated', id: value };
  const arn = /^arn:([\w-]{1,32}):iam::\d{12}:(?:saml-provider|oidc-provider)\/[^\s*?]{1,2048}$/.exec(value);
  if (arn !== null) return arn[1] === partition ? { kind: 'federated', id: value } : undefined;
  return SERVICE.test(value) ? { kind: 'federated', id: value } : undefined;
}
