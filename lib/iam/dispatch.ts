/**
 * What happens to a request before anyone asks who sent it. As in STS, whose front end IAM shares: the odd answers are
 * those recorded there.
 */

import type { Era } from '../aws/eras.ts';
import { parseForm } from '../aws/query-protocol.ts';
import { type HttpRequest, headerOf } from '../aws/sigv4/http-request.ts';
import { type Answer, type AnswerForm, bare, failure } from '../sts/answer.ts';
import { invalidAction } from '../sts/errors.ts';
import type { IamAction } from './action.ts';
import { ACTIONS } from './actions/table.ts';

export const IAM_VERSION = '2010-05-08';

export type Dispatch =
  | { readonly action: IamAction; readonly parameters: ReadonlyMap<string, string> }
  /** `operation`: as asked for, for the log; empty when there was none. */
  | { readonly answer: Answer; readonly operation: string };

export function dispatch(request: HttpRequest, form: AnswerForm, era: Era): Dispatch {
  if (request.path !== '/') {
    const body = '<UnknownOperationException/>\n';
    return { answer: bare(404, 'UnknownOperationException', { body }), operation: '' };
  }
  const text = formOf(request);
  if (text === undefined) return { answer: redirect(request), operation: '' };
  const parameters = parseForm(text, MAXIMUM_PARAMETERS);
  if (parameters === undefined) {
    return { answer: bare(400, 'MalformedForm', { anonymous: true }), operation: '' };
  }
  const name = parameters.get('Action');
  if (name === undefined || name === '') return { answer: redirect(request), operation: '' };
  const version = parameters.get('Version');
  const action = ACTIONS.get(name);
  if (action === undefined || version !== IAM_VERSION || action.existsIn?.(era) === false) {
    return { answer: failure(invalidAction(name, version), form), operation: name };
  }
  return { action, parameters };
}

/** Far above what any action can use; keeps a small request from costing much. */
const MAXIMUM_PARAMETERS = 1_000;

function formOf(request: HttpRequest): string | undefined {
  if (request.method === 'GET') return request.query;
  if (request.method !== 'POST') return undefined;
  const type = headerOf(request, 'content-type');
  if (type === undefined || !FORM.test(type)) return undefined;
  return typeof request.body === 'string' ? request.body : Buffer.from(request.body).toString('utf8');
}

const FORM = /^\s*application\/x-www-form-urlencoded\s*(;|$)/i;

function redirect({ method, query }: HttpRequest): Answer {
  const kept = method === 'GET' && query !== '' ? `?${query}` : '';
  return bare(302, 'NoAction', { location: `https://aws.amazon.com/iam${kept}` });
}
