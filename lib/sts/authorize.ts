/**
 * Asks the policy evaluator whether a caller may do something: puts together what the caller's own policies, the
 * limits of the session, the organization and the resource have to say. For every service that authenticates callers
 * as STS does.
 */

import { type Authorities, authorize, type Decision, explain } from '../identity/policy/authorize.ts';
import { decodedMessage } from '../identity/policy/decoded-message.ts';
import type { PolicyText } from '../identity/policy/document.ts';
import type { PolicyRequest } from '../identity/policy/evaluate.ts';
import { sealMessage } from './authorization-message.ts';
import type { Caller } from './caller.ts';
import { type Asking, type ContextExtras, RequestContext } from './request-context.ts';
import { limitsOf } from './session-policies.ts';

export type { Asking } from './request-context.ts';

export interface Question extends ContextExtras {
  /** `sts:AssumeRole`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** Trust policy of the role that the question is about. */
  readonly resourcePolicy?: PolicyText;
  /** Whether a role's identity policy is enough for it to assume itself. */
  readonly implicitSelfTrust?: boolean;
}

/** The decision without the statements behind it. */
export function authorizeCall(asking: Asking, question: Question): Decision {
  return authorize(authoritiesOf(asking.caller, question), requestOf(asking, question));
}

/** Whether it is allowed, and whether that depends on the request: on anything but caller, action, resource and policies. */
export function mayCall(
  asking: Asking,
  question: Question,
): { readonly allowed: boolean; readonly ofRequest: boolean } {
  const context = new RequestContext(asking, question);
  const request = { ...requestOf(asking, question), context };
  const { allowed } = authorize(authoritiesOf(asking.caller, question), request);
  return { allowed, ofRequest: context.asked };
}

/** The decision with every statement that applied. */
export function explainCall(asking: Asking, question: Question): Decision {
  return explain(authoritiesOf(asking.caller, question), requestOf(asking, question));
}

/**
 * A message about a decision that DecodeAuthorizationMessage explains to whoever may read it in the caller's account.
 * STS itself puts none into its denials.
 *
 * @param tokenKey The partition's key for session tokens.
 * @returns `undefined` when the message would be longer than one may be.
 */
export function encodeDenial(asking: Asking, question: Question, tokenKey: Uint8Array): string | undefined {
  const json = decodedMessage(explainCall(asking, question), requestOf(asking, question));
  return sealMessage(json, tokenKey, asking.caller.principal.account);
}

function requestOf(asking: Asking, question: Question): PolicyRequest {
  return {
    principal: asking.caller.principal,
    action: question.action,
    resource: question.resource,
    context: new RequestContext(asking, question),
  };
}

/** Kept in one shape for the requests that are most frequent: long-term keys, and sessions without limits. */
function authoritiesOf({ own, session, account }: Caller, question: Question): Authorities {
  const { resourcePolicy, resourceAccount, implicitSelfTrust } = question;
  return {
    ...own,
    ...(session === undefined || account === undefined ? undefined : limitsOf(session, account)),
    ...(resourcePolicy === undefined ? undefined : { resource: resourcePolicy }),
    ...(resourceAccount === undefined ? undefined : { resourceAccount }),
    ...(implicitSelfTrust === undefined ? undefined : { implicitSelfTrust }),
  };
}
