/**
 * Resource and NotResource: which texts IAM accepts there, and whether one of them covers a resource. Refusals are
 * worded as IAM's were when managed policies were created with each (recorded by the authors of an emulator in 2019);
 * the list of what an IAM resource may begin with has grown since, and so has ours.
 */

import type { PartitionName } from '../../aws/partitions.ts';
import { type ArnPattern, arnCovers } from './arn-pattern.ts';
import { type ContextValues, EMPTY_CONTEXT } from './context.ts';
import { compileGlobTokens, globTokens } from './glob.ts';
import { parseTemplate, resolveTokens, splitArnText, type Template } from './template.ts';

export interface ResourceSet {
  /** NotResource: every other one. */
  readonly negated: boolean;
  /** `*`. */
  readonly everything: boolean;
  /** ARNs without wildcards and variables. */
  readonly exact: ReadonlySet<string>;
  readonly patterns: readonly ArnPattern[];
  /** With variables, which stand behind the fifth colon only. */
  readonly dynamic: readonly DynamicPattern[];
  /** As written. */
  readonly written: readonly string[];
}

interface DynamicPattern {
  readonly fixed: ArnPattern['sections'];
  readonly last: Template;
}

/** `form` is what IAM calls failed legacy parsing, which it reports before anything else. */
export type ResourceProblem =
  | { readonly kind: 'form' }
  | { readonly kind: 'message'; readonly message: string };

export function resourceProblem(
  written: string,
  variables: boolean,
  partition: PartitionName,
): ResourceProblem | undefined {
  if (written === '*') return undefined;
  const sections = splitArnText(written, variables);
  if (sections.length === 1) return refusal(`Resource ${written} must be in ARN format or "*".`);
  const [scheme, named = '', service, region, , resource] = sections;
  if (named !== partition && named !== '*') return refusal(wrongPartition(named, sections));
  if (service === undefined || /[*?]/.test(service)) {
    return refusal('Resource vendor must be fully qualified and cannot contain regexes.');
  }
  if (scheme !== 'arn' || service === '') return { kind: 'form' };
  if (region === undefined) return undefined;
  if (resource === undefined) return { kind: 'form' };
  if (service === 's3' && region !== '') {
    return refusal(`Resource ${written} can not contain region information.`);
  }
  if (service !== 'iam') return undefined;
  if (region !== '') return refusal(`IAM resource ${written} cannot contain region information.`);
  return isIamPath(resource) ? undefined : refusal(IAM_PATH_MESSAGE);
}

/** The texts must be free of problems. */
export function compileResources(
  written: readonly string[],
  negated: boolean,
  variables: boolean,
): ResourceSet {
  const exact = new Set<string>();
  const patterns: ArnPattern[] = [];
  const dynamic: DynamicPattern[] = [];
  for (const text of written) {
    const sections = splitArnText(text, variables);
    const template = parseTemplate(sections[5] ?? '*', variables);
    // A text that ends early stands for all that it could continue with.
    const fixed = [0, 1, 2, 3, 4].map((index) => compileGlobTokens(globTokens(sections[index] ?? '*')));
    if (template.dynamic) {
      dynamic.push({ fixed, last: template });
      continue;
    }
    const last = compileGlobTokens(resolveTokens(template, EMPTY_CONTEXT) ?? []);
    const texts = [...fixed, last].map((glob) => glob.exact);
    if (texts.every((part) => part !== undefined)) exact.add(texts.join(':'));
    else if (text !== '*') patterns.push({ everything: false, sections: [...fixed, last] });
  }
  return { negated, everything: written.includes('*'), exact, patterns, dynamic, written };
}

export function resourceApplies(set: ResourceSet, resource: string, context: ContextValues): boolean {
  if (!set.negated) return isListed(set, resource, context);
  // DOCS: a variable without a value makes the statement void, where "not listed" would read as a yes.
  return (
    set.dynamic.every(({ last }) => resolveTokens(last, context) !== undefined) &&
    !isListed(set, resource, context)
  );
}

function isListed(set: ResourceSet, resource: string, context: ContextValues): boolean {
  if (set.everything || set.exact.has(resource)) return true;
  for (const pattern of set.patterns) if (arnCovers(pattern, resource)) return true;
  for (const { fixed, last } of set.dynamic) {
    const tokens = resolveTokens(last, context);
    if (tokens === undefined) continue;
    const sections = [...fixed, compileGlobTokens(tokens)];
    if (arnCovers({ everything: false, sections }, resource)) return true;
  }
  return false;
}

function refusal(message: string): ResourceProblem {
  return { kind: 'message', message };
}

/** The resource is repeated as IAM understood it: `arn`, then five parts, with a star for each that is missing. */
function wrongPartition(named: string, [, , ...rest]: readonly string[]): string {
  const repeated = ['arn', named, ...[0, 1, 2, 3].map((index) => rest[index] ?? '*')].join(':');
  return `Partition "${named}" is not valid for resource "${repeated}".`;
}

const IAM_PATHS = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
] as const;

const IAM_PATH_MESSAGE = `IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`;

/** What stands before the first wildcard or variable decides; `root` is what AssumeRoot is allowed on. */
function isIamPath(resource: string): boolean {
  const known = resource.split(/[*?]|\$\{/, 1)[0] ?? '';
  if (resource === 'root') return true;
  return IAM_PATHS.some((path) =>
    known.length < resource.length
      ? path.startsWith(known) || known.startsWith(path) || 'root'.startsWith(known)
      : known.startsWith(path),
  );
}
