/**
 * What happens to a request of the Query protocol before anyone asks who sent it: which action it names, and the odd
 * answers that the front end of STS and IAM gives when it names none. Source: probes of the real regional endpoint in
 * July 2026.
 */

import { parseForm } from '../aws/query-protocol.ts';
import { type HttpRequest, headerOf } from '../aws/sigv4/http-request.ts';
import { type Answer, type AnswerForm, bare, failure } from './answer.ts';
import { invalidAction } from './errors.ts';

export type Dispatched<Action> =
  | { readonly action: Action; readonly parameters: ReadonlyMap<string, string> }
  /** `operation`: the action's name as asked for, for the log; empty when there was none. */
  | { readonly answer: Answer; readonly operation: string };

/**
 * Parameters come from one place only: the body of a form POST, the query of a GET.
 * @param find The action of that name in that version of the API.
 */
export function dispatchQuery<Action>(
  request: HttpRequest,
  form: AnswerForm,
  find: (name: string, version: string | undefined) => Action | undefined,
): Dispatched<Action> {
  if (request.path !== '/') {
    const body = '<UnknownOperationException/>\n';
    return { answer: bare(404, 'UnknownOperationException', { body }), operation: '' };
  }
  if (request.method === 'OPTIONS') return { answer: PREFLIGHT, operation: '' };
  const text = formOf(request);
  if (text === undefined) return { answer: redirect(request), operation: '' };
  const parameters = parseForm(text, MAXIMUM_PARAMETERS);
  if (parameters === undefined) {
    return { answer: bare(400, 'MalformedForm', { anonymous: true }), operation: '' };
  }
  const name = parameters.get('Action');
  if (name === undefined || name === '') return { answer: redirect(request), operation: '' };
  const version = parameters.get('Version');
  const action = find(name, version);
  if (action === undefined) {
    return { answer: failure(invalidAction(name, version), form), operation: name };
  }
  return { action, parameters };
}

/** PROBE: any origin may, for two days. The answers themselves carry no such header. */
const PREFLIGHT = bare(200, '', {
  headers: ['Access-Control-Allow-Origin', '*', 'Access-Control-Max-Age', '172800'],
});

/** Far above what any action can use; keeps a small request from costing much. Real STS takes millions. */
const MAXIMUM_PARAMETERS = 1_000;

function formOf(request: HttpRequest): string | undefined {
  if (request.method === 'GET') return request.query;
  if (request.method !== 'POST') return undefined;
  const type = headerOf(request, 'content-type');
  if (type === undefined || (type !== USUAL_FORM && !FORM.test(type))) return undefined;
  return textOf(request.body);
}

/** A view of the bytes and no copy of them. */
function textOf(body: string | Uint8Array): string {
  if (typeof body === 'string') return body;
  return Buffer.isBuffer(body)
    ? body.toString('utf8')
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

/** As SDKs write it. */
const USUAL_FORM = 'application/x-www-form-urlencoded; charset=utf-8';
const FORM = /^\s*application\/x-www-form-urlencoded\s*(;|$)/i;

function redirect({ method, query }: HttpRequest): Answer {
  const kept = method === 'GET' && query !== '' ? `?${query}` : '';
  return bare(302, 'NoAction', { location: `https://aws.amazon.com/iam${kept}` });
}
