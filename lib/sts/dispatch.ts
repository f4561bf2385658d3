/**
 * What happens to a request before anyone asks who sent it: which action it names, and the odd answers real STS
 * gives when it names none. Source: probes of the real regional endpoint in July 2026.
 */

import { parseForm, STS_VERSION } from '../aws/query-protocol.ts';
import { type HttpRequest, headerOf } from '../aws/sigv4/http-request.ts';
import { ACTIONS, type Action } from './actions/table.ts';
import { type Answer, bare, failure } from './answer.ts';
import { invalidAction } from './errors.ts';

export type Dispatch =
  | { readonly action: Action; readonly parameters: ReadonlyMap<string, string> }
  /** `operation`: the action's name as asked for, for the log; empty when there was none. */
  | { readonly answer: Answer; readonly operation: string };

/** Parameters come from one place only: the body of a form POST, the query of a GET. */
export function dispatch(request: HttpRequest, requestId: string): Dispatch {
  if (request.path !== '/') {
    const body = '<UnknownOperationException/>\n';
    return { answer: bare(404, 'UnknownOperationException', { body }), operation: '' };
  }
  const form = formOf(request);
  if (form === undefined) return { answer: redirect(request), operation: '' };
  const parameters = parseForm(form, MAXIMUM_PARAMETERS);
  if (parameters === undefined) {
    return { answer: bare(400, 'MalformedForm', { anonymous: true }), operation: '' };
  }
  const name = parameters.get('Action');
  if (name === undefined || name === '') return { answer: redirect(request), operation: '' };
  const version = parameters.get('Version');
  const action = ACTIONS.get(name);
  if (action === undefined || version !== STS_VERSION) {
    return { answer: failure(invalidAction(name, version), requestId), operation: name };
  }
  return { action, parameters };
}

/** Far above what any action can use; keeps a small request from costing much. Real STS takes millions. */
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
