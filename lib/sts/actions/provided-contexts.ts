/** Constraints of ProvidedContexts, which say who stands behind a call. Source: the service model. */

import { checkList, checkText, type ListRule, type TextRule } from '../validation.ts';
import type { Lists } from './parameter-lists.ts';
import { POLICY_ARN } from './rules.ts';

export function checkProvidedContexts(lists: Lists, clauses: string[]): void {
  const contexts = lists.get('ProvidedContexts');
  if (contexts === undefined) return;
  const printed = (): string => contexts.map(() => 'ProvidedContext').join(', ');
  checkList(contexts.length, PROVIDED_CONTEXTS, printed, clauses);
  contexts.forEach((context, index) => {
    const member = `providedContexts.${index + 1}.member`;
    checkText(context.get('ProviderArn'), PROVIDER_ARN, clauses, `${member}.providerArn`);
    checkText(context.get('ContextAssertion'), CONTEXT_ASSERTION, clauses, `${member}.contextAssertion`);
  });
}

const PROVIDED_CONTEXTS: ListRule = { member: 'providedContexts', minimum: 1, maximum: 5 };
const PROVIDER_ARN: TextRule = { ...POLICY_ARN, member: 'providerArn' };
const CONTEXT_ASSERTION: TextRule = { member: 'contextAssertion', minimum: 4, maximum: 2_048 };
