/** Action and NotAction: `service:Name` with wildcards in the name, or `*`; compared without regard to case. */

import { compileGlob, type Glob, globCovers } from './glob.ts';

export interface ActionSet {
  /** NotAction: every other one. */
  readonly negated: boolean;
  /** `*`. */
  readonly everything: boolean;
  /** Names without wildcards, in lower case and, for the common case, as written. */
  readonly exact: ReadonlySet<string>;
  /** Patterns in lower case. */
  readonly patterns: readonly Glob[];
  /** As written. */
  readonly written: readonly string[];
}

/** Recorded from IAM when managed policies were created with each. */
export function actionProblem(written: string): string | undefined {
  if (written === '*') return undefined;
  const [vendor = '', name, ...more] = written.split(':', 3);
  if (name === undefined) {
    return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
  }
  if (more.length > 0) return 'Actions/Condition can contain only one colon.';
  return vendor === '*' || /^[a-zA-Z0-9\-.]*$/.test(vendor) ? undefined : `Vendor ${vendor} is not valid`;
}

/** PROBE: what a trust policy says when it lists anything else. */
export const TRUST_ACTIONS_MESSAGE = 'AssumeRole policy may only specify STS AssumeRole actions.';

const TRUST_ACTIONS = [
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:tagsession',
  'sts:setsourceidentity',
  'sts:setcontext',
] as const;

/** One of STS's actions that lead to a role session, or a pattern that covers one. */
export function isTrustAction(written: string): boolean {
  const glob = compileGlob(written.toLowerCase());
  return TRUST_ACTIONS.some((action) => globCovers(glob, action));
}

export function compileActions(written: readonly string[], negated: boolean): ActionSet {
  const exact = new Set<string>();
  const patterns: Glob[] = [];
  for (const action of written) {
    const lower = action.toLowerCase();
    if (/[*?]/.test(action)) patterns.push(compileGlob(lower));
    else exact.add(lower).add(action);
  }
  return { negated, everything: written.includes('*'), exact, patterns, written };
}

export function actionApplies(set: ActionSet, action: string): boolean {
  return isListed(set, action) !== set.negated;
}

function isListed({ everything, exact, patterns }: ActionSet, action: string): boolean {
  if (everything || exact.has(action)) return true;
  if (exact.size === 0 && patterns.length === 0) return false;
  const lower = action.toLowerCase();
  if (exact.has(lower)) return true;
  for (const pattern of patterns) if (globCovers(pattern, lower)) return true;
  return false;
}
